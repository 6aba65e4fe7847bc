package plan

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"regatta/model/redact"
	"regatta/model/ref"
	"regatta/model/text"
)

// Decode reads a plan file. Every error is a *FileError: a file is read whole
// and as it was written, or not at all. A file without a checksum was written
// by hand; it has to be consistent, and Check compares it with the registry.
func Decode(data []byte) (Plan, error) {
	if err := checkVersion(data); err != nil {
		return Plan{}, err
	}
	var w wirePlan
	dec := json.NewDecoder(bytes.NewReader(data))
	dec.DisallowUnknownFields()
	if err := dec.Decode(&w); err != nil {
		return Plan{}, malformed(err)
	}
	if _, err := dec.Token(); !errors.Is(err, io.EOF) {
		return Plan{}, &FileError{Problem: Malformed, Text: "something follows the plan"}
	}
	if err := w.checkSum(); err != nil {
		return Plan{}, err
	}
	p, err := w.plan()
	if err != nil {
		return Plan{}, err
	}
	return p, p.consistent()
}

// checkVersion looks at the version alone, so that a newer file is called that
// whatever else it says.
func checkVersion(data []byte) error {
	var head struct {
		Version *int `json:"version"`
	}
	err := json.NewDecoder(bytes.NewReader(data)).Decode(&head)
	switch {
	case err != nil:
		return malformed(err)
	case head.Version == nil || *head.Version < 1:
		return &FileError{Problem: Malformed, Text: "there is no version: this is not a plan"}
	case *head.Version > Version:
		return &FileError{Problem: NewerVersion, Text: fmt.Sprintf(
			"it is of version %d, this program reads version %d: update the program", *head.Version, Version)}
	}
	return nil
}

func malformed(err error) error {
	why := redact.Line(strings.TrimPrefix(err.Error(), "json: "))
	switch {
	case errors.Is(err, io.ErrUnexpectedEOF), errors.Is(err, io.EOF):
		return &FileError{Problem: Truncated, Text: "it ends before the plan does"}
	case strings.HasPrefix(why, "unknown field"):
		return &FileError{Problem: UnknownField, Text: why}
	}
	return &FileError{Problem: Malformed, Text: "not a plan: " + why}
}

func (w wirePlan) checkSum() error {
	if w.Checksum == "" {
		return nil
	}
	sum, err := w.checksum()
	if err != nil || sum != w.Checksum {
		return &FileError{Problem: Edited, Text: "it was edited since it was written: make a new plan"}
	}
	return nil
}

func (w wirePlan) plan() (Plan, error) {
	p := Plan{
		Registry: w.Registry, Repository: w.Repository, Local: text.Clean(w.Local), CreatedAt: w.CreatedAt, Kept: w.Kept,
		ReclaimedBytes: w.ReclaimedBytes, Estimated: w.Estimated, InRegistry: w.InRegistry,
		Risks: w.Risks, Lost: w.Lost, Untried: w.Untried, Notes: w.Notes,
	}
	if w.Saves != nil {
		p.Price = w.Saves.Price.Clean()
	}
	for i, s := range w.Steps {
		step, err := s.step()
		if err != nil {
			return Plan{}, &FileError{Problem: Malformed, Step: i + 1, Text: err.Error()}
		}
		p.Steps = append(p.Steps, step)
	}
	p.clean()
	return p, nil
}

// clean makes the sentences of a file, which is foreign text, safe to show.
func (p Plan) clean() {
	if p.InRegistry != nil {
		p.InRegistry.Reason = text.Clean(p.InRegistry.Reason)
	}
	for i := range p.Kept {
		p.Kept[i].Reason = text.Clean(p.Kept[i].Reason)
	}
	for i := range p.Lost {
		p.Lost[i].Reason = text.Clean(p.Lost[i].Reason)
	}
	for i := range p.Risks {
		p.Risks[i].Reason = text.Clean(p.Risks[i].Reason)
	}
	for i := range p.Notes {
		p.Notes[i] = text.Clean(p.Notes[i])
	}
}

// clean makes what a file says of a deployment safe to show.
func (r *Rollout) clean() *Rollout {
	if r == nil {
		return nil
	}
	return &Rollout{Service: text.Clean(r.Service), Was: ref.Digest(text.Clean(string(r.Was))), Over: text.Clean(r.Over)}
}

func (s wireStep) step() (Step, error) {
	out := Step{
		Kind: s.Kind, Digest: s.Digest, Expect: s.Expect, Reason: text.Clean(s.Reason),
		ReclaimedBytes: s.ReclaimedBytes, Tags: s.Tags, Manifest: s.Manifest, Collateral: s.Collateral, After: s.After,
		Size: s.SizeBytes, Rollout: s.Rollout.clean(), Unchecked: s.Unchecked,
	}
	var err error
	if out.Reference, err = ref.ParseRepository(s.Reference); err != nil {
		return out, err
	}
	if s.From != "" {
		out.From, err = ref.ParseRepository(s.From)
	}
	return out, err
}

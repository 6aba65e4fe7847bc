package plan

import (
	"encoding/json"
	"time"

	"regatta/model/cost"
	"regatta/model/ref"
)

// Version is the version of the plan file that this program writes.
const Version = 1

type wirePlan struct {
	Version        int         `json:"version"`
	Registry       string      `json:"registry"`
	Repository     string      `json:"repository"`
	Local          string      `json:"local,omitempty"`
	CreatedAt      time.Time   `json:"createdAt"`
	Steps          []wireStep  `json:"steps"`
	Kept           []Kept      `json:"kept"`
	ReclaimedBytes int64       `json:"reclaimedBytes"`
	Estimated      bool        `json:"estimated,omitempty"`
	InRegistry     *InRegistry `json:"inRegistry,omitempty"`
	Saves          *wireSaves  `json:"savesPerMonth,omitempty"`
	Risks          []Risk      `json:"risks,omitempty"`
	Lost           []Lost      `json:"lost,omitempty"`
	Untried        bool        `json:"untried,omitempty"`
	Notes          []string    `json:"notes,omitempty"`
	Checksum       string      `json:"checksum,omitempty"`
}

// wireSaves is the price that storage has, and what the bytes come to.
type wireSaves struct {
	Amount  float64    `json:"amount"`
	AtMost  bool       `json:"atMost"`
	AtLeast bool       `json:"atLeast,omitempty"`
	Price   cost.Price `json:"pricePerGB"`
}

type wireStep struct {
	Kind           Kind       `json:"kind"`
	Reference      string     `json:"reference"`
	Digest         ref.Digest `json:"digest"`
	Expect         Expect     `json:"expect"`
	Reason         string     `json:"reason"`
	ReclaimedBytes int64      `json:"reclaimedBytes"`
	Tags           []string   `json:"tags,omitempty"`
	From           string     `json:"from,omitempty"`
	SizeBytes      int64      `json:"sizeBytes,omitempty"`
	Manifest       *Manifest  `json:"manifest,omitempty"`
	Rollout        *Rollout   `json:"rollout,omitempty"`
	Collateral     bool       `json:"collateral,omitempty"`
	Unchecked      bool       `json:"unchecked,omitempty"`
	After          []int      `json:"after,omitempty"`
}

// MarshalJSON writes the plan as its file has it, with the checksum.
func (p Plan) MarshalJSON() ([]byte, error) {
	w := p.wire()
	sum, err := w.checksum()
	if err != nil {
		return nil, err
	}
	w.Checksum = sum
	return json.Marshal(w)
}

// UnmarshalJSON reads what MarshalJSON wrote, as Decode does.
func (p *Plan) UnmarshalJSON(data []byte) error {
	read, err := Decode(data)
	if err == nil {
		*p = read
	}
	return err
}

// Encode is the plan file: indented JSON that ends in a line break.
func Encode(p Plan) ([]byte, error) {
	raw, err := json.MarshalIndent(p, "", "  ")
	return append(raw, '\n'), err
}

// checksum is the digest of the compact JSON of everything else.
func (w wirePlan) checksum() (string, error) {
	w.Checksum = ""
	raw, err := json.Marshal(w)
	return string(ref.DigestOf(raw)), err
}

func (p Plan) wire() wirePlan {
	w := wirePlan{
		Version: Version, Registry: p.Registry, Repository: p.Repository, Local: p.Local, CreatedAt: p.CreatedAt.UTC(),
		Steps: make([]wireStep, len(p.Steps)), Kept: make([]Kept, len(p.Kept)),
		ReclaimedBytes: p.ReclaimedBytes, Estimated: p.Estimated, InRegistry: p.InRegistry, Risks: p.Risks, Notes: p.Notes,
		Untried: p.Untried,
	}
	if m, ok := p.Saves(); ok {
		w.Saves = &wireSaves{m.Rounded(), m.AtMost, m.AtLeast, p.Price}
	}
	for i, s := range p.Steps {
		w.Steps[i] = s.wire()
	}
	for i, k := range p.Kept {
		k.Tags = listed(k.Tags)
		w.Kept[i] = k
	}
	for _, l := range p.Lost {
		l.Tags = listed(l.Tags)
		w.Lost = append(w.Lost, l)
	}
	return w
}

func (s Step) wire() wireStep {
	w := wireStep{
		Kind: s.Kind, Reference: s.Reference.String(), Digest: s.Digest, Expect: s.Expect, Reason: s.Reason,
		ReclaimedBytes: s.ReclaimedBytes, Tags: s.Tags, Manifest: s.Manifest, Collateral: s.Collateral, After: s.After,
		SizeBytes: s.Size, Rollout: s.Rollout, Unchecked: s.Unchecked,
	}
	if s.From != (ref.Reference{}) {
		w.From = s.From.String()
	}
	return w
}

// listed is tags as a JSON list, also where there are none.
func listed(tags []string) []string {
	if tags == nil {
		return []string{}
	}
	return tags
}

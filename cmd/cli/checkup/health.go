package checkup

import (
	"io"

	"regatta/cmd/cli/output/null"

	"regatta/cmd/app/doctor"
	"regatta/cmd/cli/output"
	"regatta/model/health"
	"regatta/model/ref"
	"regatta/model/text"
)

// HealthJSON is the document of doctor about a repository.
type HealthJSON struct {
	Repository string              `json:"repository"`
	Checks     []checkJSON         `json:"checks"`
	Findings   []healthFindingJSON `json:"findings"`
}

type healthFindingJSON struct {
	Kind    health.Kind  `json:"kind"`
	Digest  ref.Digest   `json:"digest"`
	Tags    []string     `json:"tags"`
	Missing []ref.Digest `json:"missing"`
	Message string       `json:"message"`
	Advice  *string      `json:"advice"`

	name string
}

func (doc *HealthJSON) check(name string, f doctor.Finding) {
	all := doctorJSON{Checks: doc.Checks}
	all.add(name, f)
	doc.Checks = all.Checks
}

// describe adds every finding.
func (w *ward) describe(doc *HealthJSON) {
	for _, f := range w.findings {
		doc.Findings = append(doc.Findings, healthFindingJSON{
			Kind: f.Kind, Digest: f.Digest, Tags: output.List(f.Tags), Missing: output.List(f.About), Message: f.Text,
			Advice: null.Of(text.Clean(w.of.Advice(f))), name: f.Name(),
		})
	}
}

func (doc *HealthJSON) write(w io.Writer) {
	checks := doctorJSON{Checks: doc.Checks}
	checks.write(w)
	if len(doc.Findings) == 0 {
		return
	}
	g := output.Grid{Header: []string{"\nFINDING", "MANIFEST", "WHAT"}}
	for _, f := range doc.Findings {
		g.Add(string(f.Kind), f.name, f.Message)
	}
	g.Write(w)
}

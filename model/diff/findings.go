package diff

import (
	"strings"

	"regatta/model/finding"
)

// Findings are those of scans that come and go.
type Findings struct {
	From, To finding.Report
	New      []finding.Finding // that only the second has
	Gone     []finding.Finding // that only the first has
}

// Known reports whether both were scanned: else nothing can be said.
func (f Findings) Known() bool { return f.From.Scanned() && f.To.Scanned() }

// CompareFindings says which findings come and go. One of the same name in the
// same package is the same, whatever the versions.
func CompareFindings(a, b finding.Report) Findings {
	out := Findings{From: a, To: b}
	if out.Known() {
		out.Gone, out.New = without(a.Findings, b.Findings), without(b.Findings, a.Findings)
	}
	return out
}

func without(all, others []finding.Finding) []finding.Finding {
	has := map[string]bool{}
	for _, f := range others {
		has[identity(f)] = true
	}
	var out []finding.Finding
	for _, f := range all {
		if !has[identity(f)] {
			out = append(out, f)
		}
	}
	return out
}

func identity(f finding.Finding) string {
	id := []string{f.Name}
	for _, p := range f.Packages {
		id = append(id, p.Name)
	}
	return strings.Join(id, "\x00")
}

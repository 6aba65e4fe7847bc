package cli

import (
	"strconv"

	scan "regatta/model/finding"
	"regatta/model/text"
)

type findingsJSON struct {
	State       string         `json:"state"`
	Reason      *string        `json:"reason"`
	CompletedAt *string        `json:"completedAt"`
	Counts      map[string]int `json:"counts"`
	Findings    []findingJSON  `json:"findings"`
}

type findingJSON struct {
	Name        string        `json:"name"`
	Severity    string        `json:"severity"`
	Score       *float64      `json:"score"`
	Packages    []packageJSON `json:"packages"`
	Description *string       `json:"description"`
	URI         *string       `json:"uri"`
}

type packageJSON struct {
	Name    string  `json:"name"`
	Version *string `json:"version"`
	FixedIn *string `json:"fixedIn"`
	Path    *string `json:"path"`
}

// findingsDoc is null where images are not scanned, or the registry would not
// say.
func findingsDoc(r *scan.Report) *findingsJSON {
	if r == nil {
		return nil
	}
	return &findingsJSON{
		State: string(r.State), Reason: orNull(r.Reason), CompletedAt: timeOrNull(r.Completed),
		Counts: countsDoc(r.Counts), Findings: findingDocs(r.Findings),
	}
}

func findingDocs(all []scan.Finding) []findingJSON {
	out := []findingJSON{}
	for _, f := range all {
		one := findingJSON{
			Name: f.Name, Severity: f.Severity.String(), Packages: []packageJSON{}, Description: orNull(f.Description),
			URI: orNull(f.URI),
		}
		if f.Score > 0 {
			one.Score = &f.Score
		}
		for _, p := range f.Packages {
			one.Packages = append(one.Packages, packageJSON{p.Name, orNull(p.Version), orNull(p.Fixed), orNull(p.Path)})
		}
		out = append(out, one)
	}
	return out
}

func countsDoc(c scan.Counts) map[string]int {
	out := map[string]int{}
	for _, s := range scan.Severities() {
		out[s.String()] = c[s]
	}
	return out
}

// writeFindings prints what the scan has found, or why there is nothing to say.
func (in inspected) writeFindings(s *sheet) {
	r := in.Findings
	if r == nil {
		return
	}
	s.section("FINDINGS")
	if !r.Scanned() {
		s.line("  " + text.Clean(r.Missing()+" "+r.Reason))
		return
	}
	s.line("  " + r.Counts.String() + ", scanned " + text.Stamp(r.Completed) + " UTC")
	g := grid{header: make([]string, 5)}
	addFindings(&g, "  ", r.Findings)
	if len(g.rows) > 0 {
		g.write(s.w)
	}
}

// addFindings adds a row of five cells for each, after a margin.
func addFindings(g *grid, margin string, all []scan.Finding) {
	for _, f := range all {
		var p scan.Package
		if len(f.Packages) > 0 {
			p = f.Packages[0]
		}
		fixed, score := "", ""
		if p.Fixed != "" {
			fixed = "fixed in " + p.Fixed
		}
		if f.Score > 0 {
			score = strconv.FormatFloat(f.Score, 'f', 1, 64)
		}
		g.add(margin+f.Severity.String(), f.Name, score, p.Name+" "+p.Version, fixed)
	}
}

package contents

import (
	"strconv"

	"regatta/cmd/cli/output/null"

	"regatta/cmd/cli/output"
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
		State: string(r.State), Reason: null.Of(r.Reason), CompletedAt: null.Time(r.Completed),
		Counts: CountsDoc(r.Counts), Findings: findingDocs(r.Findings),
	}
}

func findingDocs(all []scan.Finding) []findingJSON {
	out := []findingJSON{}
	for _, f := range all {
		one := findingJSON{
			Name: f.Name, Severity: f.Severity.String(), Packages: []packageJSON{}, Description: null.Of(f.Description),
			URI: null.Of(f.URI),
		}
		if f.Score > 0 {
			one.Score = &f.Score
		}
		for _, p := range f.Packages {
			one.Packages = append(one.Packages, packageJSON{p.Name, null.Of(p.Version), null.Of(p.Fixed), null.Of(p.Path)})
		}
		out = append(out, one)
	}
	return out
}

// CountsDoc is how many findings there are of each severity.
func CountsDoc(c scan.Counts) map[string]int {
	out := map[string]int{}
	for _, s := range scan.Severities() {
		out[s.String()] = c[s]
	}
	return out
}

// writeFindings prints what the scan has found, or why there is nothing to say.
func (in Inspected) writeFindings(s *output.Sheet) {
	r := in.Findings
	if r == nil {
		return
	}
	s.Section("FINDINGS")
	if !r.Scanned() {
		s.Line("  " + text.Clean(r.Missing()+" "+r.Reason))
		return
	}
	s.Line("  " + r.Counts.String() + ", scanned " + text.Stamp(r.Completed) + " UTC")
	g := output.Grid{Header: make([]string, 5)}
	addFindings(&g, "  ", r.Findings)
	if g.Some() {
		s.Grid(&g)
	}
}

// addFindings adds a row of five cells for each, after a margin.
func addFindings(g *output.Grid, margin string, all []scan.Finding) {
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
		g.Add(margin+f.Severity.String(), f.Name, score, p.Name+" "+p.Version, fixed)
	}
}

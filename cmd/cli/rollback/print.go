package rollback

import (
	"cmp"
	"fmt"
	"io"
	"strings"
	"time"

	"regatta/cmd/cli/browse"
	"regatta/cmd/cli/contents"
	"regatta/cmd/cli/output/null"

	"regatta/cmd/app/inside"
	rollbacks "regatta/cmd/app/rollback"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/model/text"
)

type rollbackJSON struct {
	Tags []lapseJSON `json:"tags"`
	Plan plan.Plan   `json:"plan"`
}

type lapseJSON struct {
	Reference  string           `json:"reference"`
	Current    ref.Digest       `json:"current"`
	Target     candidateJSON    `json:"target"`
	Candidates []candidateJSON  `json:"candidates"`
	History    []entryJSON      `json:"history"`
	Difference *differenceJSON  `json:"difference"`
	Checks     []rollback.Check `json:"checks"`
}

type candidateJSON struct {
	Digest ref.Digest `json:"digest"`
	Tags   []string   `json:"tags"`
	Reason string     `json:"reason"`
	Bad    bool       `json:"bad"`

	Time      *string               `json:"time"`
	Size      *int64                `json:"sizeBytes"`
	Platforms []browse.PlatformJSON `json:"platforms"`
	Revision  *string               `json:"revision"`
	Findings  map[string]int        `json:"findings"`
	Signature *string               `json:"signature"`
}

type entryJSON struct {
	Digest ref.Digest `json:"digest"`
	Since  *string    `json:"since"`
	Until  *string    `json:"until"`
	Began  bool       `json:"sinceExact"`
	Ended  bool       `json:"untilExact"`
	Source string     `json:"source"`
	Text   string     `json:"text"`
}

// printRollback prints what was found and what would be done.
func printRollback(c *propose.Proposal, all []*rollbacks.Case, differ apart, p plan.Plan) error {
	doc := rollbackJSON{Plan: p, Tags: []lapseJSON{}}
	for _, l := range all {
		doc.Tags = append(doc.Tags, lapseDoc(l, differ[l]))
	}
	return c.Streams.Print(c.Options.Output, output.Result{JSON: doc, Text: writeLapses(all, differ, p, c.App.Now())})
}

func lapseDoc(l *rollbacks.Case, differs *inside.Comparison) lapseJSON {
	out := lapseJSON{
		Reference: l.Facts.Tag.String(), Current: l.Facts.Current, Target: candidateDoc(l, l.Target),
		Candidates: []candidateJSON{}, History: []entryJSON{}, Checks: l.Checks,
		Difference: differenceOf(differs),
	}
	for _, one := range l.Candidates {
		out.Candidates = append(out.Candidates, candidateDoc(l, one))
	}
	for _, e := range l.History {
		out.History = append(out.History, entryJSON{
			e.Digest, null.Time(e.Since), null.Time(e.Until), e.Began, e.Ended, string(e.Source), text.Clean(e.Text),
		})
	}
	return out
}

func candidateDoc(l *rollbacks.Case, one rollback.Candidate) candidateJSON {
	p := l.Told(one)
	out := candidateJSON{
		Digest: one.Digest, Tags: output.List(one.Tags), Reason: text.Clean(one.Reason), Bad: one.Bad,
		Time: null.Time(p.Time), Revision: null.Of(p.Revision), Signature: null.Of(string(p.Signature)),
	}
	if p.Size > 0 {
		out.Size = &p.Size
	}
	if len(p.Platforms) > 0 || p.Read {
		out.Platforms = browse.PlatformDocs(p.Platforms)
	}
	if p.Findings != nil {
		out.Findings = contents.CountsDoc(*p.Findings)
	}
	return out
}

// mostCandidates is how many are shown to people.
const mostCandidates = 8

func writeLapses(all []*rollbacks.Case, differ apart, p plan.Plan, now time.Time) func(io.Writer) {
	return func(w io.Writer) {
		for _, l := range all {
			writeLapse(w, l, differ[l], now)
		}
		propose.PlanWriter(p)(w)
	}
}

func writeLapse(w io.Writer, l *rollbacks.Case, differs *inside.Comparison, now time.Time) {
	fmt.Fprintf(w, "%s points to %s", l.Facts.Tag, l.Facts.Current.Short())
	if e := l.History; len(e) > 0 && e[0].Digest == l.Facts.Current && now.Sub(e[0].Since) >= time.Second {
		fmt.Fprintf(w, ", since %s ago at least", text.Age(e[0].Since, now))
	}
	fmt.Fprint(w, "\n\n")
	g := output.Grid{Header: []string{
		"", "CANDIDATE", "TAGS", "AGE", "SIZE", "PLATFORMS", "COMMIT", "FINDINGS", "SIGNED", "WHY",
	}}
	for i, one := range l.Candidates {
		if i == mostCandidates {
			break
		}
		mark := ""
		if one.Digest == l.Target.Digest {
			mark = "→"
		}
		g.Add(rowOf(l, mark, one, now)...)
	}
	if len(l.Candidates) == 0 {
		g.Add(rowOf(l, "→", l.Target, now)...)
	}
	g.Write(w)
	if more := len(l.Candidates) - mostCandidates; more > 0 {
		fmt.Fprintf(w, "and %d more\n", more)
	}
	writePast(w, l)
	fmt.Fprintln(w)
	for _, said := range rollbacks.Differences(differs) {
		fmt.Fprintf(w, "differs, %s\n", text.Clean(said))
	}
	checks := output.Grid{Header: []string{"CHECK", "", "FOUND"}}
	for _, c := range l.Checks {
		checks.Add(c.Name, string(c.Level), c.Text)
	}
	checks.Write(w)
	fmt.Fprintln(w)
}

// mostPast is how much of what a tag pointed to is printed.
const mostPast = 6

// writePast is what the tag pointed to, and how that is known.
func writePast(w io.Writer, l *rollbacks.Case) {
	if len(l.History) == 0 {
		return
	}
	fmt.Fprintln(w)
	g := output.Grid{Header: []string{"POINTED TO", "SINCE", "UNTIL", "SOURCE", "HOW SURE"}}
	for _, e := range l.History[:min(len(l.History), mostPast)] {
		since, until := e.When()
		g.Add(e.Digest.Short(), since, until, string(e.Source), text.Clean(e.Certainty()+": "+e.Text))
	}
	g.Write(w)
	if more := len(l.History) - mostPast; more > 0 {
		fmt.Fprintf(w, "and %d more\n", more)
	}
}

// rowOf is a candidate for people; a dot stands for what is not known.
func rowOf(l *rollbacks.Case, mark string, one rollback.Candidate, now time.Time) []string {
	p := l.Told(one)
	unless := func(known bool, s string) string {
		switch {
		case known:
			return s
		case p.Read:
			return "–"
		}
		return "·"
	}
	findings := "·"
	if p.Findings != nil {
		findings = cmp.Or(p.Findings.Short(), "none")
	}
	return []string{
		mark, one.Digest.Short(), strings.Join(one.Tags, ", "), unless(!p.Time.IsZero(), text.Age(p.Time, now)),
		unless(p.Size > 0, text.Bytes(p.Size)), unless(p.Where() != "", p.Where()), unless(p.Revision != "", p.Commit()),
		findings, cmp.Or(string(p.Signature), "·"), one.Reason,
	}
}

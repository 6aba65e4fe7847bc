package cmd

import (
	"fmt"
	"io"
	"strings"
	"time"

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
func (c *change) printRollback(all []*lapse, p plan.Plan) error {
	doc := rollbackJSON{Plan: p, Tags: []lapseJSON{}}
	for _, l := range all {
		doc.Tags = append(doc.Tags, l.json())
	}
	return c.streams.print(c.o.output, result{json: doc, text: writeLapses(all, p, c.now())})
}

func (l *lapse) json() lapseJSON {
	out := lapseJSON{
		Reference: l.facts.Tag.String(), Current: l.facts.Current, Target: candidateOf(l.target),
		Candidates: []candidateJSON{}, History: []entryJSON{}, Checks: l.checks,
		Difference: differenceOf(l.difference),
	}
	for _, one := range l.candidates {
		out.Candidates = append(out.Candidates, candidateOf(one))
	}
	for _, e := range l.history {
		out.History = append(out.History, entryJSON{
			e.Digest, timeOrNull(e.Since), timeOrNull(e.Until), e.Began, e.Ended, string(e.Source), text.Clean(e.Text),
		})
	}
	return out
}

func candidateOf(one rollback.Candidate) candidateJSON {
	return candidateJSON{one.Digest, list(one.Tags), text.Clean(one.Reason), one.Bad}
}

// mostCandidates is how many are shown to people.
const mostCandidates = 8

func writeLapses(all []*lapse, p plan.Plan, now time.Time) func(io.Writer) {
	return func(w io.Writer) {
		for _, l := range all {
			writeLapse(w, l, now)
		}
		planWriter(p)(w)
	}
}

func writeLapse(w io.Writer, l *lapse, now time.Time) {
	fmt.Fprintf(w, "%s points to %s", l.facts.Tag, l.facts.Current.Short())
	if e := l.history; len(e) > 0 && e[0].Digest == l.facts.Current && now.Sub(e[0].Since) >= time.Second {
		fmt.Fprintf(w, ", since %s ago at least", text.Age(e[0].Since, now))
	}
	fmt.Fprint(w, "\n\n")
	g := grid{header: []string{"", "CANDIDATE", "TAGS", "WHY"}}
	for i, one := range l.candidates {
		if i == mostCandidates {
			break
		}
		mark := ""
		if one.Digest == l.target.Digest {
			mark = "→"
		}
		g.add(mark, one.Digest.Short(), strings.Join(one.Tags, ", "), one.Reason)
	}
	if len(l.candidates) == 0 {
		g.add("→", l.target.Digest.Short(), "", l.target.Reason)
	}
	g.write(w)
	if more := len(l.candidates) - mostCandidates; more > 0 {
		fmt.Fprintf(w, "and %d more\n", more)
	}
	fmt.Fprintln(w)
	for _, said := range differences(l.difference) {
		fmt.Fprintf(w, "differs, %s\n", text.Clean(said))
	}
	checks := grid{header: []string{"CHECK", "", "FOUND"}}
	for _, c := range l.checks {
		checks.add(c.Name, string(c.Level), c.Text)
	}
	checks.write(w)
	fmt.Fprintln(w)
}

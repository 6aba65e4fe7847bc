package cmd

import (
	"fmt"
	"io"

	"regatta/model/cost"
	"regatta/model/text"
)

type severalJSON struct {
	Repositories []severalOneJSON  `json:"repositories"`
	Summary      severalTotalsJSON `json:"summary"`
}

// severalOneJSON is a repository, or why nothing is known of it.
type severalOneJSON struct {
	Name    string       `json:"name"`
	Error   *string      `json:"error"`
	Preview *previewJSON `json:"preview"`
}

type severalTotalsJSON struct {
	previewSummaryJSON

	Repositories int `json:"repositories"`
	Failed       int `json:"failed"`

	mixed bool // there are several currencies
}

func severalResult(all []*preview) result {
	doc := severalJSON{Repositories: []severalOneJSON{}, Summary: totalsOf(all)}
	for _, p := range all {
		one := severalOneJSON{Name: p.name}
		if p.err != nil {
			one.Error = orNull(text.Clean(p.err.Error()))
		} else {
			found := p.json()
			one.Preview = &found
		}
		doc.Repositories = append(doc.Repositories, one)
	}
	return result{json: doc, text: func(w io.Writer) { writeSeveral(w, all, doc.Summary) }}
}

func totalsOf(all []*preview) severalTotalsJSON {
	out := severalTotalsJSON{Repositories: len(all)}
	for _, p := range all {
		if p.err != nil {
			out.Failed++
			continue
		}
		out.Expire += p.sum.Expire
		out.Transition += p.sum.Transition
		out.Keep += p.sum.Keep
		out.ReclaimedBytes += p.sum.ReclaimedBytes
		out.InUse += p.usedAndGone()
		out.add(p.saves())
	}
	return out
}

// add takes in what a repository saves. Amounts in several currencies have no
// sum.
func (t *severalTotalsJSON) add(m cost.Money, known bool) {
	switch {
	case !known || t.mixed:
		return
	case t.SavesPerMonth == nil:
		t.SavesPerMonth = &m
	case t.SavesPerMonth.Currency != m.Currency:
		t.SavesPerMonth, t.mixed = nil, true
	default:
		sum := t.SavesPerMonth.Plus(m)
		t.SavesPerMonth = &sum
	}
}

// saves are the savings in words.
func (t *severalTotalsJSON) saves() string {
	if t.SavesPerMonth == nil {
		return ""
	}
	return saves(*t.SavesPerMonth, true)
}

// writeSeveral prints a line for every repository, then each in detail.
func writeSeveral(w io.Writer, all []*preview, sum severalTotalsJSON) {
	g := grid{header: []string{"REPOSITORY", "EXPIRE", "TRANSITION", "KEEP", "BYTES", "IN USE", "ERROR"}}
	for _, p := range all {
		if p.err != nil {
			g.add(p.name, "!", "!", "!", "!", "!", p.err.Error())
			continue
		}
		g.add(p.name, text.Count(p.sum.Expire), text.Count(p.sum.Transition), text.Count(p.sum.Keep),
			text.Bytes(p.sum.ReclaimedBytes), text.Count(p.usedAndGone()), "")
	}
	g.write(w)
	fmt.Fprintf(w, "\n%s: expire %s, transition %s, keep %s; %s come back%s\n",
		text.Plural(sum.Repositories, "repository", "repositories"), text.Count(sum.Expire), text.Count(sum.Transition),
		text.Count(sum.Keep), text.Bytes(sum.ReclaimedBytes), sum.saves())
	for _, p := range all {
		if p.err == nil {
			fmt.Fprintf(w, "\n%s\n", text.Clean(p.name))
			p.write(w)
		}
	}
}

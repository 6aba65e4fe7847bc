package retention

import (
	"fmt"
	"io"

	"regatta/cmd/cli/output/null"

	"regatta/cmd/app/retention"
	"regatta/cmd/cli/output"
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
}

func severalResult(all []retention.Tried) output.Result {
	doc := severalJSON{Repositories: []severalOneJSON{}, Summary: totalsOf(retention.TotalsOf(all))}
	for _, tried := range all {
		one := severalOneJSON{Name: tried.Name}
		if tried.Err != nil {
			one.Error = null.Of(text.Clean(tried.Err.Error()))
		} else {
			found := preview{tried.Preview}.json()
			one.Preview = &found
		}
		doc.Repositories = append(doc.Repositories, one)
	}
	return output.Result{JSON: doc, Text: func(w io.Writer) { writeSeveral(w, all, doc.Summary) }}
}

func totalsOf(t retention.Totals) severalTotalsJSON {
	return severalTotalsJSON{
		previewSummaryJSON{t.Expire, t.Transition, t.Keep, t.ReclaimedBytes, t.InUse, t.Saves}, t.Repositories, t.Failed,
	}
}

// saves are the savings in words.
func (t *severalTotalsJSON) saves() string {
	if t.SavesPerMonth == nil {
		return ""
	}
	return output.Saves(*t.SavesPerMonth, true)
}

// writeSeveral prints a line for every repository, then each in detail.
func writeSeveral(w io.Writer, all []retention.Tried, total severalTotalsJSON) {
	g := output.Grid{Header: []string{"REPOSITORY", "EXPIRE", "TRANSITION", "KEEP", "BYTES", "IN USE", "ERROR"}}
	for _, one := range all {
		if one.Err != nil {
			g.Add(one.Name, "!", "!", "!", "!", "!", one.Err.Error())
			continue
		}
		sum := one.Preview.Summary
		g.Add(one.Name, text.Count(sum.Expire), text.Count(sum.Transition), text.Count(sum.Keep),
			text.Bytes(sum.ReclaimedBytes), text.Count(one.Preview.InUse()), "")
	}
	g.Write(w)
	fmt.Fprintf(w, "\n%s: expire %s, transition %s, keep %s; %s come back%s\n",
		text.Plural(total.Repositories, "repository", "repositories"), text.Count(total.Expire), text.Count(total.Transition),
		text.Count(total.Keep), text.Bytes(total.ReclaimedBytes), total.saves())
	for _, one := range all {
		if one.Err == nil {
			fmt.Fprintf(w, "\n%s\n", text.Clean(one.Name))
			preview{one.Preview}.write(w)
		}
	}
}

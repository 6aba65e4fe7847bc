package retention

import (
	"cmp"
	"fmt"
	"io"
	"slices"
	"strings"

	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/model/cleanup"
	"regatta/model/plan"
	"regatta/model/text"
)

// pruneWriter prints every image with what becomes of it and why, what to mind,
// and the totals.
func pruneWriter(p plan.Plan, found *cleanup.Selection) func(io.Writer) {
	return func(w io.Writer) {
		propose.WriteLost(w, p)
		g := output.Grid{Header: []string{"OUTCOME", "TAGS", "DIGEST", "SIZE", "AGE", "REASON"}}
		for _, i := range newestStock(found) {
			img, v := &found.Stock.Images[i], found.Verdicts[i]
			tags := strings.Join(slices.Concat(img.Tags, img.Marks), ", ")
			g.Add(v.Outcome.String(), cmp.Or(tags, "<untagged>"), img.Digest.Short(), text.Bytes(img.Size),
				text.Age(img.Time, found.At), v.Reason())
		}
		g.Write(w)
		propose.WriteMind(w, p)
		sum := found.Summarize()
		first := "mark " + text.Count(sum.Mark)
		if found.Stock.Archives {
			first = "archive " + text.Count(sum.Archive)
		}
		fmt.Fprintf(w, "\nremove %s, %s, keep %s; %s\n", text.Count(sum.Remove), first,
			text.Count(sum.Keep), propose.ComesBack(p))
	}
}

// newestStock is the order in which to print: what goes first, then the newest
// first. Images without a time are last.
func newestStock(found *cleanup.Selection) []int {
	order := make([]int, len(found.Verdicts))
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Or(
			cmp.Compare(found.Verdicts[b].Outcome, found.Verdicts[a].Outcome),
			found.Stock.Images[b].Time.Compare(found.Stock.Images[a].Time),
		)
	})
	return order
}

package retention

import (
	"context"
	"fmt"

	"regatta/cmd/app"
	"regatta/model/cleanup"
	"regatta/model/ref"
	"regatta/model/text"
)

// Cleanup is a repository as rules look at it.
type Cleanup struct {
	Stock *cleanup.Stock
	InUse cleanup.InUse // stays, whatever the rules say
	Notes []string      // what the verdicts rest on, in a few words
}

// CleanupOf is a repository, as it was read, as rules look at it, with what runs its
// images.
func CleanupOf(ctx context.Context, a *app.App, r ref.Reference, c *Content) (Cleanup, error) {
	uses, err := a.Uses(ctx, r.Host)
	if err != nil {
		return Cleanup{}, err
	}
	stock := c.Stock()
	return Cleanup{
		Stock: stock, InUse: cleanup.Running(uses.Uses(r.Host, r.Repository)),
		Notes: append(restsOn(madeOf(stock), len(c.Unread)), uses.Gaps()...),
	}, nil
}

// KeepList reads the file of what rules keep of a repository.
func KeepList(ctx context.Context, path string, repository ref.Reference) (cleanup.KeepList, error) {
	raw, err := app.ReadFile(ctx, path)
	if err != nil {
		return cleanup.KeepList{}, fmt.Errorf("read the keep list: %w", err)
	}
	list, err := cleanup.ParseKeepList(string(raw), repository)
	if err != nil {
		return list, app.Mistake(fmt.Errorf("the keep list %s: %w", text.Clean(path), err))
	}
	return list, nil
}

// Changed says, where what goes is not what was shown, how it has changed; nothing
// otherwise.
func Changed(shown, found *cleanup.Selection) []string {
	before, now := shown.Summarize(), found.Summarize()
	if before == now {
		return nil
	}
	return []string{"the repository has changed: " + text.Count(before.Remove) + " were to be removed and " +
		text.Count(before.Keep) + " kept, now it is " + text.Count(now.Remove) + " and " + text.Count(now.Keep)}
}

// CleanupRemarks say on what the result of rules rests, a sentence each.
func CleanupRemarks(found *cleanup.Selection, rules cleanup.Rules) []string {
	var out []string
	made := madeOf(found.Stock)
	byTime := rules.OlderThan > 0 || rules.NotPulled > 0 || rules.Last != nil && rules.Last.By == cleanup.ByPushed
	if made > 0 && byTime {
		out = append(out, "the registry does not tell when images were pushed: "+
			text.Plural(made, "image counts", "images count")+" from when they were made")
	}
	if n := rules.Keep.Elsewhere; n > 0 {
		out = append(out, "the keep list names "+text.Plural(n, "image", "images")+" of other repositories")
	}
	for _, entry := range found.Idle() {
		out = append(out, "nothing is kept by the keep list, "+text.Clean(entry))
	}
	return out
}

// madeOf counts the images of which only is known when they were made.
func madeOf(stock *cleanup.Stock) (n int) {
	for i := range stock.Images {
		if stock.Images[i].Made {
			n++
		}
	}
	return n
}

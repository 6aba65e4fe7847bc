package oci

import (
	"regatta/model/fault"
	"regatta/model/text"
	"regatta/registry/listing"
)

// What is accepted of an answer, in bytes.
const (
	maxManifest = 4 << 20  // the least that registries must take (distribution-spec, Pushing Manifests)
	maxConfig   = 16 << 20 // configs with thousands of steps and labels have 1 MB
	maxPage     = 8 << 20  // 60,000 of the longest tags
	maxRefusal  = 64 << 10 // of which a sentence is shown
	maxProblems = 8        // in one refusal
)

// What is accepted of a list.
const (
	// maxNames are the tags or repositories of one list: more than any registry was
	// seen to have, and as many as fit into memory as rows (some 400 MB).
	maxNames = 200_000
	// maxPages ends a list of short pages: a registry that filters what it lists
	// may give few names a page.
	maxPages = 20_000
	// maxEmpty are pages without a name in a row, which filters make too.
	maxEmpty = 100
	// maxReferrers are those of one manifest, maxReferrerPages what they may come on.
	maxReferrers     = 2000
	maxReferrerPages = 50
)

// What is read of an index.
const (
	maxChildren = 256 // of an index that are read
	maxDepth    = 3   // of indexes inside indexes
)

// count takes in that a page had the names got and that next comes after it, ""
// for none. It is an error where the list is longer than it may be: what was
// listed until then is good, and not all.
func (c *Client) count(r request, at cursor, got []string, next string) (string, error) {
	after, ok := parseCursor(next)
	if ok {
		after = c.advance(r, at, got, after)
	}
	if why := at.endless(len(got), after, ok); why != "" {
		c.listed.End(listing.Reading{ID: after.id, List: r.path})
		return "", r.cut(why)
	}
	if !ok {
		c.listed.End(listing.Reading{ID: at.id, List: r.path})
		return next, nil
	}
	return after.String(), nil
}

// advance is the cursor after, as it is once the page at has brought its names.
func (c *Client) advance(r request, at cursor, got []string, after cursor) cursor {
	if after.id = at.id; after.id == 0 {
		after.id = listing.NewID()
	}
	after.names = at.names + len(got)
	fresh := c.listed.Fresh(listing.Reading{ID: after.id, List: r.path}, max(1, at.page), got)
	switch {
	case len(got) == 0:
		after.empty = at.empty + 1
	case !fresh:
		after.empty, after.stale = 0, at.stale+1
	default:
		after.empty, after.stale = 0, 0
	}
	return after
}

// endless is why a list is given up after a page of so many names, "" if it is not.
func (c cursor) endless(got int, after cursor, more bool) string {
	const all = ", which is all that is listed at once"
	names := c.names + got
	switch {
	case names > maxNames || names == maxNames && more:
		return "there are more than " + text.Count(maxNames) + " names" + all
	case !more:
		return ""
	case after.empty >= maxEmpty:
		return text.Plural(after.empty, "page", "pages") + " in a row had no name in them"
	case after.stale >= listing.MaxStale:
		return text.Plural(after.stale, "page", "pages") + " in a row had only names that were listed before"
	case after.page > maxPages:
		return "there are more than " + text.Count(maxPages) + " pages" + all
	}
	return ""
}

// room is how many of got names the list still takes.
func (c cursor) room(got int) int { return min(got, max(0, maxNames-c.names)) }

// cut is a list that is given up. It says so in its kind: what is missing from
// such a list may be there.
func (r request) cut(why string) error {
	f := failure(r, fault.TooLarge, "the list is cut: "+why)
	f.Advice = "what you know by name can be opened by it; repositories can be pinned in the config"
	return f
}

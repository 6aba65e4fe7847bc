package oci

import (
	"regatta/model/fault"
	"regatta/model/text"
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

// count takes in that the page at had got names and that next comes after it, ""
// for none. It is an error where the list is longer than it may be: what was
// listed until then is good, and not all.
func (r request) count(at cursor, got int, next string) (string, error) {
	const all = ", which is all that is listed at once"
	if names := at.names + got; names > maxNames || names == maxNames && next != "" {
		return "", r.cut("there are more than " + text.Count(maxNames) + " names" + all)
	}
	after, ok := parseCursor(next)
	if !ok {
		return next, nil
	}
	after.names = at.names + got
	if after.empty = at.empty + 1; got > 0 {
		after.empty = 0
	}
	switch {
	case after.empty >= maxEmpty:
		return "", r.cut(text.Plural(after.empty, "page", "pages") + " in a row had no name in them")
	case after.page > maxPages:
		return "", r.cut("there are more than " + text.Count(maxPages) + " pages" + all)
	}
	return after.String(), nil
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

package rollback

import (
	"cmp"
	"slices"

	"regatta/model/order"
	"regatta/model/ref"
)

// Goal is a tag that is to go back.
type Goal struct {
	Tag  ref.Reference
	From ref.Digest // what it pointed to when To was chosen
	To   Candidate
}

// Best is the candidate that a tag goes back to where nobody has chosen: the
// first that was not rolled back from.
func Best(all []Candidate) (Candidate, bool) {
	for _, one := range all {
		if !one.Bad {
			return one, true
		}
	}
	return Candidate{}, false
}

// Beside is the candidate of the version that another tag goes back to, where both
// point to the same version now: the repositories of one release go back to one
// release. Now are the tags of what this one points to; other and its now are
// those of the other.
func Beside(now []string, all []Candidate, other Candidate, otherNow []string) (Candidate, bool) {
	if !sameVersion(now, otherNow) {
		return Candidate{}, false
	}
	for _, one := range all {
		if !one.Bad && sameVersion(one.Tags, other.Tags) {
			return one, true
		}
	}
	return Candidate{}, false
}

// sameVersion reports whether the highest versions are one: v1 and v1.3 are those
// of many.
func sameVersion(a, b []string) bool {
	return order.Best(a).Class() == order.Version && len(b) > 0 && newest(a) == newest(b)
}

// Names are the tags of an image other than the one that goes back, as far as
// they are known, the highest version first.
func (f Facts) Names(d ref.Digest) []string { return f.others(f.tags()[d]) }

func (f Facts) others(tags []string) []string {
	out := slices.DeleteFunc(slices.Clone(tags), func(t string) bool { return t == f.Tag.Tag })
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(order.Of(b), order.Of(a)) })
	return out
}

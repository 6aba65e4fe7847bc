package plan

import (
	"slices"

	"regatta/model/image"
	"regatta/model/ref"
)

// judge finds out what of a manifest the registry does not have. That is no obstacle:
// some registries take what is not whole, others refuse it, and only trying tells.
func (u *undoing) judge(at Place, m image.Manifest) {
	for _, d := range m.Blobs() {
		gap, certain := u.blobGap(Place{Repository: at.Repository, Digest: d.Digest}, d)
		u.hollow[at] = u.hollow[at] || certain
		u.gap(at, gap)
	}
	for _, c := range m.Children {
		if c.Digest == "" {
			continue
		}
		child := Place{Repository: at.Repository, Digest: c.Digest}
		gap, certain := u.childGap(child)
		u.gap(at, gap)
		u.hollow[at] = u.hollow[at] || certain
	}
}

// childGap is what is wrong with what an index lists, empty where it is there, or comes
// back. It is certain where it is known to be gone, or not whole.
func (u *undoing) childGap(at Place) (gap string, certain bool) {
	lists := "it lists " + at.Digest.Short()
	switch {
	case u.puts[at] == nil && !u.has(at.Digest) && u.absent(Ask{Place: at, Whole: !u.ahead}):
		return lists + ", which is not there whole", true
	case u.puts[at] == nil && !u.has(at.Digest) && u.ran.Unknown[Ask{Place: at, Whole: !u.ahead}]:
		return lists + ", which was not asked for", false
	case u.obstacle(at) != "":
		return lists + ", which cannot be put back", true
	case u.gaps[at] != "":
		return lists + ", which may not come back", u.hollow[at]
	}
	return "", false
}

// gap notes the first thing that is not there of a manifest.
func (u *undoing) gap(at Place, what string) {
	if u.gaps[at] == "" && what != "" {
		u.gaps[at] = what
	}
}

// tagged is what is not there of a manifest that a tag goes back to, whether it has to be
// pushed or is there: to set a tag is to push, and registries look at all of it then.
func (u *undoing) tagged(at Place) string {
	if u.obstacle(at) != "" || u.puts[at] != nil {
		return u.gaps[at]
	}
	switch m, why := u.kept.recall(at.Digest); {
	case why == "":
		u.bare = append(u.bare, at)
		u.judge(at, m)
	case u.ran.Unknown[Ask{Place: at}]:
		u.gap(at, "the registry was not asked whether it still has it")
	}
	return u.gaps[at]
}

// short says of a manifest what is not there of it. Content that has gone since the run was
// planned is lost, also where a registry takes the manifest without it. What lacked it
// before goes back as it was, and only trying tells whether the registry takes it.
func (u *undoing) short(at Place, tags []string, pulled, refused string) {
	if u.gone(at) {
		u.lose(at.Digest, tags, u.gaps[at]+pulled)
		return
	}
	u.doubt(at.Digest, tags, u.gaps[at]+refused)
}

// gone reports whether a manifest has lost content since the run was planned.
func (u *undoing) gone(at Place) bool {
	return u.hollow[at] && !u.ahead && !u.ran.Plan.lacking(at.Digest)
}

// lacking reports whether it was known when the plan was made that a manifest is not whole.
func (p Plan) lacking(d ref.Digest) bool {
	return slices.ContainsFunc(p.Lost, func(l Lost) bool { return l.Maybe && l.Digest == d })
}

// doubt says of something that it is tried, and may not come back.
func (u *undoing) doubt(d ref.Digest, tags []string, reason string) {
	u.plan.Lost = append(u.plan.Lost, Lost{Digest: d, Tags: tags, Reason: reason, Maybe: true})
}

// has reports whether a manifest could be put back.
func (u *undoing) has(d ref.Digest) bool {
	_, why := u.kept.recall(d)
	return why == ""
}

// absent reports whether a repository is known not to have content, and notes
// the question where nobody knows.
func (u *undoing) absent(a Ask) bool {
	there, ok := u.seen[a.Place]
	if !ok {
		u.ask(a)
	}
	return ok && !there
}

// ask notes a question, unless it was asked in vain.
func (u *undoing) ask(a Ask) {
	if !u.ran.Unknown[a] {
		u.asks[a] = true
	}
}

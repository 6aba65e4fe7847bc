package plan

import (
	"cmp"
	"slices"

	"regatta/model/ref"
)

// doomed is a manifest that a plan deletes.
type doomed struct {
	digest     ref.Digest
	tags       []string // all that it has
	reason     string
	collateral bool
	children   []ref.Digest
	subjects   []ref.Digest // manifests that it describes or stands beside
}

// remove makes the steps that delete manifests. Indexes go before their
// children, as registries refuse to delete a child that an index lists, and so
// that no index is ever left without one. Subjects go before their referrers
// and signatures, so that nothing that is still there has lost its signature;
// a registry that takes referrers along has then done these steps already.
func (v View) remove(all []doomed) []Step {
	slices.SortFunc(all, func(a, b doomed) int {
		return cmp.Or(cmp.Compare(a.rank(), b.rank()), slices.Compare(a.tags, b.tags), cmp.Compare(a.digest, b.digest))
	})
	at := make(map[ref.Digest]int, len(all))
	for i, d := range all {
		at[d.digest] = i
	}
	hard, soft := make([][]int, len(all)), make([][]int, len(all))
	for i, d := range all {
		for _, c := range d.children {
			if to, ok := at[c]; ok && to != i {
				hard[i] = append(hard[i], to)
			}
		}
		for _, s := range d.subjects {
			if from, ok := at[s]; ok && from != i {
				soft[from] = append(soft[from], i)
			}
		}
	}
	order, after := arrange(len(all), hard, soft)
	var steps []Step
	deletes := make([]int, len(order)) // where the delete of each position is
	for pos, i := range order {
		waits := make([]int, len(after[pos]))
		for k, w := range after[pos] {
			waits[k] = deletes[w]
		}
		steps = v.removeOne(steps, all[i], waits)
		deletes[pos] = len(steps) - 1
	}
	return steps
}

// rank puts what was asked for and is tagged first.
func (d doomed) rank() int {
	switch {
	case d.collateral:
		return 2
	case len(d.tags) == 0:
		return 1
	}
	return 0
}

// removeOne appends the delete, and before it the tags where the registry wants
// these gone first.
func (v View) removeOne(steps []Step, d doomed, waits []int) []Step {
	del := Step{
		Kind: Delete, Reference: v.digest(d.digest), Digest: d.digest, Expect: Expect{Digest: d.digest},
		Reason: d.reason, Collateral: d.collateral, After: waits,
	}
	if !v.Can.tagsFirst() {
		if del.Tags = d.tags; len(d.tags) > 0 {
			del.Expect.Tag = d.tags[0]
		}
		return append(steps, settled(del))
	}
	before := slices.Clone(waits)
	for _, t := range d.tags {
		del.After = append(del.After, len(steps))
		steps = append(steps, settled(Step{
			Kind: Untag, Reference: v.tag(t), Digest: d.digest, Expect: Expect{Tag: t, Digest: d.digest},
			Reason: "goes with " + d.digest.Short(), Collateral: d.collateral, After: slices.Clone(before),
		}))
	}
	return append(steps, settled(del))
}

// settled is a step with its waits in order, and none at all rather than an
// empty list, so that a plan equals itself read back.
func settled(s Step) Step {
	slices.Sort(s.After)
	s.After = slices.Clip(slices.Compact(s.After))
	if len(s.After) == 0 {
		s.After = nil
	}
	if len(s.Tags) == 0 {
		s.Tags = nil
	}
	return s
}

// tagsFirst tells whether tags are deleted before their manifest. Where the
// last tag takes the image along, they cannot be.
func (c Capabilities) tagsFirst() bool {
	switch c.TaggedDelete {
	case Yes:
		return false
	case No:
		return true
	case Unknown:
	}
	return c.TagDelete == Yes && !c.LastTagDeletes
}

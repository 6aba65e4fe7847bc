package plan

import (
	"slices"

	"regatta/model/image"
)

// retract takes away what the run itself had put there: tags that were not
// there before it, and manifests that it pushed.
func (u *undoing) retract() {
	made := map[Place][]string{}
	for _, t := range u.did.sortedMoves() {
		if m := u.did.moves[t]; m.before == "" {
			at := Place{Repository: t.repository, Digest: m.after}
			made[at] = append(made[at], t.tag)
		}
	}
	doomedOf := map[string][]doomed{}
	for _, at := range sortedPlaces(u.did.added) {
		if !u.deletable(at, made[at]) {
			u.stays(at, made)
			continue
		}
		doomedOf[at.Repository] = append(doomedOf[at.Repository], u.doom(at, made[at]))
		delete(made, at)
	}
	u.untagMade(made)
	for _, repository := range sortedRepositories(doomedOf) {
		u.append(u.view(repository).remove(doomedOf[repository]))
	}
}

// stays names once what the registry does not delete, with those of its new tags that stay
// too; the others are left to go alone.
func (u *undoing) stays(at Place, made map[Place][]string) {
	var goes, keep []string
	last := !u.staysTagged(at, made[at])
	for _, t := range made[at] {
		if _, err := u.view(at.Repository).untagKind(t, last); err != nil {
			keep = append(keep, t)
		} else {
			goes = append(goes, t)
		}
	}
	made[at] = goes
	u.lose(at.Digest, keep, u.plan.Registry+" does not delete it: it stays")
}

func (u *undoing) deletable(at Place, tags []string) bool {
	noTags := len(tags) == 0 && len(u.leaves[at]) == 0
	return u.can.ManifestDelete != No && (noTags || u.can.TaggedDelete != No || u.can.TagDelete != No)
}

func (u *undoing) doom(at Place, tags []string) doomed {
	out := doomed{digest: at.Digest, tags: tags, reason: "the run had put it there"}
	m, ok := u.pushed(at)
	if !ok {
		return out
	}
	for _, c := range m.Children {
		out.children = append(out.children, c.Digest)
	}
	if m.Subject != nil {
		out.subjects = append(out.subjects, m.Subject.Digest)
	}
	for _, t := range tags {
		if c, ok := image.ParseCompanion(t); ok {
			out.subjects = append(out.subjects, c.Subject)
		}
	}
	return out
}

// pushed is the manifest that the run's own step carries.
func (u *undoing) pushed(at Place) (image.Manifest, bool) {
	carried, ok := u.record.carried[at.Digest]
	if !ok {
		return image.Manifest{}, false
	}
	m, err := image.ParseManifest(carried.MediaType, carried.Raw)
	return m, err == nil
}

// untagMade removes the tags that the run made on manifests that stay. Where it is
// not known whether such a tag is the last one, and that matters, it is treated so.
func (u *undoing) untagMade(made map[Place][]string) {
	for _, at := range sortedKeys(made) {
		v := u.view(at.Repository)
		for _, t := range made[at] {
			kind, err := v.untagKind(t, !u.staysTagged(at, made[at]))
			if err != nil {
				u.lose(at.Digest, []string{t}, err.Error())
				continue
			}
			u.plan.Steps = append(u.plan.Steps, Step{
				Kind: kind, Reference: v.tag(t), Digest: at.Digest, Expect: Expect{Tag: t, Digest: at.Digest},
				Reason: "the tag was not there before the run",
			})
		}
	}
}

// staysTagged reports whether a manifest is known to keep a tag when those that the
// run made go, and those that move off it.
func (u *undoing) staysTagged(at Place, made []string) bool {
	return slices.ContainsFunc(u.ran.Tags[at], func(tag string) bool {
		m, moves := u.did.moves[tagAt{repository: at.Repository, tag: tag}]
		return !slices.Contains(made, tag) && (!moves || m.after != at.Digest)
	})
}

// append adds removal steps, each after the tags that moved off its manifest.
func (u *undoing) append(steps []Step) {
	base := len(u.plan.Steps)
	for _, s := range steps {
		for i := range s.After {
			s.After[i] += base
		}
		if s.Kind == Delete {
			s.After = append(s.After, u.leaves[Place{Repository: s.Reference.Repository, Digest: s.Digest}]...)
		}
		u.plan.Steps = append(u.plan.Steps, settled(s))
	}
}

func sortedKeys(m map[Place][]string) []Place {
	out := make([]Place, 0, len(m))
	for at := range m {
		out = append(out, at)
	}
	slices.SortFunc(out, comparePlaces)
	return out
}

func sortedRepositories(m map[string][]doomed) []string {
	out := make([]string, 0, len(m))
	for r := range m {
		out = append(out, r)
	}
	slices.Sort(out)
	return out
}

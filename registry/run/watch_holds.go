package run

import (
	"context"
	"fmt"
	"maps"
	"slices"
	"time"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
)

// intent is what a plan removes and leaves, as far as it is to be told from what
// others do.
type intent struct {
	made    time.Time
	deletes map[string]map[ref.Digest]bool // by repository
	tags    map[string]map[string]bool     // that the plan changes, by repository
	kept    map[ref.Digest]bool
	left    map[string]ref.Digest // tags of what stays beside that which goes
}

func intentOf(p plan.Plan) intent {
	out := intent{
		made: p.CreatedAt, deletes: map[string]map[ref.Digest]bool{}, tags: map[string]map[string]bool{},
		kept: map[ref.Digest]bool{}, left: map[string]ref.Digest{},
	}
	for _, k := range p.Kept {
		out.kept[k.Digest] = true
		for _, t := range k.Tags {
			out.left[t] = k.Digest
		}
	}
	for _, s := range p.Steps {
		repo := s.Reference.Repository
		if out.deletes[repo] == nil {
			out.deletes[repo], out.tags[repo] = map[ref.Digest]bool{}, map[string]bool{}
		}
		if s.Kind == plan.Delete {
			out.deletes[repo][s.Digest] = true
		}
		for _, t := range append(slices.Clone(s.Tags), s.Reference.Tag, s.Expect.Tag) {
			if t != "" {
				out.tags[repo][t] = true
			}
		}
	}
	return out
}

// holds says why the manifest of a delete may not go: by who describes it, and by a
// list, which is made anew if it became too old meanwhile, and where that says so by
// another look. Empty: it may, and nothing was waited for since the list was looked at.
func (w *watch) holds(ctx context.Context, s plan.Step) (string, error) {
	if why, err := w.described(ctx, s); why != "" || err != nil {
		return why, err
	}
	if err := w.freshen(ctx, s.Reference.Repository); err != nil {
		return "", err
	}
	for looked := map[string]bool{}; ; {
		name, why := w.unlooked(s, looked)
		if name == "" {
			return "", nil
		}
		looked[name] = true
		// It may have gone meanwhile, by a step of this very run.
		d, err := w.reg.Resolve(ctx, s.Reference.Repository, name)
		switch {
		case err == nil && (d.Digest == s.Digest || string(d.Digest) == name):
			return why, nil
		case err != nil && !fault.Is(err, fault.NotFound):
			return "", err
		}
	}
}

// unlooked is a tag on the manifest of a delete that its step does not name, or the
// digest of who refers to it, which was not looked at yet, and what that means.
func (w *watch) unlooked(s plan.Step, looked map[string]bool) (name, why string) {
	tags, holders := w.around(s)
	for _, tag := range tags {
		if !looked[tag] {
			return tag, fmt.Sprintf("the tag %s points to it now, and would go along", tag)
		}
	}
	for _, by := range slices.Sorted(maps.Keys(holders)) {
		if !looked[string(by)] {
			return string(by), holders[by] + " now"
		}
	}
	return "", ""
}

// described says who has come to describe a manifest, where the registry keeps track
// of that by itself.
func (w *watch) described(ctx context.Context, s plan.Step) (string, error) {
	repo := s.Reference.Repository
	w.mu.Lock()
	asks := w.of(repo).asks
	w.mu.Unlock()
	if !asks {
		return "", nil
	}
	all, err := w.reg.Subjects(ctx, repo, s.Digest)
	if err != nil {
		return "", err
	}
	for _, d := range all {
		if !w.intent.deletes[repo][d.Digest] && !w.intent.kept[d.Digest] {
			return d.Digest.Short() + " describes it now", nil
		}
	}
	return "", nil
}

// around are the tags on a manifest that its step does not name, and who refers to
// it.
func (w *watch) around(s plan.Step) (tags []string, holders map[ref.Digest]string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := w.of(s.Reference.Repository)
	for tag := range at.on[s.Digest] {
		if at.tags[tag].listed && !slices.Contains(s.Tags, tag) && tag != s.Expect.Tag {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	return tags, maps.Clone(at.holders[s.Digest])
}

// hasAnother reports whether an image keeps a tag when the step's goes, and those
// that the plan removes besides.
func (w *watch) hasAnother(s plan.Step) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	repo := s.Reference.Repository
	at := w.of(repo)
	for tag := range at.on[s.Digest] {
		if at.tags[tag].listed && !w.intent.tags[repo][tag] {
			return true
		}
	}
	return false
}

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
	tags    map[string]plannedTags         // that the plan changes, by repository
	kept    map[ref.Digest]bool
	left    map[string]ref.Digest // tags of what stays beside that which goes
}

// plannedTags are tags with what they point to before the plan and after it.
type plannedTags map[string]map[ref.Digest]bool

func (t plannedTags) add(s plan.Step) {
	for _, tag := range append(slices.Clone(s.Tags), s.Reference.Tag, s.Expect.Tag) {
		if tag == "" {
			continue
		}
		if t[tag] == nil {
			t[tag] = map[ref.Digest]bool{}
		}
		t[tag][s.Digest], t[tag][s.Expect.Digest] = true, true
	}
}

func intentOf(p plan.Plan) intent {
	out := intent{
		made: p.CreatedAt, deletes: map[string]map[ref.Digest]bool{}, tags: map[string]plannedTags{},
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
			out.deletes[repo], out.tags[repo] = map[ref.Digest]bool{}, plannedTags{}
		}
		if s.Kind == plan.Delete {
			out.deletes[repo][s.Digest] = true
		}
		out.tags[repo].add(s)
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
	if err := w.freshen(ctx, s); err != nil {
		return "", err
	}
	why, err := w.held(ctx, s)
	switch {
	case why != "" || err != nil:
		return why, err
	case w.tells() != nil:
		return w.told(ctx, s) // the looks may have made the list old
	}
	return "", w.decides(s)
}

// told asks for the tags of an image that goes by its digest alone, where the list is too
// old and the registry tells them: one that goes by its tags stays where it has another.
func (w *watch) told(ctx context.Context, s plan.Step) (string, error) {
	repo := s.Reference.Repository
	if w.tells() == nil || len(s.Tags) > 0 || w.age(repo) <= listAge {
		return "", nil
	}
	tags, err := w.tagsOf(ctx, s, s.Digest)
	if fault.Is(err, fault.NotFound) {
		return "", nil // deleting it tells
	}
	for _, tag := range tags {
		w.saw(repo, tag, s.Digest)
		if tag != s.Expect.Tag {
			return pointsToIt(tag), nil
		}
	}
	return "", err
}

func pointsToIt(tag string) string {
	return fmt.Sprintf("the tag %s points to it now, and would go along", tag)
}

// held is holds by the newest list, however old that is.
func (w *watch) held(ctx context.Context, s plan.Step) (string, error) {
	for looked := map[string]bool{}; ; {
		u := w.unlooked(s, looked)
		if u.name == "" {
			return "", nil
		}
		looked[u.name] = true
		// It may have gone meanwhile, by a step of this very run.
		d, err := w.reg.Resolve(ctx, s.Reference.Repository, u.name)
		switch {
		case err == nil && u.holds(d.Digest):
			return u.why, nil
		case err != nil && !fault.Is(err, fault.NotFound):
			return "", err
		}
	}
}

// unlookedAt is a tag or a digest that may hold a manifest, with what that means.
type unlookedAt struct {
	name, why string
	holds     func(d ref.Digest) bool // where it is d that it names now
}

// unlooked is a tag on the manifest of a delete that its step does not name, one that by
// its name describes it, or the digest of who refers to it, which was not looked at yet.
func (w *watch) unlooked(s plan.Step, looked map[string]bool) unlookedAt {
	tags, companions, holders := w.around(s)
	for _, tag := range tags {
		if !looked[tag] {
			return unlookedAt{tag, pointsToIt(tag), func(d ref.Digest) bool { return d == s.Digest }}
		}
	}
	for _, tag := range companions {
		if !looked[tag] {
			return unlookedAt{tag, companionSays(tag), func(d ref.Digest) bool {
				return w.intent.stays(s.Reference.Repository, tag, d)
			}}
		}
	}
	for _, by := range slices.Sorted(maps.Keys(holders)) {
		if !looked[string(by)] {
			return unlookedAt{string(by), holders[by] + " now", func(d ref.Digest) bool { return d == by }}
		}
	}
	return unlookedAt{}
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

// around are the tags on a manifest that its step does not name, those that by their
// names describe it, and who refers to it.
func (w *watch) around(s plan.Step) (tags, companions []string, holders map[ref.Digest]string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := w.of(s.Reference.Repository)
	for tag := range at.on[s.Digest] {
		if at.tags[tag].listed && !slices.Contains(s.Tags, tag) && tag != s.Expect.Tag {
			tags = append(tags, tag)
		}
	}
	slices.Sort(tags)
	return tags, w.companions(at, s.Digest), maps.Clone(at.holders[s.Digest])
}

// hasAnother reports whether an image keeps a tag when the step's goes, and those
// that the plan removes besides. Where the list is too old, the registry is asked.
func (w *watch) hasAnother(ctx context.Context, s plan.Step) (bool, error) {
	if err := w.freshen(ctx, s); err != nil {
		return false, err
	}
	repo := s.Reference.Repository
	if w.tells() != nil && w.age(repo) > listAge {
		tags, err := w.tagsOf(ctx, s, s.Expect.Digest)
		return slices.ContainsFunc(tags, func(tag string) bool { return w.intent.tags[repo][tag] == nil }), err
	}
	return w.listsAnother(s), nil
}

func (w *watch) listsAnother(s plan.Step) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	repo := s.Reference.Repository
	at := w.of(repo)
	for tag := range at.on[s.Digest] {
		if at.tags[tag].listed && w.intent.tags[repo][tag] == nil {
			return true
		}
	}
	return false
}

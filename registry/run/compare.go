package run

import (
	"context"
	"slices"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
)

// before reads the tags of the repositories that something is removed from, and writes
// them down, so that it shows afterwards what went along. What cannot be listed is not
// compared, which is said in the end.
func (s *schedule) before(ctx context.Context) {
	kept, err := s.jour.KeptTags(ctx, s.id)
	if err != nil {
		kept = nil
	}
	for repo := range s.removing() {
		if kept[repo] == nil {
			s.remember(ctx, repo)
		}
	}
	s.watch.recall(kept)
}

func (s *schedule) remember(ctx context.Context, repo string) {
	images, err := s.watch.pages(s.heeding(ctx), repo)
	if err != nil {
		return
	}
	tags := s.watch.first(repo, images)
	if err := s.jour.KeepTags(context.WithoutCancel(ctx), s.id, repo, tags); err != nil && s.fatal == nil {
		s.fatal = err
	}
}

// first takes in the list of a repository before the run, and returns what its tags
// point to as far as that is known.
func (w *watch) first(repo string, images []image.Image) map[string]ref.Digest {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := w.of(repo)
	w.note(at, images)
	for tag, d := range w.intent.left {
		if t := at.tags[tag]; t != nil && t.digest == "" {
			at.point(tag, t, d)
		}
	}
	at.compared = true
	out := make(map[string]ref.Digest, len(at.tags))
	for tag, t := range at.tags {
		out[tag] = t.digest
	}
	return out
}

// recall takes in the tags that were there before a run that was interrupted.
func (w *watch) recall(kept map[string]map[string]ref.Digest) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for repo, tags := range kept {
		at := w.of(repo)
		at.compared = true
		for tag, d := range tags {
			if at.tags[tag] == nil {
				at.tags[tag] = &seenTag{}
				at.point(tag, at.tags[tag], d)
			}
		}
	}
}

// removing are the repositories that something is removed from.
func (r *Run) removing() map[string]bool {
	out := map[string]bool{}
	for i, s := range r.plan.Steps {
		takes := s.Kind == plan.Delete || s.Kind == plan.Untag || s.Kind == plan.UntagByDummy
		if takes && !r.result.Steps[i].Outcome.Succeeded() {
			out[s.Reference.Repository] = true
		}
	}
	return out
}

// compare lists the tags once more, and names those that vanished and are not the
// plan's: what pointed to a manifest that this run has deleted went along with it,
// which the journal keeps for undo.
func (s *schedule) compare(ctx context.Context) {
	s.watch.beside.Wait()
	look, cancel := lingering(ctx)
	defer cancel()
	deleted := s.deleted()
	var remarks []journal.Remark
	removed := s.removed()
	for _, repo := range sortedKeys(s.watch.repos) {
		now := s.listed(look, repo)
		if now == nil || !s.watch.repos[repo].compared {
			if removed[repo] {
				at := ref.Reference{Host: s.plan.Registry, Repository: repo}
				s.result.AlsoGone = append(s.result.AlsoGone, plan.Stray{Reference: at.Name(), Unknown: true})
			}
			continue
		}
		for tag, d := range s.watch.vanished(repo, now) {
			at := ref.Reference{Host: s.plan.Registry, Repository: repo, Tag: tag, Digest: d}
			gone := plan.Stray{Reference: at.String(), Along: deleted[plan.Place{Repository: repo, Digest: d}]}
			s.result.AlsoGone = append(s.result.AlsoGone, gone)
		}
	}
	slices.SortFunc(s.result.AlsoGone, plan.CompareStrays)
	remarks = append(remarks, s.slowLists()...)
	for _, g := range s.result.AlsoGone {
		remarks = append(remarks, journal.GoneRemark(g))
	}
	if len(remarks) == 0 {
		return
	}
	if err := s.jour.Remark(context.WithoutCancel(ctx), s.id, remarks...); err != nil && s.fatal == nil {
		s.fatal = err
	}
}

// slowLists says of which repositories an old list of tags decided something, as the plan
// allowed, once in a run.
func (s *schedule) slowLists() []journal.Remark {
	var out []journal.Remark
	for _, repo := range sortedKeys(s.watch.repos) {
		at := s.watch.repos[repo]
		if at.oldest == 0 || journal.SaidSlow(s.result.SlowLists, repo) {
			continue
		}
		said := journal.SlowRemark(repo, at.most, at.oldest)
		s.result.SlowLists = append(s.result.SlowLists, said.Text)
		out = append(out, said)
	}
	return out
}

// removed are the repositories that this run has removed something from, or may have.
func (r *Run) removed() map[string]bool {
	out := map[string]bool{}
	for i, s := range r.plan.Steps {
		takes := s.Kind == plan.Delete || s.Kind == plan.Untag || s.Kind == plan.UntagByDummy
		if o := r.result.Steps[i].Outcome; takes && (o == plan.Done || o == plan.Failed) {
			out[s.Reference.Repository] = true
		}
	}
	return out
}

// deleted are the manifests that this run has deleted, or may have.
func (r *Run) deleted() map[plan.Place]bool {
	out := map[plan.Place]bool{}
	for i, s := range r.plan.Steps {
		if o := r.result.Steps[i].Outcome; s.Kind == plan.Delete && (o == plan.Done || o == plan.Failed) {
			out[plan.Place{Repository: s.Reference.Repository, Digest: s.Digest}] = true
		}
	}
	return out
}

// vanished are the tags that were seen and are not there now, with what they
// pointed to last, but for those that the plan changes.
func (w *watch) vanished(repo string, now map[string]bool) map[string]ref.Digest {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := map[string]ref.Digest{}
	for tag, t := range w.of(repo).tags {
		if !now[tag] && w.intent.tags[repo][tag] == nil {
			out[tag] = t.digest
		}
	}
	return out
}

func sortedKeys[V any](m map[string]V) []string {
	out := make([]string, 0, len(m))
	for k := range m {
		out = append(out, k)
	}
	slices.Sort(out)
	return out
}

func isDrift(err error) bool { return fault.Is(err, fault.Drift) }

package run

import (
	"context"
	"slices"

	"regatta/model/fault"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
)

// before reads the tags of the repositories that tags are removed from, so that it
// shows afterwards what went along. Deletes read more than that by themselves. What
// cannot be listed is not compared.
func (s *schedule) before(ctx context.Context) {
	for repo := range s.removing() {
		if len(s.watch.intent.deletes[repo]) > 0 {
			continue
		}
		images, err := s.watch.pages(s.heeding(ctx), repo)
		if err != nil {
			continue
		}
		s.watch.mu.Lock()
		at := s.watch.of(repo)
		s.watch.note(at, images)
		for tag, d := range s.watch.intent.left {
			if t := at.tags[tag]; t != nil && t.digest == "" {
				at.point(tag, t, d)
			}
		}
		s.watch.mu.Unlock()
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
	for _, repo := range sortedKeys(s.watch.repos) {
		now := s.listed(look, repo)
		if now == nil {
			continue // nobody can say
		}
		for tag, d := range s.watch.vanished(repo, now) {
			at := ref.Reference{Host: s.plan.Registry, Repository: repo, Tag: tag, Digest: d}
			gone := plan.Stray{Reference: at.String(), Along: deleted[plan.Place{Repository: repo, Digest: d}]}
			s.result.AlsoGone = append(s.result.AlsoGone, gone)
		}
	}
	slices.SortFunc(s.result.AlsoGone, plan.CompareStrays)
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
		if !now[tag] && !w.intent.tags[repo][tag] {
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

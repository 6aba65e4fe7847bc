package run

import (
	"context"

	"regatta/model/plan"
)

// fewUntags is up to how many tags are looked at one by one: a list of all tags
// costs more than that.
const fewUntags = 16

// provesLater reports whether a step that the registry says is done is looked at
// in the end, with all others: one list of tags shows for a thousand that they
// are gone.
func (r *Run) provesLater(i int) bool {
	return r.plan.Steps[i].Kind == plan.Untag && r.kinds[plan.Untag] > fewUntags && !r.proving
}

// prove lists the tags of every repository that steps removed some of. A tag
// that is still there is removed once more, with a look before and after.
func (s *schedule) prove(ctx context.Context) {
	if len(s.later) == 0 {
		return
	}
	s.proving = true
	left := map[string]map[string]bool{}
	for _, i := range s.later {
		at := s.plan.Steps[i].Reference
		if _, ok := left[at.Repository]; !ok {
			left[at.Repository] = s.listed(ctx, at.Repository)
		}
		if tags := left[at.Repository]; tags != nil && !tags[at.Tag] {
			continue
		}
		s.meter.again()
		s.left++
		s.note(s.step(ctx, i))
	}
}

// listed are the tags of a repository, nil if they cannot be listed.
func (s *schedule) listed(ctx context.Context, repo string) map[string]bool {
	out := map[string]bool{}
	for cursor := ""; ; {
		page, err := s.reg.Images(ctx, repo, cursor)
		if err != nil {
			return nil
		}
		for _, img := range page.Images {
			for _, tag := range img.Tags {
				out[tag] = true
			}
		}
		if cursor = page.Next; cursor == "" {
			return out
		}
	}
}

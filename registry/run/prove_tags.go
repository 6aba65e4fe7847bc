package run

import (
	"context"

	"regatta/model/plan"
)

// tagsLeft are the untags that did not take their tag away: one list of tags
// shows for a thousand that they are gone. Where there is no list, it is all.
func (s *schedule) tagsLeft(ctx context.Context) []int {
	var out []int
	lists := map[string]map[string]bool{}
	for _, i := range s.laterOf(plan.Untag) {
		at := s.plan.Steps[i].Reference
		if _, ok := lists[at.Repository]; !ok {
			lists[at.Repository] = s.listed(ctx, at.Repository)
		}
		if tags := lists[at.Repository]; tags == nil || tags[at.Tag] {
			out = append(out, i)
		}
	}
	return out
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

package ecr

import (
	"slices"
	"time"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/store"
)

type getPreviewIn struct {
	named
	aws.Paging

	IDs    []imageID `json:"imageIds"`
	Filter filter    `json:"filter"`
}

type getPreviewOut struct {
	RegistryID     string          `json:"registryId"`
	RepositoryName string          `json:"repositoryName"`
	Text           string          `json:"lifecyclePolicyText"`
	Status         string          `json:"status"`
	Results        []previewResult `json:"previewResults"`
	Summary        previewSummary  `json:"summary"`
	NextToken      string          `json:"nextToken,omitempty"`
}

type previewAction struct {
	Type   string `json:"type"`
	Target string `json:"targetStorageClass,omitempty"`
}

// previewResult is an image that a rule takes (API reference,
// LifecyclePolicyPreviewResult).
type previewResult struct {
	Digest   string        `json:"imageDigest"`
	Tags     []string      `json:"imageTags"`
	PushedAt aws.Time      `json:"imagePushedAt"`
	Priority int           `json:"appliedRulePriority"`
	Action   previewAction `json:"action"`
	Class    string        `json:"storageClass"`
}

type previewSummary struct {
	Expiring      int               `json:"expiringImageTotalCount"`
	Transitioning []transitionCount `json:"transitioningImageTotalCounts,omitempty"`
}

type transitionCount struct {
	Count  int    `json:"imageTotalCount"`
	Target string `json:"targetStorageClass"`
}

func (a *API) getLifecyclePolicyPreview(c *aws.Call, in getPreviewIn) (getPreviewOut, error) {
	repo, err := a.repository(c, in.named)
	if err != nil {
		return getPreviewOut{}, err
	}
	a.mu.Lock()
	p := a.previews[repo]
	a.mu.Unlock()
	if p == nil {
		return getPreviewOut{}, aws.Errorf("LifecyclePolicyPreviewNotFoundException",
			"There is no dry run for this repository.")
	}
	out := getPreviewOut{
		RegistryID: c.Account, RepositoryName: repo.Name, Text: p.text, Status: p.status(c.Now),
		Results: []previewResult{},
	}
	if out.Status != "COMPLETE" {
		return out, nil
	}
	out.Summary = p.summary()
	out.Results, out.NextToken, err = p.page(in, c.Now)
	return out, err
}

func (p *preview) summary() previewSummary {
	var s previewSummary
	archived := 0
	for _, v := range p.verdicts {
		if v.Archive {
			archived++
		} else {
			s.Expiring++
		}
	}
	if archived > 0 {
		s.Transitioning = []transitionCount{{archived, "ARCHIVE"}}
	}
	return s
}

func (p *preview) page(in getPreviewIn, now time.Time) ([]previewResult, string, error) {
	n, err := in.Size(100, 100)
	if err != nil {
		return nil, "", err
	}
	if len(in.IDs) > 100 || len(in.IDs) > 0 && in.Asked() {
		return nil, "", aws.Invalid("imageIds", "Member must have length less than or equal to 100, without paging")
	}
	start := 0
	if err := in.Place(&start); err != nil {
		return nil, "", err
	}
	in.Filter.ImageStatus = anyStatus
	results := []previewResult{}
	for i := start; i < len(p.verdicts); i++ {
		l := p.images[p.verdicts[i].Digest]
		if !in.Filter.wants(now)(l) || !among(in.IDs, l) {
			continue
		}
		if len(results) == n {
			return results, aws.Token(i), nil
		}
		results = append(results, p.result(p.verdicts[i], l))
	}
	return results, "", nil
}

// among reports whether an image is among those asked for; none asks for all.
func among(ids []imageID, l store.Listed) bool {
	return len(ids) == 0 || slices.ContainsFunc(ids, func(id imageID) bool {
		return id.Digest == l.Digest || id.Tag != "" && slices.Contains(l.Tags, id.Tag)
	})
}

func (p *preview) result(v Verdict, l store.Listed) previewResult {
	r := previewResult{
		Digest: l.Digest, Tags: l.Tags, PushedAt: aws.Time(l.PushedAt), Priority: v.Priority,
		Action: previewAction{Type: "EXPIRE"}, Class: "STANDARD",
	}
	if v.Archive {
		r.Action = previewAction{"TRANSITION", "ARCHIVE"}
	}
	if l.Archive.Status(p.started) == store.Archived {
		r.Class = "ARCHIVE"
	}
	return r
}

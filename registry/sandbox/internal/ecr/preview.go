package ecr

import (
	"time"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/store"
)

// How long a preview is under way, and how long its result is kept.
const (
	previewTime = 5 * time.Second
	previewKept = 24 * time.Hour
)

// preview is the one preview of a repository (API reference,
// StartLifecyclePolicyPreview).
type preview struct {
	text     string
	started  time.Time
	failed   bool
	verdicts []Verdict
	images   map[string]store.Listed
}

func (p *preview) status(now time.Time) string {
	switch {
	case now.Before(p.started.Add(previewTime)):
		return "IN_PROGRESS"
	case p.failed:
		return "FAILED"
	case !now.Before(p.started.Add(previewKept)):
		return "EXPIRED"
	}
	return "COMPLETE"
}

func (a *API) previewOperations() map[string]aws.Operation {
	return map[string]aws.Operation{
		"StartLifecyclePolicyPreview": aws.Op(a.startLifecyclePolicyPreview),
		"GetLifecyclePolicyPreview":   aws.Op(a.getLifecyclePolicyPreview),
	}
}

type startPreviewOut struct {
	RegistryID     string `json:"registryId"`
	RepositoryName string `json:"repositoryName"`
	Text           string `json:"lifecyclePolicyText"`
	Status         string `json:"status"`
}

func (a *API) startLifecyclePolicyPreview(c *aws.Call, in lifecycleIn) (startPreviewOut, error) {
	repo, err := a.repository(c, in.named)
	if err != nil {
		return startPreviewOut{}, err
	}
	if in.Text == "" {
		in.Text = repo.Settings().Lifecycle
	}
	if in.Text == "" {
		return startPreviewOut{}, noLifecycle(c, repo)
	}
	if err := a.checkLifecycle(c, in.Text); err != nil {
		return startPreviewOut{}, err
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if old := a.previews[repo]; old != nil && old.status(c.Now) == "IN_PROGRESS" {
		return startPreviewOut{}, aws.Errorf("LifecyclePolicyPreviewInProgressException",
			"The previous lifecycle policy preview request has not completed. Wait and try again.")
	}
	p := a.begin(repo, in.Text, c.Now)
	a.previews[repo] = p
	return startPreviewOut{c.Account, repo.Name, in.Text, p.status(c.Now)}, nil
}

// begin evaluates at once; the answer says so later.
func (a *API) begin(repo *store.Repository, text string, now time.Time) *preview {
	p := &preview{text: text, started: now, images: map[string]store.Listed{}}
	var images []LifecycleImage
	everything := func(store.Listed) bool { return true }
	for _, l := range repo.After(store.Position{}, -1, everything) {
		p.images[l.Digest] = l
		images = append(images, lifecycleImage(l, now))
	}
	var err error
	p.verdicts, err = a.evaluate(text, images, now)
	p.failed = err != nil
	return p
}

func lifecycleImage(l store.Listed, now time.Time) LifecycleImage {
	i := LifecycleImage{
		Digest: l.Digest, Tags: l.Tags, PushedAt: l.PushedAt, PulledAt: l.PulledAt,
		ArchivedAt: l.Archive.ArchivedAt, ActivatedAt: l.Archive.ActivatedAt,
		Archived: l.Archive.Status(now) == store.Archived,
	}
	if l.Fields.Subject != nil {
		i.Subject = l.Fields.Subject.Digest
	}
	for _, child := range l.Fields.Manifests {
		i.Children = append(i.Children, child.Digest)
	}
	return i
}

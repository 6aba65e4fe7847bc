package ecr

import (
	"time"

	"regatta/registry/sandbox/internal/store"
)

// RunLifecycle does what the repository's policy says, as the account does once
// a day: it deletes and archives. It reports how many images it took.
func (a *API) RunLifecycle(repo *store.Repository, now time.Time) (int, error) {
	policy := repo.Settings().Lifecycle
	if policy == "" {
		return 0, nil
	}
	verdicts, err := a.evaluate(policy, lifecycleImages(repo, now), now)
	if err != nil {
		return 0, err
	}
	for _, v := range verdicts {
		if v.Archive {
			repo.SetArchived(v.Digest, now)
		} else {
			repo.DeleteManifest(v.Digest)
		}
	}
	repo.Configure(func(s *store.Settings) { s.EvaluatedAt = now })
	return len(verdicts), nil
}

func lifecycleImages(repo *store.Repository, now time.Time) []LifecycleImage {
	var images []LifecycleImage
	for _, l := range repo.After(store.Position{}, -1, func(store.Listed) bool { return true }) {
		images = append(images, lifecycleImage(l, now))
	}
	return images
}

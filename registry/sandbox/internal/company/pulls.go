package company

import (
	"time"

	"regatta/registry/sandbox/internal/prng"
)

// pull dates the last pulls: what runs was pulled within hours, releases
// months ago, and some builds never.
func pull(l *ledger, repo *shelf, digests []string) {
	src := prng.New("pulls of " + repo.Name)
	for n, b := range l.builds {
		if src.Chance(180) {
			continue
		}
		at := b.at.Add(time.Duration(src.Between(3, 60*24*30)) * time.Minute)
		pullAll(repo, digests[n], earlier(at, Epoch().Add(-time.Hour)))
	}
	for _, t := range l.taggings() {
		switch t.name {
		case "prod", "staging", "latest", "stable", "canary":
			at := Epoch().Add(-time.Duration(src.Between(2, 400)) * time.Minute)
			pullAll(repo, digests[t.build], at)
			repo.MarkPulled(t.name, at)
		}
	}
}

// pullAll pulls a manifest and, if it is an index, its first image.
func pullAll(repo *shelf, digest string, at time.Time) {
	repo.MarkPulled(digest, at)
	if m, ok := repo.Manifest(digest); ok && len(m.Fields.Manifests) > 0 {
		repo.MarkPulled(m.Fields.Manifests[0].Digest, at)
	}
}

func earlier(a, b time.Time) time.Time {
	if a.Before(b) {
		return a
	}
	return b
}

// Package ability names what only some registries can do. A backend fills in a [Set]; whoever
// needs an ability reads it there, and no wrapper around a backend hides it. It imports
// model.
package ability

import (
	"context"
	"time"

	"regatta/model/access"
	"regatta/model/cost"
	"regatta/model/finding"
	"regatta/model/image"
	"regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/model/setting"
)

// Set is what a registry can do that not every one can. Each is nil where it cannot.
type Set struct {
	Tags     Tags
	Archive  Archive
	Policies Policies
	Previews Previews
	Scans    Scans
	Access   Access
	Copies   Copies
	Pulls    Pulls
	Price    func() cost.Price
	Expires  func() time.Time // when its password runs out
}

// Tags tells the tags of one image. Where a registry does, no list has to.
type Tags interface {
	TagsOf(ctx context.Context, repo string, d ref.Digest) ([]string, error)
}

// Archive moves images to an archive and back; there they cannot be read.
type Archive interface {
	Storages(ctx context.Context, repo string, digests []ref.Digest) (map[ref.Digest]image.Storage, error)
	Archive(ctx context.Context, repo string, d ref.Digest) error
	Restore(ctx context.Context, repo string, d ref.Digest) error
}

// Policies keeps lifecycle policies.
type Policies interface {
	LifecyclePolicy(ctx context.Context, repo string) (string, error)
	SetLifecyclePolicy(ctx context.Context, repo, text string) error
}

// Previews tells what a lifecycle policy would do.
type Previews interface {
	PreviewLifecycle(ctx context.Context, repo, text string) (map[ref.Digest]lifecycle.Verdict, error)
}

// Scans looks for vulnerabilities.
type Scans interface {
	Findings(ctx context.Context, repo string, d ref.Digest) (finding.Report, error)
}

// Access tells who may use a repository, and how it is set up.
type Access interface {
	RepositoryPolicy(ctx context.Context, repo string) (string, error)
	RegistryPolicy(ctx context.Context) (string, error)
	Settings(ctx context.Context, repo string) (setting.Repository, error)
	AccessTo(repo string) access.Repository
}

// Copies tells where an image was replicated to.
type Copies interface {
	Replication(ctx context.Context, repo string, d ref.Digest) ([]setting.Copy, error)
}

// Pulls counts as pulling what is read, unless who reads is left out; leaveOut is the command
// that sees to that.
type Pulls interface {
	PullTimes(ctx context.Context) (principal string, left bool, leaveOut string, err error)
}

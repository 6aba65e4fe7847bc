// Package registry opens registries: it chooses, by the host's name, the
// backend that speaks to it. It may import its backends; it knows no terminal.
package registry

import (
	"context"
	"io"
	"net/http"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/ability"
	"regatta/registry/ecr"
	"regatta/registry/ecr/sdk"
	"regatta/registry/oci"
)

// Backend is what can be asked of every registry. Its errors are *fault.Error.
type Backend interface {
	Changer

	Host() string
	Capabilities() image.Capabilities
	Abilities() ability.Set
	Ping(ctx context.Context) error

	Repositories(ctx context.Context, cursor string) (image.RepositoryPage, error)
	DescribeRepository(ctx context.Context, name string) (image.Repository, error)
	SurveyRepository(ctx context.Context, name string) (image.Repository, error)

	Images(ctx context.Context, repo, cursor string) (image.Page, error)
	Known(ctx context.Context, repo string) ([]image.Image, error)
	Describe(ctx context.Context, repo string, img image.Image, fresh bool) (image.Image, error)

	Resolve(ctx context.Context, repo, reference string) (image.Descriptor, error)
	ResolveFrom(ctx context.Context, repo, reference string, before ref.Digest) (image.Descriptor, error)
	Manifest(ctx context.Context, repo, reference string) (image.Manifest, error)
	Config(ctx context.Context, repo string, m image.Manifest) (image.Config, error)
	Referrers(ctx context.Context, repo string, d ref.Digest) ([]image.Descriptor, error)
	Subjects(ctx context.Context, repo string, d ref.Digest) ([]image.Descriptor, error)
	Blob(ctx context.Context, repo string, d image.Descriptor, offset int64) (io.ReadCloser, error)
}

// Changer is what can be changed in every registry, and what is known of what it
// lets one delete.
type Changer interface {
	CanDelete() plan.Capabilities
	ReadDelete(ctx context.Context, repo string) (plan.Capabilities, error)
	ProbeDelete(ctx context.Context, repo string) (plan.Capabilities, error)

	PutManifest(ctx context.Context, repo, reference, mediaType string, raw []byte) error
	DeleteTag(ctx context.Context, repo, tag string, was ref.Digest) error
	DeleteManifest(ctx context.Context, repo string, d ref.Digest, tags ...string) error
	Ready(ctx context.Context, repo string, n int) (inner context.Context, end func(), err error)
	PrepareDummy(ctx context.Context, repo string) error
	UntagByDummy(ctx context.Context, repo, tag string, was image.Manifest, name string) error

	BlobExists(ctx context.Context, repo string, d image.Descriptor) (bool, error)
	Mount(ctx context.Context, repo, from string, d ref.Digest) (bool, error)
	PushBlob(ctx context.Context, repo string, d image.Descriptor, content oci.Content) error
	ListsReferrers(ctx context.Context, repo string) (bool, error)
}

// Options configure Open. Transport and Now are required.
type Options struct {
	Now       func() time.Time
	Transport http.RoundTripper // retries by itself: httpx.Transport
	Keychain  authn.Keychain    // nil: anonymous
	Cache     oci.Cache         // nil: none
	Sightings oci.Sightings     // nil: none
	Refusals  oci.Refusals      // nil: none
	PlainHTTP bool              // http is allowed where the host refuses TLS
	Pins      []string          // repositories to show whatever the catalog says
	PageSize  int               // names a page, 0 leaves the choice to the backend
	AWS       sdk.Config        // for hosts of Amazon ECR; nil: they are registries like any other
	Profile   string            // that AWS was loaded for
}

// Open returns the backend for host, HOST[:PORT] as in a reference. It makes no
// request.
func Open(host string, o Options) (Backend, error) {
	if err := ref.CheckHost(host); err != nil {
		return nil, &fault.Error{Op: "open", Object: host, Kind: fault.Invalid, Detail: err.Error(), Err: err}
	}
	plain := oci.Options{
		Transport: o.Transport, Keychain: o.Keychain, Cache: o.Cache, Sightings: o.Sightings, Refusals: o.Refusals,
		Now: o.Now, Insecure: o.PlainHTTP, Pins: o.Pins, PageSize: o.PageSize,
	}
	if name, ok := ecr.ParseHost(host); ok && !name.Public && o.AWS != nil {
		return ecr.New(name, ecr.Options{OCI: plain, Config: o.AWS, Profile: o.Profile}), nil
	}
	return oci.New(host, plain), nil
}

// Package oci reads any registry that speaks the OCI distribution-spec. The
// handshake is go-containerregistry's; requests are made here, because paging,
// ranges, headers and limits are needed. It may import the model, httpx and
// go-containerregistry; it knows no terminal.
package oci

import (
	"context"
	"net/http"
	"net/url"
	"sync"
	"sync/atomic"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"

	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/ability"
	"regatta/registry/listing"
)

// Cache keeps content that never changes, by its digest. A caller verifies
// what it gets.
type Cache interface {
	Content(ctx context.Context, d ref.Digest) (mediaType string, raw []byte, ok bool)
	PutContent(d ref.Digest, mediaType string, raw []byte)
}

// Sightings keep what tags were seen to point to.
type Sightings interface {
	See(host, repository, tag string, d ref.Digest)
	Tags(ctx context.Context, host, repository string) ([]image.Sighting, error)
}

// Refusals keep what a registry would not delete, from one program to the next.
type Refusals interface {
	Refusals(ctx context.Context, host, repository string) (map[plan.Kind]plan.Refusal, error)
	NoteRefusal(host, repository string, kind plan.Kind, status int) error
	ForgetRefusal(host, repository string, kind plan.Kind) error
}

// Options configure a Client. Transport is required.
type Options struct {
	Transport http.RoundTripper // retries by itself: httpx.Transport
	Keychain  authn.Keychain    // nil: anonymous
	Cache     Cache             // nil: none
	Sightings Sightings         // nil: none
	Refusals  Refusals          // nil: none
	Now       func() time.Time  // nil: tokens are renewed when refused, not before
	Insecure  bool              // http is allowed where TLS is refused
	PageSize  int               // names a page, 0 means 1000; learns smaller when refused
	Pins      []string          // repositories to show whatever the catalog says
	API       API               // nil: the registry's own endpoints
}

// Client reads one registry. It is safe for concurrent use, and its errors are
// *fault.Error.
type Client struct {
	host     string // as users write it: docker.io
	endpoint string // as it is reached: registry-1.docker.io
	o        Options
	http     *http.Client

	session session
	actions string // that tokens are asked for, beyond reading
	flights flights
	listed  *listing.Names
	tags    *memory

	pageSize  atomic.Int64 // 0: let the registry choose
	ratelimit atomic.Bool
	skipped   atomic.Int64
	learnt    learnt
	refused   refusals

	writerOnce sync.Once
	writes     *Client
}

const (
	defaultPageSize = 1000
	hubEndpoint     = "registry-1.docker.io"
	hubAuthHost     = "index.docker.io" // docker's credential key, for historical reasons
)

// New returns a client of host, which is HOST[:PORT] as in a reference. It
// makes no request.
func New(host string, o Options) *Client {
	c := &Client{
		host: host, endpoint: Endpoint(host), o: o, tags: newMemory(o.Sightings, host), actions: "pull",
		listed:  listing.NewNames(),
		refused: refusals{host: host, keep: o.Refusals},
	}
	if o.Keychain == nil {
		c.o.Keychain = nobody{}
	}
	if o.PageSize <= 0 {
		c.o.PageSize = defaultPageSize
	}
	c.pageSize.Store(int64(c.o.PageSize))
	c.http = &http.Client{Transport: o.Transport, CheckRedirect: checkRedirect}
	c.session.init()
	return c
}

// Endpoint is where host, as users write it, is reached.
func Endpoint(host string) string {
	if host == ref.DockerHub {
		return hubEndpoint
	}
	return host
}

// Host is the registry's name as users write it.
func (c *Client) Host() string { return c.host }

// Capabilities say what the registry can tell, as far as is known by now.
func (c *Client) Capabilities() image.Capabilities {
	return image.Capabilities{
		CountsReads: c.host == ref.DockerHub || c.ratelimit.Load(),
		CheapReads:  ref.IsLoopback(c.host) && !c.ratelimit.Load(),
	}
}

// Skipped is how many names the registry listed so far that are no valid
// repositories or tags.
func (c *Client) Skipped() int { return int(c.skipped.Load()) }

// Ping reports whether the host is a registry that accepts the credentials.
func (c *Client) Ping(ctx context.Context) error {
	_, err := c.get(ctx, request{op: "reach", object: c.host, path: "/v2/", limit: maxPage})
	return err
}

type nobody struct{}

// Resolve implements authn.Keychain.
func (nobody) Resolve(authn.Resource) (authn.Authenticator, error) { return authn.Anonymous, nil }

// logger is implemented by transports that log what did not need a request.
type logger interface {
	Cached(method string, u *url.URL)
}

func (c *Client) noteCached(path string) {
	if l, ok := c.o.Transport.(logger); ok {
		l.Cached(http.MethodGet, c.session.url(c.endpoint, path, ""))
	}
}

// Abilities are none: the distribution specification knows of no such thing.
func (*Client) Abilities() ability.Set { return ability.Set{} }

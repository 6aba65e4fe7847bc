package ecr_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"regatta/registry/ecr/sdk"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/ecr"
	"regatta/registry/httpx"
	"regatta/registry/oci"
	"regatta/registry/sandbox"
)

const (
	host   = "111122223333.dkr.ecr.eu-central-1.amazonaws.com"
	single = "application/vnd.oci.image.manifest.v1+json"
)

// world is a sandbox with a client of its account.
type world struct {
	*ecr.Client

	sandbox   *sandbox.Registry
	transport *httpx.Transport
	cache     *cache
	at        time.Time
}

func (w *world) now() time.Time { return w.at }

// open makes a world. The sandbox asks for passwords of the account.
func open(t *testing.T, change func(*sandbox.Options)) *world {
	t.Helper()
	w := &world{at: sandbox.Epoch(), cache: &cache{kept: map[ref.Digest]kept{}}}
	o := sandbox.Options{Now: w.now, Empty: true, Auth: sandbox.Auth{AWS: true}}
	if change != nil {
		change(&o)
	}
	w.sandbox = sandbox.New(o)
	t.Cleanup(func() {
		if err := w.sandbox.Close(); err != nil {
			t.Error(err)
		}
	})
	w.transport = httpx.New(httpx.Options{Now: w.now, Base: w.sandbox.Transport()})
	w.Client = w.client(t, static)
	return w
}

func (w *world) client(t *testing.T, config sdk.Config) *ecr.Client {
	t.Helper()
	name, ok := ecr.ParseHost(host)
	if !ok {
		t.Fatal("the host is not known")
	}
	return ecr.New(name, ecr.Options{
		Config: config, OCI: oci.Options{Transport: w.transport, Now: w.now, Cache: w.cache},
	})
}

// static is a configuration with an access key and no file or environment.
func static(_ context.Context, region string) (aws.Config, error) {
	return aws.Config{
		Region: region, Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE", "secret", ""),
	}, nil
}

// calls are the operations that the sandbox served, the registry's requests by
// method and path.
func (w *world) calls() []string {
	var all []string
	for _, r := range w.sandbox.Requests() {
		if r.Operation != "" {
			all = append(all, r.Operation)
		} else {
			all = append(all, r.Method+" "+r.Path)
		}
	}
	w.sandbox.ResetRequests()
	return all
}

// count is how many calls are of an operation.
func count(calls []string, operation string) int {
	n := 0
	for _, call := range calls {
		if strings.HasPrefix(call, operation) {
			n++
		}
	}
	return n
}

// push stores an image and tags it.
func (w *world) push(name string, tags ...string) ref.Digest {
	digest := w.sandbox.PushImage("app", sandbox.Image{Layers: []string{"layer of " + name}, Created: w.at})
	for _, tag := range tags {
		w.sandbox.Tag("app", tag, digest, w.at)
	}
	return ref.Digest(digest)
}

// listed are all images.
func (w *world) listed(t *testing.T) []image.Image {
	t.Helper()
	var images []image.Image
	for next := ""; ; {
		page, err := w.Images(t.Context(), "app", next)
		if err != nil {
			t.Fatal(err)
		}
		images = append(images, page.Images...)
		if next = page.Next; next == "" {
			return images
		}
	}
}

// cache keeps content in memory.
type cache struct {
	mu   sync.Mutex
	kept map[ref.Digest]kept
}

type kept struct {
	mediaType string
	raw       []byte
}

func (c *cache) Content(_ context.Context, d ref.Digest) (string, []byte, bool) {
	c.mu.Lock()
	defer c.mu.Unlock()
	k, ok := c.kept[d]
	return k.mediaType, k.raw, ok
}

func (c *cache) PutContent(d ref.Digest, mediaType string, raw []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.kept[d] = kept{mediaType, raw}
}

// Package ecr reads and changes private registries of Amazon ECR through its
// API: images are listed with all that a row shows, manifests are read a
// hundred at a time, tags go alone. Layers come through the registry's own
// endpoints, which registry/oci speaks to. It may import the model, httpx, oci
// and aws-sdk-go-v2; it knows no terminal.
package ecr

import (
	"context"
	"sync"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"

	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/ability"
	"regatta/registry/ecr/sdk"
	"regatta/registry/listing"
	"regatta/registry/oci"
)

// Options configure a Client. OCI.Transport, OCI.Now and Config are required.
type Options struct {
	// OCI is how the registry's own endpoints are spoken to. The Keychain and
	// the API are set here.
	OCI oci.Options
	// Config finds credentials and endpoints for a region: see Load.
	Config sdk.Config
	// Profile is the one that Config was loaded for, to name it in advice; "" is
	// the environment's.
	Profile string
}

// Client is one private registry. It is safe for concurrent use, and its errors
// are *fault.Error. What it does not do itself goes to the registry's own
// endpoints.
type Client struct {
	*oci.Client

	host   Host
	o      Options
	reads  *batches[readKey, content]
	erases *batches[eraseKey, struct{}]
	layers *batches[ref.Digest, available]
	keys   *keychain
	listed *listing.Names

	mu  sync.Mutex
	api *ecr.Client // nil until first needed
}

// New returns a client of a private registry. It makes no request.
func New(host Host, o Options) *Client {
	c := &Client{host: host, o: o, listed: listing.NewNames()}
	c.keys = &keychain{client: c, now: o.OCI.Now}
	c.reads = newBatches(c.readBatch)
	c.erases = newBatches(c.eraseBatch)
	c.layers = newBatches(c.layerBatch)
	o.OCI.API, o.OCI.Transport = manifests{c}, renewing{o.OCI.Transport}
	o.OCI.Keychain = c.keys
	c.Client = oci.New(host.String(), o.OCI)
	return c
}

// Capabilities say what the registry can tell: a row needs no manifest, and to
// read one moves the time of the last pull.
func (c *Client) Capabilities() image.Capabilities {
	return image.Capabilities{CountsReads: true, Untagged: true, PushTimes: true}
}

// CanDelete is what every repository of ECR lets one delete (API reference,
// BatchDeleteImage). Storage is billed by the distinct layers of each repository.
func (c *Client) CanDelete() plan.Capabilities {
	return plan.Capabilities{
		TagDelete: plan.Yes, ManifestDelete: plan.Yes, TaggedDelete: plan.Yes,
		LastTagDeletes: true, TellsTags: true, ListsUntagged: true, Archives: true, SharesBlobs: plan.No,
	}
}

// Ping reports whether the API accepts the credentials.
func (c *Client) Ping(ctx context.Context) error {
	_, err := c.keys.AuthorizationContext(ctx)
	return err
}

// registry is the account that a request is about.
func (c *Client) registry() *string { return aws.String(c.host.Account) }

// Abilities are what Amazon ECR can do that not every registry can.
func (c *Client) Abilities() ability.Set {
	return ability.Set{
		Tags: c, Archive: c, Policies: c, Previews: c, Scans: c, Access: c, Copies: c, Pulls: c, Price: c.Price,
		Expires: c.Expires,
	}
}

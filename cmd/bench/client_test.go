//go:build linux

package bench

import (
	"errors"
	"path/filepath"
	"testing"
	"time"

	"regatta/model/image"
	"regatta/registry"
	"regatta/registry/httpx"
	"regatta/registry/store"
)

// client is our registry client with a store on disk, as the program wires it.
type client struct {
	registry.Backend

	transport *httpx.Transport
	store     *store.Store
}

// storeFile is where the program keeps what it learnt.
func storeFile(state string) string { return filepath.Join(state, "regatta", "store.db") }

func newClient(b *testing.B, host, state string) *client {
	b.Helper()
	c := &client{transport: httpx.New(httpx.Options{Now: time.Now})}
	c.store = store.Open(store.Options{Path: storeFile(state), Now: time.Now})
	c.Backend = result[registry.Backend](b)(registry.Open(host, registry.Options{
		Now: time.Now, Transport: c.transport, Cache: c.store, Sightings: c.store,
	}))
	return c
}

func (c *client) close(b *testing.B) {
	b.Helper()
	c.transport.CloseIdleConnections()
	must(b, c.store.Close())
}

// table reads every image of the repository.
func (c *client) table(b *testing.B) {
	b.Helper()
	page := result[image.Page](b)(c.Images(b.Context(), repository, ""))
	all := page.Images
	for page.Next != "" {
		page = result[image.Page](b)(c.Images(b.Context(), repository, page.Next))
		all = append(all, page.Images...)
	}
	failures := make([]error, len(all))
	parallel(len(all), func(i int) {
		img, err := c.Describe(b.Context(), repository, all[i], false)
		if err == nil && (img.Created.IsZero() || img.Size == 0 || len(img.Platforms) == 0) {
			err = errors.New(img.Name() + " lacks details")
		}
		failures[i] = err
	})
	must(b, errors.Join(failures...))
}

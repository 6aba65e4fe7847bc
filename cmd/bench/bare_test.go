//go:build linux

package bench

import (
	"encoding/json"
	"errors"
	"io"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"

	"regatta/model/image"
)

// bare is the least that reads the same: kept-alive GETs of the manifests and
// configs that the table needs.
type bare struct {
	http *http.Transport
	host string
	gets atomic.Int64

	mu  sync.Mutex
	err error
}

// readBare returns how many GETs it took.
func readBare(host string, tags []string) (int64, error) {
	c := &bare{http: &http.Transport{MaxIdleConnsPerHost: workers}, host: host}
	defer c.http.CloseIdleConnections()
	c.get("tags/list?n=1000", &struct{}{})
	parallel(len(tags), func(i int) { c.image(tags[i]) })
	return c.gets.Load(), c.err
}

type bareManifest struct {
	Config    struct{ Digest string }
	Manifests []struct{ Digest string }
}

func (c *bare) image(reference string) {
	var m, child bareManifest
	c.get("manifests/"+reference, &m)
	for i, d := range m.Manifests {
		child = bareManifest{}
		if c.get("manifests/"+d.Digest, &child); i == 0 {
			m.Config = child.Config
		}
	}
	c.get("blobs/"+m.Config.Digest, &struct{}{})
}

func (c *bare) get(path string, out any) {
	c.gets.Add(1)
	err := func() error {
		req, err := http.NewRequest(http.MethodGet, "http://"+c.host+"/v2/"+repository+"/"+path, http.NoBody)
		if err != nil {
			return err
		}
		req.Header.Set("Accept", strings.Join(image.ManifestMediaTypes(), ", "))
		resp, err := c.http.RoundTrip(req)
		if err != nil {
			return err
		}
		raw, err := io.ReadAll(resp.Body)
		if resp.StatusCode != http.StatusOK {
			err = errors.New(path + ": " + resp.Status)
		}
		return errors.Join(err, resp.Body.Close(), json.Unmarshal(raw, out))
	}()
	c.mu.Lock()
	defer c.mu.Unlock()
	c.err = errors.Join(c.err, err)
}

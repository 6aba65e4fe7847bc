package oci

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strings"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
)

// writer is this client with a session of its own, whose tokens may push and
// delete: what only reads goes on with tokens that can do no harm.
func (c *Client) writer() *Client {
	c.writerOnce.Do(func() {
		w := &Client{host: c.host, endpoint: c.endpoint, o: c.o, http: c.http, tags: c.tags, actions: "pull,push,delete"}
		w.session.init()
		c.writes = w
	})
	return c.writes
}

// PutManifest stores raw as it is under reference, a tag or its own digest
// (distribution-spec, endpoint end-7). An answer that names another digest than
// raw's is an error of kind Corrupt.
func (c *Client) PutManifest(ctx context.Context, repo, reference, mediaType string, raw []byte) error {
	r, err := c.manifestRequest("push", repo, reference)
	if err != nil {
		return err
	}
	d := ref.DigestOf(raw)
	if want, err := ref.ParseDigest(reference); err == nil {
		d = want
		if err := want.Verify(raw); err != nil {
			return corrupt(r, err)
		}
	}
	r.method, r.accept, r.body, r.media = http.MethodPut, nil, raw, mediaType
	done, err := c.change(ctx, r)
	if err != nil {
		return err
	}
	said := done.header.Get(digestHeader)
	if got, err := ref.ParseDigest(said); said != "" && (err != nil || got != d) {
		return corrupt(r, &ref.MismatchError{Want: d, Got: got})
	}
	if strings.Contains(reference, ":") {
		return nil
	}
	c.tags.see(repo, reference, d)
	return nil
}

// DeleteTag removes a tag and nothing else (distribution-spec, Deleting tags).
// A registry that cannot answers Unsupported; there is no other way behind it.
// What the tag was, the last time somebody looked, cannot be made a condition
// here.
func (c *Client) DeleteTag(ctx context.Context, repo, tag string, _ ref.Digest) error {
	r, err := c.manifestRequest("remove tag", repo, tag)
	if err != nil {
		return err
	}
	if err = ref.CheckTag(tag); err != nil {
		return failure(r, fault.Invalid, err.Error())
	}
	err = c.remove(ctx, r)
	if noTagDelete(err) {
		c.learnt.tag.Store(uint32(plan.No))
		c.refused.note(repo, plan.Untag, err)
		return failure(r, fault.Unsupported, "the registry cannot remove a tag alone")
	}
	if err == nil || fault.Is(err, fault.NotFound) {
		c.learnt.tag.Store(uint32(plan.Yes))
	}
	if err == nil {
		c.refused.forget(repo, plan.Untag)
	}
	return err
}

// DeleteManifest removes a manifest by its digest, and with it every tag that
// points to it (distribution-spec, Deleting manifests). The tags that it is known
// to have cannot be made a condition here.
func (c *Client) DeleteManifest(ctx context.Context, repo string, d ref.Digest, _ ...string) error {
	r, err := c.manifestRequest("delete", repo, string(d))
	if err != nil {
		return err
	}
	if _, err = ref.ParseDigest(string(d)); err != nil {
		return failure(r, fault.Invalid, err.Error())
	}
	err = c.remove(ctx, r)
	if fault.Is(err, fault.Unsupported) {
		c.learnt.manifest.Store(uint32(plan.No))
		c.refused.note(repo, plan.Delete, err)
		return failure(r, fault.Unsupported, "the registry deletes no manifests")
	}
	if err == nil || fault.Is(err, fault.NotFound) {
		c.learnt.manifest.Store(uint32(plan.Yes))
	}
	if err == nil {
		c.refused.forget(repo, plan.Delete)
	}
	return err
}

func (c *Client) remove(ctx context.Context, r request) error {
	r.method, r.accept = http.MethodDelete, nil
	_, err := c.change(ctx, r)
	return err
}

// changed is the answer to a change that was made.
type changed struct {
	status int
	header http.Header
	from   *url.URL // who answered
}

// change makes a request that changes something. One that was redirected in
// such a way that it became a GET has changed nothing.
func (c *Client) change(ctx context.Context, r request) (changed, error) {
	resp, err := c.writer().do(ctx, r)
	if err != nil {
		return changed{}, err
	}
	drain(resp)
	switch {
	case isHTML(resp.Header):
		return changed{}, failure(r, fault.Protocol, "the answer is a web page")
	case resp.Request.Method != r.method:
		return changed{}, failure(r, fault.Protocol, "the registry redirected the change to something to read")
	}
	return changed{status: resp.StatusCode, header: resp.Header, from: resp.Request.URL}, nil
}

// noTagDelete goes by the statuses that the specification has for it. A 400
// that says what else is wrong is no such answer.
func noTagDelete(err error) bool {
	status, ok := errors.AsType[statusError](err)
	switch {
	case !ok || fault.Is(err, fault.Immutable):
		return false
	case int(status) == http.StatusMethodNotAllowed, fault.Is(err, fault.Unsupported):
		return true
	}
	return int(status) == http.StatusBadRequest && !fault.Is(err, fault.NotFound)
}

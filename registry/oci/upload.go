package oci

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
)

// BlobExists asks with HEAD whether repo has the blob d, in the size that d says where it
// says one.
func (c *Client) BlobExists(ctx context.Context, repo string, d image.Descriptor) (bool, error) {
	r, err := c.blobRequest("look for blob of", repo, d.Digest)
	if err != nil {
		return false, err
	}
	r.method = http.MethodHead
	resp, err := c.do(ctx, r)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	drain(resp)
	if told := sizeTold(resp); told == 0 || d.HasSize(told) {
		return true, nil
	}
	return c.hasSize(ctx, r, d)
}

// sizeTold is how many bytes an answer says that content has, 0 where it does not: that it
// has none is what some say of what they do not count, and what is encoded has another size.
func sizeTold(resp *http.Response) int64 {
	if resp.Header.Get("Content-Encoding") != "" {
		return 0
	}
	return max(resp.ContentLength, 0)
}

// hasSize asks for the last byte of a blob whose HEAD spoke of another size: proxies are
// known to count what they do not hand out.
func (c *Client) hasSize(ctx context.Context, r request, d image.Descriptor) (bool, error) {
	r.method = http.MethodGet
	body, err := c.openBlob(ctx, r, d.Size-1)
	if err != nil {
		if errors.Is(err, io.EOF) {
			return false, nil
		}
		switch fault.KindOf(err) { //nolint:exhaustive // the others say that there is no such byte
		case fault.Auth, fault.Denied, fault.RateLimited, fault.Unreachable, fault.Timeout, fault.Unavailable,
			fault.Cancelled:
			return false, err
		}
		return false, nil
	}
	defer func() { _ = body.Close() }() // the rest is not wanted
	n, err := io.Copy(io.Discard, io.LimitReader(body, 2))
	return err == nil && n == 1, ctx.Err()
}

func (c *Client) blobRequest(op, repo string, d ref.Digest) (request, error) {
	r := request{
		op: op, object: c.name(repo) + "@" + string(d), repo: repo, path: "/v2/" + repo + "/blobs/" + string(d),
	}
	err := ref.CheckRepository(repo)
	if err == nil {
		_, err = ref.ParseDigest(string(d))
	}
	if err != nil {
		return r, failure(r, fault.Invalid, err.Error())
	}
	return r, nil
}

// Mount makes the blob d of the repository from appear in repo without moving
// its bytes (distribution-spec, Mounting a blob). It reports false where the
// registry would rather have them sent.
func (c *Client) Mount(ctx context.Context, repo, from string, d ref.Digest) (bool, error) {
	r, err := c.blobRequest("mount blob of", repo, d)
	if err != nil {
		return false, err
	}
	if err = ref.CheckRepository(from); err != nil {
		return false, failure(r, fault.Invalid, err.Error())
	}
	c.writer().session.alsoRead(repo, from)
	r.method, r.path = http.MethodPost, "/v2/"+repo+"/blobs/uploads/"
	r.query = url.Values{"mount": {string(d)}, "from": {from}}.Encode()
	begun, err := c.change(ctx, r)
	if err != nil {
		c.writer().session.noLongerRead(repo, from)
		return false, err
	}
	if begun.status == http.StatusCreated {
		return true, nil
	}
	c.cancelUpload(ctx, r, begun)
	return false, nil
}

// putBlob stores a small blob, if it is not there.
func (c *Client) putBlob(ctx context.Context, repo string, content []byte) error {
	d := image.Descriptor{Digest: ref.DigestOf(content), Size: int64(len(content))}
	if there, err := c.BlobExists(ctx, repo, d); there || err != nil {
		return err
	}
	return c.PushBlob(ctx, repo, d, func(_ context.Context, offset int64) (io.ReadCloser, error) {
		return io.NopCloser(bytes.NewReader(content[offset:])), nil
	})
}

// cancelUpload gives back an upload that was not asked for; the registry forgets
// it in time anyway.
func (c *Client) cancelUpload(ctx context.Context, r request, begun changed) {
	at, err := uploadLocation(begun)
	if err != nil {
		return
	}
	r.method, r.location, r.query = http.MethodDelete, at, ""
	_, _ = c.change(ctx, r)
}

// uploadLocation is where an upload goes on: it may be elsewhere, but only where
// a registry may redirect to.
func uploadLocation(begun changed) (*url.URL, error) {
	asked, said := begun.from, begun.header.Get("Location")
	at, err := asked.Parse(said)
	if err != nil || said == "" || at.User != nil {
		return nil, &fault.Error{Kind: fault.Protocol, Detail: "the registry does not say where the upload goes on"}
	}
	if at.Host == asked.Host {
		at.Scheme = asked.Scheme // a registry behind a proxy may not know that it is reached by https
	}
	there := &http.Request{URL: at, Header: http.Header{}}
	if at.Scheme != "https" && at.Scheme != "http" {
		return nil, &fault.Error{Kind: fault.Protocol, Detail: "the upload would go on elsewhere than with http"}
	}
	if err := checkRedirect(there, []*http.Request{{URL: asked}}); err != nil {
		if f, ok := errors.AsType[*fault.Error](err); ok {
			return nil, f
		}
		return nil, err
	}
	return at, nil
}

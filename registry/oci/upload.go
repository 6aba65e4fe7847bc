package oci

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/httpx"
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

// hasSize asks for the first byte of a blob whose HEAD spoke of another size, as the answer
// has the size of all: proxies are known to count what they do not hand out. An answer that
// does not say is an error, and not that the blob is not there.
func (c *Client) hasSize(ctx context.Context, r request, d image.Descriptor) (bool, error) {
	r.method, r.ranged = http.MethodGet, "bytes=0-0"
	resp, err := c.do(httpx.Streaming(ctx), r)
	if fault.Is(err, fault.NotFound) {
		return false, nil
	}
	if err != nil {
		return false, err
	}
	defer func() { _ = resp.Body.Close() }() // the rest is not wanted
	size := sizeTold(resp)
	if resp.StatusCode == http.StatusPartialContent {
		_, of, _ := strings.Cut(resp.Header.Get("Content-Range"), "/")
		size, _ = strconv.ParseInt(of, 10, 64)
	}
	switch {
	case isHTML(resp.Header):
		return false, failure(r, fault.Protocol, "the answer is a web page")
	case size <= 0:
		return false, failure(r, fault.Protocol, "the registry says that it has another size, and then none")
	}
	return d.HasSize(size), nil
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

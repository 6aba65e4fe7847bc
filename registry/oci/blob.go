package oci

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strings"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/httpx"
)

// Blob streams the content of d from offset, in bytes (distribution-spec,
// Pulling blobs). A connection that breaks is made anew where it broke. Read
// from the start, the content is verified: the last read of what is not what d
// says is an error of kind Corrupt. Content that lives outside the registry is
// Unsupported. The caller closes the stream.
func (c *Client) Blob(ctx context.Context, repo string, d image.Descriptor, offset int64) (io.ReadCloser, error) {
	r := request{
		op: "read blob of", object: c.name(repo) + "@" + string(d.Digest), repo: repo,
		path: "/v2/" + repo + "/blobs/" + string(d.Digest),
	}
	if err := checkBlob(r, d, offset); err != nil {
		return nil, err
	}
	if d.Size > 0 && offset == d.Size {
		return http.NoBody, nil
	}
	s := &stream{want: d.Digest, request: r, at: offset, size: d.Size}
	s.open = func(offset int64) (io.ReadCloser, error) { return c.openBlob(ctx, r, offset) }
	var err error
	if s.inner, err = s.open(offset); err != nil {
		return nil, err
	}
	if offset == 0 {
		s.hash = newHash(d.Digest)
	}
	return s, nil
}

// openBlob asks for the content of a blob from offset on.
func (c *Client) openBlob(ctx context.Context, r request, offset int64) (io.ReadCloser, error) {
	if offset > 0 {
		r.ranged = fmt.Sprintf("bytes=%d-", offset)
	}
	resp, err := c.do(httpx.Streaming(ctx), r)
	if err != nil {
		return nil, err
	}
	if err := skip(resp, offset); err != nil {
		_ = resp.Body.Close()
		return nil, failed(r, err)
	}
	return resp.Body, nil
}

func checkBlob(r request, d image.Descriptor, offset int64) error {
	_, err := ref.ParseDigest(string(d.Digest))
	switch {
	case d.IsForeign():
		return failure(r, fault.Unsupported, "the layer is foreign: its content is not in the registry")
	case err != nil:
		return failure(r, fault.Invalid, err.Error())
	case offset < 0 || d.Size > 0 && offset > d.Size:
		return failure(r, fault.Invalid, "the offset is outside the blob")
	}
	return nil
}

// skip makes up for a registry that ignores Range and sends everything.
func skip(resp *http.Response, offset int64) error {
	if isHTML(resp.Header) {
		return &fault.Error{Kind: fault.Protocol, Detail: "the answer is a web page"}
	}
	if resp.StatusCode != http.StatusPartialContent {
		_, err := io.CopyN(io.Discard, resp.Body, offset)
		return err
	}
	got := resp.Header.Get("Content-Range")
	if got != "" && !strings.HasPrefix(got, fmt.Sprintf("bytes %d-", offset)) {
		return &fault.Error{Kind: fault.Protocol, Detail: "the registry sent another range than it was asked for"}
	}
	return nil
}

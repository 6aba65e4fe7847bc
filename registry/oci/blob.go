package oci

import (
	"context"
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"net/http"
	"strings"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/httpx"
)

// Blob streams the content of d from offset, in bytes (distribution-spec,
// Pulling blobs). Read from the start, it is verified: the last read of content
// that is not what d says is an error of kind Corrupt. Content that lives
// outside the registry is Unsupported. The caller closes the stream.
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
	s := &stream{inner: resp.Body, request: r, want: d.Digest, left: -1}
	if offset == 0 {
		s.hash = newHash(d.Digest)
	}
	if d.Size > 0 {
		s.left = d.Size - offset
	}
	return s, nil
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

func newHash(d ref.Digest) hash.Hash {
	if strings.HasPrefix(string(d), "sha512:") {
		return sha512.New()
	}
	return sha256.New()
}

// stream checks a blob while it is read.
type stream struct {
	inner   io.ReadCloser
	request request
	want    ref.Digest
	hash    hash.Hash // nil where only a part is read
	left    int64     // bytes to come, negative if that is not known
}

// Read implements io.Reader.
func (s *stream) Read(p []byte) (int, error) {
	n, err := s.inner.Read(p)
	if s.hash != nil {
		_, _ = s.hash.Write(p[:n])
	}
	if s.left >= 0 {
		if s.left -= int64(n); s.left < 0 {
			return n, failure(s.request, fault.Corrupt, "there is more of it than its descriptor says")
		}
	}
	switch {
	case errors.Is(err, io.EOF):
		return n, s.verify()
	case err != nil:
		return n, failed(s.request, err)
	}
	return n, nil
}

// verify is io.EOF if all is well.
func (s *stream) verify() error {
	if s.left > 0 {
		return failure(s.request, fault.Unreachable, "the connection ended before the content did")
	}
	if s.hash == nil {
		return io.EOF
	}
	alg, _, _ := strings.Cut(string(s.want), ":")
	if got := ref.Digest(alg + ":" + hex.EncodeToString(s.hash.Sum(nil))); got != s.want {
		return corrupt(s.request, &ref.MismatchError{Want: s.want, Got: got})
	}
	return io.EOF
}

// Close implements io.Closer.
func (s *stream) Close() error { return s.inner.Close() }

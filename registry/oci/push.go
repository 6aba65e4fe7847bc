package oci

import (
	"context"
	"fmt"
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

// Content opens the bytes of a blob from offset on.
type Content = func(ctx context.Context, offset int64) (io.ReadCloser, error)

// PushBlob stores the blob d, whose bytes content gives, without holding it in
// memory (distribution-spec, Pushing a blob in chunks, with one chunk). An
// upload that breaks goes on from where the registry has it. The registry
// refuses bytes that are not what d says.
func (c *Client) PushBlob(ctx context.Context, repo string, d image.Descriptor, content Content) error {
	r, err := c.blobRequest("push blob of", repo, d.Digest)
	if err != nil {
		return err
	}
	u := &pushing{client: c, request: r, blob: d, content: content}
	if err = u.begin(ctx); err == nil {
		err = u.send(ctx)
	}
	if err == nil {
		return u.end(ctx)
	}
	if u.at != nil {
		u.request.method, u.request.location = http.MethodDelete, u.at
		_, _ = c.change(context.WithoutCancel(ctx), u.request) // the registry forgets it in time anyway
	}
	return err
}

// pushing is one upload.
type pushing struct {
	client  *Client
	request request
	blob    image.Descriptor
	content Content
	at      *url.URL // where it goes on
	sent    int64    // bytes that the registry has
}

func (u *pushing) begin(ctx context.Context) error {
	r := u.request
	r.method, r.path = http.MethodPost, "/v2/"+r.repo+"/blobs/uploads/"
	begun, err := u.client.change(ctx, r)
	if err != nil {
		return err
	}
	return u.follow(begun)
}

func (u *pushing) follow(said changed) error {
	at, err := uploadLocation(said)
	if err != nil {
		return failed(u.request, err)
	}
	u.at = at
	return nil
}

// send brings the bytes over, and asks after a break how many arrived.
func (u *pushing) send(ctx context.Context) error {
	for stuck := 0; u.sent < u.blob.Size; {
		before := u.sent
		err := u.chunk(ctx)
		if err == nil {
			return nil
		}
		if stuck++; stuck > mostStuck || ctx.Err() != nil || !broke(err) || u.ask(ctx) != nil {
			return err
		}
		if u.sent > before {
			stuck = 0
		}
	}
	return nil
}

// broke tells a connection that ended from a registry that refused.
func broke(err error) bool {
	return fault.Is(err, fault.Unreachable) || fault.Is(err, fault.Timeout)
}

// chunk sends everything that the registry does not have.
func (u *pushing) chunk(ctx context.Context) error {
	r, from := u.request, u.sent
	r.method, r.location, r.media = http.MethodPatch, u.at, "application/octet-stream"
	r.length = u.blob.Size - from
	if from > 0 {
		r.span = fmt.Sprintf("%d-%d", from, u.blob.Size-1)
	}
	var source *witness
	r.stream = func() (io.ReadCloser, error) {
		inner, err := u.content(ctx, from)
		source = &witness{ReadCloser: inner, left: r.length, err: err}
		if err != nil {
			return nil, err
		}
		return source, nil
	}
	done, err := u.client.change(ctx, r)
	switch {
	case err != nil && source != nil && source.err != nil:
		return source.err // the transport only says that the body could not be read
	case err != nil:
		return err
	}
	u.sent = u.blob.Size
	return u.follow(done)
}

// ask learns how far an upload came (distribution-spec, endpoint end-13).
func (u *pushing) ask(ctx context.Context) error {
	r := u.request
	r.method, r.location = http.MethodGet, u.at
	state, err := u.client.change(ctx, r)
	if err != nil {
		return err
	}
	_, last, _ := strings.Cut(state.header.Get("Range"), "-")
	n, err := strconv.ParseInt(last, 10, 64)
	if err != nil || n < 0 || n >= u.blob.Size {
		return failure(r, fault.Protocol, "the registry does not say how far the upload came")
	}
	if u.sent = 0; n > 0 { // "0-0" is also said of an upload without a byte
		u.sent = n + 1
	}
	return u.follow(state)
}

// end has the registry compare the bytes with the digest.
func (u *pushing) end(ctx context.Context) error {
	r := u.request
	query := u.at.Query()
	query.Set("digest", string(u.blob.Digest))
	u.at.RawQuery = query.Encode()
	r.method, r.location, r.media = http.MethodPut, u.at, "application/octet-stream"
	done, err := u.client.change(httpx.Patient(ctx), r)
	if err != nil {
		return err
	}
	said := done.header.Get(digestHeader)
	if got, err := ref.ParseDigest(said); said != "" && (err != nil || got != u.blob.Digest) {
		return corrupt(r, &ref.MismatchError{Want: u.blob.Digest, Got: got})
	}
	return nil
}

// witness remembers why the source of an upload broke, and reads it to its end,
// where it is verified.
type witness struct {
	io.ReadCloser

	left int64
	err  error
}

// Read implements io.Reader.
func (w *witness) Read(p []byte) (int, error) {
	n, err := w.ReadCloser.Read(p)
	if w.left -= int64(n); w.left == 0 && err == nil {
		// The transport stops reading at the announced length, before the verdict.
		if _, err = io.ReadFull(w.ReadCloser, make([]byte, 1)); err == nil {
			err = &fault.Error{Op: "read blob", Kind: fault.Corrupt, Detail: "there is more of it than its descriptor says"}
		}
	}
	if err != nil && err != io.EOF {
		w.err = err
	}
	return n, err
}

package sandbox

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"strconv"
)

// Header is the header of the answer.
func (x *exchange) Header() http.Header { return x.header }

// WriteHeader fixes the status and the headers.
func (x *exchange) WriteHeader(status int) {
	if x.status != 0 {
		return
	}
	x.status = status
	x.sent = x.header.Clone()
}

// Write hands bytes to the client, who must read them before more fit.
func (x *exchange) Write(p []byte) (int, error) {
	x.WriteHeader(http.StatusOK)
	if !x.hasBody() {
		return len(p), nil
	}
	x.written += int64(len(p))
	if !x.streaming && x.small.Len()+len(p) <= smallBody {
		return x.small.Write(p)
	}
	x.Flush()
	return x.stream.Write(p)
}

// Flush lets the client have what was written so far.
func (x *exchange) Flush() {
	x.WriteHeader(http.StatusOK)
	if x.streaming || !x.hasBody() {
		return
	}
	x.streaming = true
	ctx := x.req.Context()
	x.release(&streamBody{
		Reader: io.MultiReader(&x.small, x.body), exchange: x, ctx: ctx,
		stop: context.AfterFunc(ctx, func() {
			_ = x.stream.CloseWithError(ctx.Err())
			_ = x.body.CloseWithError(ctx.Err())
		}),
	})
}

func (x *exchange) hasBody() bool {
	return x.req.Method != http.MethodHead && x.status != http.StatusNoContent && x.status != http.StatusNotModified
}

// release hands the answer to the client, once. No body means no answer.
func (x *exchange) release(body io.ReadCloser) {
	x.once.Do(func() {
		if body != nil {
			x.answer(body)
		}
		close(x.ready)
	})
}

func (x *exchange) answer(body io.ReadCloser) {
	length := int64(-1)
	if n, err := strconv.ParseInt(x.sent.Get("Content-Length"), 10, 64); err == nil {
		length = n
	}
	if !x.hasBody() {
		body = http.NoBody
	}
	x.response = &http.Response{
		Status: fmt.Sprintf("%d %s", x.status, http.StatusText(x.status)), StatusCode: x.status,
		Proto: "HTTP/1.1", ProtoMajor: 1, ProtoMinor: 1,
		Header: x.sent, Body: body, ContentLength: length, Request: x.req,
	}
}

// streamBody is the body of an answer that is still being written.
type streamBody struct {
	io.Reader

	exchange *exchange
	ctx      context.Context //nolint:containedctx // a body belongs to its request
	stop     func() bool
}

// Read fails with the context's error once the request is cancelled.
func (b *streamBody) Read(p []byte) (int, error) {
	if err := b.ctx.Err(); err != nil {
		return 0, err
	}
	return b.Reader.Read(p)
}

// Close ends the handler and waits for it.
func (b *streamBody) Close() error {
	b.stop()
	b.exchange.close()
	return nil
}

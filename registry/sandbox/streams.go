package sandbox

import (
	"context"
	"net/http"
	"time"
)

// Cut sends the headers of the true answer and so many bytes of its body,
// then drops the connection.
type Cut struct {
	After int64 // bytes
}

func (e Cut) strike(_ *Registry, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&cutter{ResponseWriter: w, left: e.After}, r)
	})
}

type cutter struct {
	http.ResponseWriter

	left int64
}

// Unwrap lets http.ResponseController reach the connection.
func (c *cutter) Unwrap() http.ResponseWriter { return c.ResponseWriter }

func (c *cutter) Write(p []byte) (int, error) {
	if int64(len(p)) <= c.left {
		n, err := c.ResponseWriter.Write(p)
		c.left -= int64(n)
		return n, err
	}
	_, _ = c.ResponseWriter.Write(p[:c.left])
	flush(c.ResponseWriter)
	panic(http.ErrAbortHandler)
}

// Corrupt inverts bytes of the body of the true answer.
type Corrupt struct {
	At    int64 // offset of the first wrong byte
	Count int64 // bytes; zero is one
}

func (e Corrupt) strike(_ *Registry, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(&corrupter{ResponseWriter: w, from: e.At, to: e.At + max(e.Count, 1)}, r)
	})
}

type corrupter struct {
	http.ResponseWriter

	from, to int64
	at       int64
}

// Unwrap lets http.ResponseController reach the connection.
func (c *corrupter) Unwrap() http.ResponseWriter { return c.ResponseWriter }

func (c *corrupter) Write(p []byte) (int, error) {
	bad := append([]byte(nil), p...)
	for i := range bad {
		if at := c.at + int64(i); at >= c.from && at < c.to {
			bad[i] ^= 0xff
		}
	}
	n, err := c.ResponseWriter.Write(bad)
	c.at += int64(n)
	return n, err
}

// Slow delays the true answer.
type Slow struct {
	First time.Duration // before the headers
	Each  time.Duration // after each chunk of the body
	Chunk int           // bytes; zero is 32 KiB
}

func (e Slow) strike(_ *Registry, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		wait(r.Context(), e.First)
		if e.Each > 0 {
			w = &dripper{ResponseWriter: w, ctx: r.Context(), slow: e}
		}
		next.ServeHTTP(w, r)
	})
}

type dripper struct {
	http.ResponseWriter

	ctx  context.Context //nolint:containedctx // a writer has no other way to hear of a cancel
	slow Slow
}

// Unwrap lets http.ResponseController reach the connection.
func (d *dripper) Unwrap() http.ResponseWriter { return d.ResponseWriter }

func (d *dripper) Write(p []byte) (int, error) {
	chunk := d.slow.Chunk
	if chunk <= 0 {
		chunk = 32 << 10
	}
	sent := 0
	for sent < len(p) {
		n, err := d.ResponseWriter.Write(p[sent:min(sent+chunk, len(p))])
		sent += n
		if err != nil {
			return sent, err
		}
		flush(d.ResponseWriter)
		wait(d.ctx, d.slow.Each)
	}
	return sent, nil
}

// wait drops the connection if the client leaves first.
func wait(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-ctx.Done():
		panic(http.ErrAbortHandler)
	}
}

// flush sends what is buffered; writers that cannot flush hold nothing back.
func flush(w http.ResponseWriter) { _ = http.NewResponseController(w).Flush() }

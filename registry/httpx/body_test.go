package httpx_test

import (
	"context"
	"io"
	"net/http"
	"testing"
	"testing/synctest"
	"time"

	"regatta/model/fault"
	"regatta/registry/httpx"
)

// drip is a body that gives a byte a turn.
type drip struct {
	ctx   context.Context
	every time.Duration
	left  int
}

func (d *drip) Read(p []byte) (int, error) {
	if d.left == 0 {
		return 0, io.EOF
	}
	d.left--
	select {
	case <-time.After(d.every):
		p[0] = 'x'
		return 1, nil
	case <-d.ctx.Done():
		return 0, d.ctx.Err()
	}
}

func (d *drip) Close() error { return nil }

func TestSlowBodies(t *testing.T) {
	t.Parallel()
	tests := []struct {
		name  string
		every time.Duration
		bytes int
		kind  fault.Kind // Unknown: all is well
	}{
		{"slow but moving", 29 * time.Second, 10, fault.Unknown},
		{"stalled", 31 * time.Second, 10, fault.Timeout},
		{"dripping for ever", time.Second, 1 << 30, fault.Unavailable},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tr, _ := setUp(func(_ int, req *http.Request) (*http.Response, error) {
					r := reply(200, "")
					r.ContentLength = -1
					r.Body = &drip{ctx: req.Context(), every: test.every, left: test.bytes}
					return r, nil
				}, httpx.Options{})
				resp, err := do(t, tr, "GET", "https://r.example/")
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Hour)
				b, err := io.ReadAll(resp.Body)
				_ = resp.Body.Close()
				if fault.KindOf(err) != test.kind || err == nil && len(b) != test.bytes || len(b) > 400 {
					t.Errorf("read %d bytes, %v", len(b), err)
				}
				if e := tr.Entries()[0]; (e.Err == "") != (err == nil) || !e.Done {
					t.Errorf("log %+v", e)
				}
			})
		})
	}
}

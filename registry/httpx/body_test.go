package httpx_test

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"regatta/model/fault"
	"regatta/registry/httpx"
)

// drip is a body that gives a few bytes a turn, one if it does not say.
type drip struct {
	ctx   context.Context
	every time.Duration
	left  int
	each  int
}

func (d *drip) Read(p []byte) (int, error) {
	if d.left == 0 {
		return 0, io.EOF
	}
	d.left--
	select {
	case <-time.After(d.every):
		return copy(p, strings.Repeat("x", max(1, d.each))), nil
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
		ok    bool
	}{{"slow but moving", 5 * time.Second, true}, {"stalled", 31 * time.Second, false}}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			synctest.Test(t, func(t *testing.T) {
				tr, _ := setUp(func(_ int, req *http.Request) (*http.Response, error) {
					r := reply(200, "")
					r.ContentLength = -1
					r.Body = &drip{ctx: req.Context(), every: test.every, left: 10}
					return r, nil
				}, httpx.Options{})
				resp, err := do(t, tr, "GET", "https://r.example/")
				if err != nil {
					t.Fatal(err)
				}
				time.Sleep(time.Hour)
				b, err := io.ReadAll(resp.Body)
				_ = resp.Body.Close()
				if test.ok && (err != nil || len(b) != 10) || !test.ok && !fault.Is(err, fault.Timeout) {
					t.Errorf("read %d bytes, %v", len(b), err)
				}
				if e := tr.Entries()[0]; e.Err == "" != test.ok || !e.Done {
					t.Errorf("log %+v", e)
				}
			})
		})
	}
}

// An answer that brings a byte now and then ends, however long it claims to be; a
// large one over a slow line does not.
func TestAnswersHaveADeadlineAsAWhole(t *testing.T) {
	t.Parallel()
	for _, tt := range []struct {
		every time.Duration
		each  int
		turns int
		ok    bool
	}{
		{time.Second, 1, 1 << 30, false},
		{29 * time.Second, 512, 1 << 30, false},
		{time.Second, 1000, 1 << 30, false},
		{5 * time.Second, 8 << 10, 2000, true},
		{time.Second, 2000, 20_000, true},
	} {
		synctest.Test(t, func(t *testing.T) {
			tr, _ := setUp(func(_ int, req *http.Request) (*http.Response, error) {
				r := reply(200, "")
				r.ContentLength = -1
				r.Body = &drip{ctx: req.Context(), every: tt.every, left: tt.turns, each: tt.each}
				return r, nil
			}, httpx.Options{})
			resp, err := do(t, tr, "GET", "https://r.example/")
			if err != nil {
				t.Fatal(err)
			}
			begun := clock()
			n, err := io.Copy(io.Discard, resp.Body)
			_ = resp.Body.Close()
			switch took := clock().Sub(begun); {
			case tt.ok && (err != nil || n != int64(tt.each*tt.turns)):
				t.Errorf("%d bytes every %s: %d bytes, %v", tt.each, tt.every, n, err)
			case !tt.ok && (!fault.Is(err, fault.Timeout) || !errors.Is(err, httpx.ErrTooSlow) || !strings.Contains(err.Error(), "too slowly")):
				t.Errorf("%d bytes every %s: %v", tt.each, tt.every, err)
			case !tt.ok && tt.each == 1 && took > 61*time.Second:
				t.Errorf("it took %s", took)
			}
		})
	}
}

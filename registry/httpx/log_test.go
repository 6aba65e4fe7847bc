package httpx_test

import (
	"bytes"
	"log/slog"
	"net/http"
	"strings"
	"testing"
	"time"

	"regatta/registry/httpx"
)

func TestBudgetAndWarnings(t *testing.T) {
	t.Parallel()
	tr, _ := setUp(func(int, *http.Request) (*http.Response, error) {
		return reply(200, "", "RateLimit-Limit", "100;w=21600", "RateLimit-Remaining", "76;w=21600",
			"Warning", "299 - \"this \x1b]0;registry\x07 goes\"", "Warning", `110 - "stale"`), nil
	}, httpx.Options{})
	for range 2 {
		resp, err := do(t, tr, "GET", "https://r.example/")
		finish(t, resp, err)
	}
	b, ok := tr.Budget("r.example")
	if !ok || b.Limit != 100 || b.Remaining != 76 || b.Window != 6*time.Hour {
		t.Errorf("budget %+v, %v", b, ok)
	}
	if w := tr.Warnings("r.example"); len(w) != 1 || w[0] != "this  goes" {
		t.Errorf("warnings %q", w)
	}
}

func TestLogKeepsTheLast(t *testing.T) {
	t.Parallel()
	var out bytes.Buffer
	tr, _ := setUp(func(int, *http.Request) (*http.Response, error) { return reply(200, "four"), nil },
		httpx.Options{Log: slog.New(slog.NewTextHandler(&out, &slog.HandlerOptions{Level: slog.LevelDebug}))})
	for range 1005 {
		resp, err := do(t, tr, "GET", "https://user:CANARY@r.example/x?n=5&X-Amz-Signature=CANARY&token=CANARY")
		finish(t, resp, err)
	}
	e := tr.Entries()
	if len(e) != 1000 || e[0].ID != 6 || e[999].ID != 1005 || e[999].BytesIn != 4 || tr.Version() == 0 {
		t.Errorf("%d entries from %d to %d", len(e), e[0].ID, e[len(e)-1].ID)
	}
	if e[0].URL != "https://r.example/x?n=5&X-Amz-Signature=…&token=…" {
		t.Errorf("url %q", e[0].URL)
	}
	if strings.Contains(out.String(), "CANARY") || !strings.Contains(out.String(), "status=200") {
		t.Errorf("log: %s", out.String()[:300])
	}
}

package httpx

import (
	"net/http"
	"slices"
	"strconv"
	"strings"
	"sync"
	"time"

	"regatta/model/redact"
)

// Budget is how many requests a host still allows, by its RateLimit headers.
// Docker Hub counts pulls so: "ratelimit-limit: 100;w=21600".
type Budget struct {
	Limit, Remaining int
	Window           time.Duration
	At               time.Time // when the host said so
}

const (
	maxWarnings = 32
	maxWarning  = 4096 // bytes, distribution-spec, section Warnings
)

// says is what a host lets its clients know in headers.
type says struct {
	mu       sync.Mutex
	budget   Budget
	budgeted bool
	warnings []string
}

func (s *says) hear(h http.Header, now time.Time) {
	limit, window, ok := quota(h, "Ratelimit-Limit")
	warnings := h["Warning"]
	if !ok && len(warnings) == 0 {
		return
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	if remaining, _, known := quota(h, "Ratelimit-Remaining"); ok && known {
		s.budget, s.budgeted = Budget{Limit: limit, Remaining: remaining, Window: window, At: now}, true
	}
	for _, w := range warnings {
		w, ok := parseWarning(w)
		if ok && len(s.warnings) < maxWarnings && !slices.Contains(s.warnings, w) {
			s.warnings = append(s.warnings, w)
		}
	}
}

// quota reads "100;w=21600" under name or X-name.
func quota(h http.Header, name string) (n int, window time.Duration, ok bool) {
	v := h.Get(name)
	if v == "" {
		v = h.Get("X-" + name)
	}
	count, rest, _ := strings.Cut(v, ";")
	n, err := strconv.Atoi(strings.TrimSpace(count))
	if err != nil || n < 0 {
		return 0, 0, false
	}
	for p := range strings.SplitSeq(rest, ";") {
		if w, isWindow := strings.CutPrefix(strings.TrimSpace(p), "w="); isWindow {
			if s, err := strconv.ParseInt(w, 10, 32); err == nil {
				window = seconds(s)
			}
		}
	}
	return n, window, true
}

// parseWarning reads `299 - "text"`, made safe for a terminal.
func parseWarning(v string) (string, bool) {
	rest, ok := strings.CutPrefix(strings.TrimSpace(v), "299 ")
	if !ok {
		return "", false
	}
	_, quoted, ok := strings.Cut(rest, `"`)
	if !ok {
		return "", false
	}
	if i := strings.LastIndexByte(quoted, '"'); i >= 0 {
		quoted = quoted[:i]
	}
	quoted = quoted[:min(len(quoted), maxWarning)]
	s := redact.Line(strings.ReplaceAll(quoted, `\"`, `"`))
	return s, s != ""
}

// Budget is what host last said of its limits; false if it says nothing.
func (t *Transport) Budget(host string) (Budget, bool) {
	s := &t.host(host).says
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.budget, s.budgeted
}

// Warnings are the distinct warnings that host sent, safe for a terminal.
func (t *Transport) Warnings(host string) []string {
	s := &t.host(host).says
	s.mu.Lock()
	defer s.mu.Unlock()
	return slices.Clone(s.warnings)
}

package sandbox

import (
	"net/http"
	"strconv"
	"time"
)

// Status answers with an error status and the error body of the spec.
type Status struct {
	Code       int
	RetryAfter time.Duration // sent as whole seconds; zero sends none
	RetryAt    time.Time     // sent as an HTTP date instead
}

func (s Status) strike(*Registry, http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		if s.RetryAfter > 0 {
			w.Header().Set("Retry-After", strconv.Itoa(int(s.RetryAfter/time.Second)))
		}
		if !s.RetryAt.IsZero() {
			w.Header().Set("Retry-After", s.RetryAt.UTC().Format(http.TimeFormat))
		}
		fail(w, s.Code, s.code(), "injected: "+http.StatusText(s.Code))
	})
}

func (s Status) code() code {
	switch s.Code {
	case http.StatusTooManyRequests:
		return codeTooMany
	case http.StatusUnauthorized:
		return codeUnauthorized
	case http.StatusForbidden:
		return codeDenied
	}
	return "UNKNOWN"
}

// Body answers with anything at all.
type Body struct {
	Code        int // zero is 200
	ContentType string
	Text        string
}

// HTML is the page of a proxy that got in between.
func HTML(status int) Body {
	return Body{
		Code: status, ContentType: "text/html; charset=utf-8",
		Text: "<!DOCTYPE html><html><head><title>Gateway</title></head><body><h1>Sign in to continue</h1></body></html>\n",
	}
}

func (b Body) strike(*Registry, http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		status := b.Code
		if status == 0 {
			status = http.StatusOK
		}
		writeBody(w, status, b.ContentType, []byte(b.Text))
	})
}

// ExpireToken makes the registry forget the token of the request and answer
// with a challenge, as if the token had run out.
type ExpireToken struct{}

func (ExpireToken) strike(rg *Registry, _ http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		rg.tokens.revoke(bearer(r))
		to, _ := parseRoute(r.URL.Path)
		challenge(w, r, "/token", scopeOf(r, to), "invalid_token")
	})
}

// Hang never answers; it ends with the request's context.
type Hang struct{}

func (Hang) strike(*Registry, http.Handler) http.Handler {
	return http.HandlerFunc(func(_ http.ResponseWriter, r *http.Request) {
		<-r.Context().Done()
		panic(http.ErrAbortHandler)
	})
}

// Meanwhile does something just before a request is served: what somebody else
// does while it is on its way.
type Meanwhile struct{ Do func() }

func (m Meanwhile) strike(_ *Registry, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		m.Do()
		next.ServeHTTP(w, r)
	})
}

// Afterwards does something once a request is served, before its answer is sent on:
// what somebody else does before the client hears of it.
type Afterwards struct{ Do func() }

func (a Afterwards) strike(_ *Registry, next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		next.ServeHTTP(w, r)
		a.Do()
	})
}

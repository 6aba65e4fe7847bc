package sandbox

import (
	"crypto/subtle"
	"net/http"
	"strings"
	"time"
)

// Auth says who may do what. With no users, no Bearer and no AWS, anyone may do
// anything.
type Auth struct {
	// Users maps names to passwords.
	Users map[string]string
	// Bearer asks for tokens from /token instead of Basic credentials
	// (the token protocol of Docker registry 2).
	Bearer bool
	// AWS asks for the password of ECR's GetAuthorizationToken, whose role
	// then decides.
	AWS bool
	// TokenTTL is how long a token is good; zero is five minutes.
	TokenTTL time.Duration
	// Anonymous lets those without credentials pull and list.
	Anonymous bool
	// Allow, if set, decides what a known user may do. The user is empty for
	// anonymous requests, the action is "pull", "push" or "delete", and the
	// repository is empty for the catalog.
	Allow func(user, repository, action string) bool
}

func (a Auth) open() bool { return len(a.Users) == 0 && !a.Bearer && !a.AWS }

// knows checks a password without telling its length by the time it takes.
func (a Auth) knows(user, password string) bool {
	want, ok := a.Users[user]
	return ok && subtle.ConstantTimeCompare([]byte(want), []byte(password)) == 1
}

// may reports whether a user, empty for anonymous, may do something.
func (a Auth) may(user, repository, action string) bool {
	if user == "" && len(a.Users) > 0 && (!a.Anonymous || action != "pull") {
		return false
	}
	return a.Allow == nil || a.Allow(user, repository, action)
}

// action is what a request does to its repository.
func action(r *http.Request) string {
	switch r.Method {
	case http.MethodGet, http.MethodHead:
		return "pull"
	case http.MethodDelete:
		return "delete"
	}
	return "push"
}

// authorized answers 401 or 403 itself when it reports false.
func (rg *Registry) authorized(w http.ResponseWriter, r *http.Request, to route) bool {
	switch {
	case rg.auth.open():
		return true
	case rg.auth.Bearer:
		return rg.authorizedBearer(w, r, to)
	case rg.auth.AWS:
		return rg.authorizedAWS(w, r, to)
	}
	user, password, given := r.BasicAuth()
	if given && !rg.auth.knows(user, password) || !given && !rg.auth.may("", to.repository, action(r)) {
		w.Header().Set("WWW-Authenticate", `Basic realm="regatta sandbox"`)
		fail(w, http.StatusUnauthorized, codeUnauthorized, "authentication required")
		return false
	}
	if to.endpoint != toPing && !rg.auth.may(user, to.repository, action(r)) {
		fail(w, http.StatusForbidden, codeDenied, "requested access to the resource is denied")
		return false
	}
	return true
}

func (rg *Registry) authorizedBearer(w http.ResponseWriter, r *http.Request, to route) bool {
	if rg.currentQuirks().PublicECR {
		return rg.authorizedPublic(w, r)
	}
	scope := scopeOf(r, to)
	t, ok := rg.tokens.find(bearer(r), rg.now())
	if ok && t.covers(scope) {
		return true
	}
	reason := ""
	if ok {
		reason = "insufficient_scope"
	}
	challenge(w, r, "/token", scope, reason)
	return false
}

// authorizedPublic lets any token read, and nobody write.
func (rg *Registry) authorizedPublic(w http.ResponseWriter, r *http.Request) bool {
	_, ok := rg.tokens.find(bearer(r), rg.now())
	switch {
	case !ok:
		challenge(w, r, "/token/", "aws", "")
		return false
	case action(r) != "pull":
		fail(w, http.StatusForbidden, codeDenied, "not authorized to write to the public registry")
		return false
	}
	return true
}

// challenge asks for a token from this same host.
func challenge(w http.ResponseWriter, r *http.Request, path, scope, reason string) {
	text := `Bearer realm="` + scheme(r) + "://" + r.Host + path + `",service="` + r.Host + `"`
	if scope != "" {
		text += `,scope="` + scope + `"`
	}
	if reason != "" {
		text += `,error="` + reason + `"`
	}
	w.Header().Set("WWW-Authenticate", text)
	fail(w, http.StatusUnauthorized, codeUnauthorized, "authentication required")
}

func scheme(r *http.Request) string {
	if r.TLS != nil {
		return "https"
	}
	return "http"
}

func bearer(r *http.Request) string {
	kind, token, _ := strings.Cut(r.Header.Get("Authorization"), " ")
	if !strings.EqualFold(kind, "Bearer") {
		return ""
	}
	return token
}

// scopeOf is the scope a request needs, "" for the ping.
func scopeOf(r *http.Request, to route) string {
	switch {
	case to.endpoint == toCatalog:
		return "registry:catalog:*"
	case to.repository == "":
		return ""
	case action(r) == "push":
		return "repository:" + to.repository + ":pull,push"
	}
	return "repository:" + to.repository + ":" + action(r)
}

// mayPull checks the source of a mount.
func (rg *Registry) mayPull(r *http.Request, repository string) bool {
	if rg.auth.open() {
		return true
	}
	if rg.auth.Bearer {
		t, ok := rg.tokens.find(bearer(r), rg.now())
		return ok && t.covers("repository:"+repository+":pull")
	}
	if rg.auth.AWS {
		_, may := rg.cloud.holder(r, "pull", rg.now())
		return may
	}
	user, _, _ := r.BasicAuth()
	return rg.auth.may(user, repository, "pull")
}

package sandbox

import (
	"net/http"
	"slices"
	"strings"
	"time"
)

const defaultTokenTTL = 5 * time.Minute

type tokenBody struct {
	Token        string `json:"token"`
	AccessToken  string `json:"access_token"`
	ExpiresIn    int    `json:"expires_in"` // seconds
	IssuedAt     string `json:"issued_at"`
	RefreshToken string `json:"refresh_token,omitempty"`
	Scope        string `json:"scope,omitempty"`
}

// grant is who asks for a token and for what.
type grant struct {
	user    string
	scopes  []string
	offline bool
}

// serveToken issues tokens: GET with Basic credentials, or POST as OAuth2
// does with a password or a refresh token.
func (rg *Registry) serveToken(w http.ResponseWriter, r *http.Request) {
	read := rg.grantOfGet
	switch r.Method {
	case http.MethodGet:
	case http.MethodPost:
		read = rg.grantOfPost
	default:
		fail(w, http.StatusMethodNotAllowed, codeUnsupported, "the operation is unsupported")
		return
	}
	g, ok := read(r)
	if !ok {
		fail(w, http.StatusUnauthorized, codeUnauthorized, "authentication required")
		return
	}
	writeJSON(w, http.StatusOK, rg.grantToken(g))
}

func (rg *Registry) grantOfGet(r *http.Request) (grant, bool) {
	query := r.URL.Query()
	g := grant{scopes: query["scope"], offline: query.Get("offline_token") == "true"}
	user, password, given := r.BasicAuth()
	if given {
		g.user = user
		return g, rg.auth.knows(user, password)
	}
	return g, rg.auth.Anonymous || len(rg.auth.Users) == 0
}

func (rg *Registry) grantOfPost(r *http.Request) (grant, bool) {
	r.Body = http.MaxBytesReader(nil, r.Body, 64<<10)
	if r.ParseForm() != nil {
		return grant{}, false
	}
	g := grant{offline: r.PostForm.Get("access_type") == "offline"}
	for _, scopes := range r.PostForm["scope"] {
		g.scopes = append(g.scopes, strings.Fields(scopes)...)
	}
	ok := false
	switch r.PostForm.Get("grant_type") {
	case "password":
		g.user = r.PostForm.Get("username")
		ok = rg.auth.knows(g.user, r.PostForm.Get("password"))
	case "refresh_token":
		g.user, ok = rg.tokens.userOf(r.PostForm.Get("refresh_token"))
	}
	return g, ok
}

func (rg *Registry) grantToken(g grant) tokenBody {
	ttl := rg.auth.TokenTTL
	if ttl == 0 {
		ttl = defaultTokenTTL
	}
	now := rg.now()
	t := token{user: g.user, expires: now.Add(ttl)}
	for _, scope := range g.scopes {
		for part := range strings.FieldsSeq(scope) {
			t.grants = append(t.grants, rg.allowed(g.user, part)...)
		}
	}
	id := rg.tokens.issue(t, now)
	body := tokenBody{
		Token: id, AccessToken: id, ExpiresIn: int(ttl / time.Second),
		IssuedAt: now.UTC().Format(time.RFC3339), Scope: strings.Join(t.grants, " "),
	}
	if g.offline && g.user != "" {
		body.RefreshToken = rg.tokens.issueRefresh(g.user)
	}
	return body
}

// allowed is the part of a scope that a user gets. "*" grants all actions of
// a repository.
func (rg *Registry) allowed(user, scope string) []string {
	parts := splitScope(scope)
	if head, ok := strings.CutSuffix(scope, ":*"); ok && strings.HasPrefix(scope, "repository:") {
		parts = []string{head + ":pull", head + ":push", head + ":delete"}
	}
	return slices.DeleteFunc(parts, func(one string) bool {
		i := strings.LastIndexByte(one, ':')
		name, isRepository := strings.CutPrefix(one[:i], "repository:")
		if !isRepository {
			return !rg.auth.may(user, "", "pull")
		}
		return !rg.auth.may(user, name, one[i+1:])
	})
}

package sandbox_test

import (
	"encoding/json"
	"net/url"
	"testing"
	"time"

	"regatta/registry/sandbox"
)

const basicAnn = "Authorization: Basic YW5uOnNlY3JldA=="

func users() map[string]string { return map[string]string{"ann": "secret"} }

type tokenAnswer struct {
	Token        string `json:"token"`
	RefreshToken string `json:"refresh_token"`
	ExpiresIn    int    `json:"expires_in"`
}

func fetchToken(t *testing.T, rg *sandbox.Registry, scope string, headers ...string) string {
	t.Helper()
	got := ask(t, rg, "GET", "/token?service="+host+"&scope="+url.QueryEscape(scope), "", headers...)
	return decodeToken(t, got.want(t, 200, "token")).Token
}

func decodeToken(t *testing.T, a answer) (token tokenAnswer) {
	t.Helper()
	if err := json.Unmarshal([]byte(a.body), &token); err != nil {
		t.Fatal(err)
	}
	return token
}

func TestBasic(t *testing.T) {
	t.Parallel()
	rg := open(t, sandbox.Options{Auth: sandbox.Auth{Users: users()}})
	refused := ask(t, rg, "GET", "/v2/", "").want(t, 401, "UNAUTHORIZED")
	refused.wantHeader(t, "WWW-Authenticate", `Basic realm="regatta sandbox"`)
	ask(t, rg, "GET", "/v2/", "", basicAnn).want(t, 200, "{}")
	ask(t, rg, "GET", "/v2/shop/api/tags/list", "", basicAnn).want(t, 200, "prod")
}

func TestAnonymousMayPullOnly(t *testing.T) {
	t.Parallel()
	rg := open(t, sandbox.Options{Auth: sandbox.Auth{Users: users(), Anonymous: true}})
	ask(t, rg, "GET", "/v2/shop/api/tags/list", "").want(t, 200, "prod")
	ask(t, rg, "DELETE", "/v2/shop/api/manifests/prod", "").want(t, 401, "UNAUTHORIZED")
	ask(t, rg, "DELETE", "/v2/shop/api/manifests/prod", "", basicAnn).want(t, 202, "")
}

func TestAllowDenies(t *testing.T) {
	t.Parallel()
	rg := open(t, sandbox.Options{Auth: sandbox.Auth{
		Users: users(),
		Allow: func(_, _, action string) bool { return action == "pull" },
	}})
	ask(t, rg, "DELETE", "/v2/shop/api/manifests/prod", "", basicAnn).want(t, 403, "DENIED")
}

func TestBearerScopesAndExpiry(t *testing.T) {
	t.Parallel()
	now := sandbox.Epoch()
	rg := open(t, sandbox.Options{
		Now:  func() time.Time { return now },
		Auth: sandbox.Auth{Users: users(), Bearer: true, TokenTTL: time.Minute},
	})
	ask(t, rg, "GET", "/token?scope=repository:shop/api:pull", "").want(t, 401, "UNAUTHORIZED")
	token := "Authorization: Bearer " + fetchToken(t, rg, "repository:shop/api:pull", basicAnn)
	ask(t, rg, "GET", "/v2/shop/api/tags/list", "", token).want(t, 200, "prod")
	other := ask(t, rg, "GET", "/v2/shop/web/tags/list", "", token).want(t, 401, "")
	other.wantHeader(t, "WWW-Authenticate", `Bearer realm="https://registry.test/token",service="registry.test",`+
		`scope="repository:shop/web:pull",error="insufficient_scope"`)
	ask(t, rg, "DELETE", "/v2/shop/api/manifests/prod", "", token).want(t, 401, "")
	now = now.Add(time.Minute)
	ask(t, rg, "GET", "/v2/shop/api/tags/list", "", token).want(t, 401, "UNAUTHORIZED")
}

func TestOAuth2(t *testing.T) {
	t.Parallel()
	rg := open(t, sandbox.Options{Auth: sandbox.Auth{Users: users(), Bearer: true}})
	form := "Content-Type: application/x-www-form-urlencoded"
	ask(t, rg, "POST", "/token", "grant_type=password&username=ann&password=no", form).want(t, 401, "")
	first := ask(t, rg, "POST", "/token",
		"grant_type=password&username=ann&password=secret&access_type=offline&scope=repository:shop/api:*", form)
	refresh := decodeToken(t, first.want(t, 200, "")).RefreshToken
	second := ask(t, rg, "POST", "/token", "grant_type=refresh_token&refresh_token="+refresh+
		"&scope=repository:shop/api:delete", form).want(t, 200, "")
	token := "Authorization: Bearer " + decodeToken(t, second).Token
	ask(t, rg, "DELETE", "/v2/shop/api/manifests/prod", "", token).want(t, 202, "")
}

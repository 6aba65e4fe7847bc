package oci_test

import (
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/google/go-containerregistry/pkg/authn"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/registry/oci"
	"regatta/registry/sandbox"
)

// login is a keychain whose password can be changed, as by docker login in
// another terminal. What it gives is kept until it is refused.
type login struct {
	mu             sync.Mutex
	user, password string
	asked          int
}

func (l *login) Resolve(authn.Resource) (authn.Authenticator, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.asked++
	return &authn.Basic{Username: l.user, Password: l.password}, nil
}

func (l *login) change(password string) {
	l.mu.Lock()
	defer l.mu.Unlock()
	l.password = password
}

func single(w *world, tag string) {
	d := w.registry.PushImage("shop/api", sandbox.Image{Layers: []string{tag}})
	w.registry.Tag("shop/api", tag, d, clock())
}

func describeTag(t *testing.T, w *world, tag string) error {
	t.Helper()
	_, err := w.client.Describe(t.Context(), "shop/api", image.Image{Tags: []string{tag}}, true)
	return err
}

func requests(w *world, path string) int {
	n := 0
	for _, r := range w.registry.Requests() {
		if r.Path == path {
			n++
		}
	}
	return n
}

func TestTokenIsRenewedBeforeItExpires(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{Empty: true, Auth: sandbox.Auth{
			Bearer: true, Users: map[string]string{"u": "p"}, TokenTTL: time.Minute,
		}}, oci.Options{Keychain: &login{user: "u", password: "p"}})
		single(w, "a")
		for range 5 {
			must(t, describeTag(t, w, "a"))
			time.Sleep(40 * time.Second)
		}
		for _, r := range w.registry.Requests() {
			if r.Status == 401 && r.Path != "/v2/" {
				t.Errorf("%s %s was refused: the token was used too long", r.Method, r.Path)
			}
		}
		if n := requests(w, "/v2/"); n != 1 {
			t.Errorf("%d pings, want 1", n)
		}
	})
}

func TestForgottenTokenIsReplaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Empty: true, Auth: sandbox.Auth{Bearer: true, Users: map[string]string{"u": "p"}}},
		oci.Options{Keychain: &login{user: "u", password: "p"}})
	single(w, "a")
	must(t, describeTag(t, w, "a"))
	w.registry.Inject(sandbox.Fault{Prefix: "/v2/shop/api/manifests/", Times: 1, Effect: sandbox.ExpireToken{}})
	must(t, describeTag(t, w, "a"))
	if n := requests(w, "/token"); n != 2 {
		t.Errorf("%d tokens, want 2", n)
	}
}

func TestOneTokenForManyRequests(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Empty: true, Auth: sandbox.Auth{Bearer: true, Users: map[string]string{"u": "p"}}},
		oci.Options{Keychain: &login{user: "u", password: "p"}})
	single(w, "a")
	single(w, "b")
	var wg sync.WaitGroup
	for range 10 {
		for _, tag := range []string{"a", "b"} {
			wg.Go(func() {
				if err := describeTag(t, w, tag); err != nil {
					t.Error(err)
				}
			})
		}
	}
	wg.Wait()
	if requests(w, "/v2/") != 1 || requests(w, "/token") != 1 {
		t.Errorf("%d pings, %d tokens; want one of each", requests(w, "/v2/"), requests(w, "/token"))
	}
}

func TestChangedPassword(t *testing.T) {
	t.Parallel()
	for _, bearer := range []bool{false, true} {
		users := map[string]string{"u": "old"}
		l := &login{user: "u", password: "old"}
		w := newWorld(t, sandbox.Options{Empty: true, Auth: sandbox.Auth{Bearer: bearer, Users: users}}, oci.Options{Keychain: l})
		single(w, "a")
		must(t, describeTag(t, w, "a"))
		l.change("new")
		users["u"] = "new"
		if bearer {
			w.registry.Inject(sandbox.Fault{Prefix: "/v2/shop/api/manifests/", Times: 1, Effect: sandbox.ExpireToken{}})
		}
		if err := describeTag(t, w, "a"); err != nil {
			t.Errorf("bearer %v: %v", bearer, err)
		}
	}
}

func TestRefusals(t *testing.T) {
	t.Parallel()
	deny := func(string, string, string) bool { return false }
	tests := []struct {
		name string
		auth sandbox.Auth
		keys authn.Keychain
		want fault.Kind
	}{
		{"anonymous", sandbox.Auth{Users: map[string]string{"u": "p"}}, nil, fault.Auth},
		{"anonymous bearer", sandbox.Auth{Bearer: true, Users: map[string]string{"u": "p"}}, nil, fault.Auth},
		{"wrong password", sandbox.Auth{Users: map[string]string{"u": "p"}}, &login{user: "u", password: "CANARYx"}, fault.Auth},
		{"wrong password bearer", sandbox.Auth{Bearer: true, Users: map[string]string{"u": "p"}}, &login{user: "u", password: "CANARYx"}, fault.Auth},
		{"not allowed", sandbox.Auth{Users: map[string]string{"u": "p"}, Allow: deny}, &login{user: "u", password: "p"}, fault.Denied},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{Empty: true, Auth: test.auth}, oci.Options{Keychain: test.keys})
			single(w, "a")
			err := describeTag(t, w, "a")
			if !fault.Is(err, test.want) || strings.Contains(err.Error(), "CANARY") {
				t.Errorf("%v, want %s", err, test.want)
			}
			if n := len(w.registry.Requests()); n > 5 {
				t.Errorf("%d requests to be refused", n)
			}
		})
	}
}

func TestThrottledDescribe(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{Empty: true}, oci.Options{})
		single(w, "a")
		must(t, describeTag(t, w, "a"))
		w.registry.Inject(sandbox.Fault{
			Prefix: "/v2/shop/api/manifests/", Times: 2, Effect: sandbox.Status{Code: 429, RetryAfter: 20 * time.Second},
		})
		start := clock()
		must(t, describeTag(t, w, "a"))
		if got := clock().Sub(start); got != 40*time.Second {
			t.Errorf("took %s, want twice 20s", got)
		}
	})
}

func TestHungRegistry(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{Empty: true}, oci.Options{})
		single(w, "a")
		must(t, describeTag(t, w, "a"))
		w.registry.Inject(sandbox.Fault{Prefix: "/v2/shop/api/manifests/", Effect: sandbox.Hang{}})
		if err := describeTag(t, w, "a"); !fault.Is(err, fault.Timeout) {
			t.Errorf("%v, want a timeout", err)
		}
	})
}

func TestPullLimit(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := newWorld(t, sandbox.Options{Empty: true, Quirks: sandbox.Quirks{RateHeaders: true}}, oci.Options{})
		single(w, "a")
		if w.client.Capabilities().CountsReads {
			t.Error("counts reads before the registry said so")
		}
		var err error
		for range 101 {
			err = describeTag(t, w, "a")
		}
		if !fault.Is(err, fault.RateLimited) || !w.client.Capabilities().CountsReads {
			t.Errorf("%v; %+v", err, w.client.Capabilities())
		}
		if b, ok := w.transport.Budget(sandboxHost); !ok || b.Limit != 100 || b.Remaining != 0 {
			t.Errorf("budget %+v", b)
		}
	})
}

func TestPageSizeIsLearnt(t *testing.T) {
	t.Parallel()
	for _, q := range []sandbox.Quirks{{PageLimit: 100}, {PageLimit: 20}, {ClampPage: 7}} {
		w := newWorld(t, sandbox.Options{Empty: true, Quirks: q}, oci.Options{})
		for i := range 30 {
			single(w, "t"+string(rune('a'+i)))
		}
		all := listAll(t, w.client, "shop/api")
		if len(all) < 26 {
			t.Errorf("%+v: %d tags", q, len(all))
		}
	}
}

func TestRefusedCatalogStillShowsPins(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Empty: true, Quirks: sandbox.Quirks{NoCatalog: true}}, oci.Options{Pins: []string{"shop/api"}})
	page, err := w.client.Repositories(t.Context(), "")
	if !fault.Is(err, fault.Auth) || len(page.Repositories) != 1 || !page.Repositories[0].Pinned {
		t.Errorf("%+v, %v", page, err)
	}
}

package cli

import (
	"maps"
	"net/http"
	"testing"

	"regatta/cmd/cli/demo"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/ui/uitest"
)

// release are the repositories of one release, and where prod of each points to.
type release map[string]string

func (r release) now(reg *sandbox.Registry) release {
	out := release{}
	for name := range r {
		out[name], _ = reg.Resolve(name, "prod")
	}
	return out
}

// aligned numbers what prod points to in three repositories, and what it pointed
// to before, as one release would be; the oldest number is not in all of them.
func aligned(reg *sandbox.Registry) release {
	out := release{}
	for name, former := range map[string][]string{
		"shop/api": {"v3.1.2", "v3.0.1"}, "shop/web": {"v3.9.4", "v3.8.0"}, "shop/worker": {"v1.7.0"},
	} {
		for i, tag := range append([]string{"prod"}, former...) {
			digest, _ := reg.Resolve(name, tag)
			reg.Tag(name, []string{"v90.2.0", "v90.1.0", "v90.0.0"}[i], digest, sandbox.Epoch())
		}
		out[name], _ = reg.Resolve(name, "v90.1.0")
	}
	return out
}

// Three repositories of one release go back as one: one plan, one name to type,
// one run, and one key takes all of it back.
func TestRollbackOfARelease(t *testing.T) {
	t.Parallel()
	with := setup{target: &ref.Reference{Host: demo.Account}, terminal: uitest.Terminal{Width: 160, Height: 45}}
	perform(t, with, func(s *stage) {
		good := aligned(s.reg)
		bad := good.now(s.reg)
		s.Advance(settle).Press("/").Type("shop/ !admin !checkout !mailer !search").Press("enter").Advance(settle)
		b := &back{stage: s}
		b.press("a", "b").See("roll back which tag?", "of shop/api, shop/web, shop/worker")
		b.Type("prod").Press("enter").Advance(settle)
		b.See("What is marked goes back together", "shop/api:prod", "shop/web:prod", "shop/worker:prod", "v90.1.0", "3 of 3 tags marked")
		b.press("enter").See("roll back 3 tags: shop/api:prod to v90.1.0, shop/web:prod to v90.1.0, shop/worker:prod to v90.1.0", "6 steps")
		b.press("tab", "enter").Type("prod")
		b.press("enter").press()
		b.See("done · 6 of 6 steps", "shop/api:prod", "shop/web:prod", "shop/worker:prod")
		if now := good.now(s.reg); !maps.Equal(now, good) {
			t.Errorf("prod is %v, want %v", now, good)
		}
		b.press("d").See("prod/shop-api ← prod", "prod/shop-web ← prod", "prod/shop-worker ← prod")
		b.press("tab", "enter")
		b.Advance(settle*14).See("✓ prod/shop-api", "✓ prod/shop-web", "✓ prod/shop-worker")
		b.press("Z").See("undoes: roll back 3 tags")
		b.press("tab", "enter").Type(demo.Account)
		b.press("enter")
		b.Advance(settle * 14)
		if now := good.now(s.reg); !maps.Equal(now, bad) || len(keptBy(t, s)) != 0 {
			t.Errorf("prod is %v after it was taken back, want %v", now, bad)
		}
	})
}

// From the candidates of one tag, the repositories next to it that have the same
// tag are offered; those that are marked go back with it, and the choice for one
// leads the others to the same version.
func TestRollbackWithOthers(t *testing.T) {
	t.Parallel()
	with := in("shop/api")
	with.terminal = uitest.Terminal{Width: 160, Height: 45}
	perform(t, with, func(s *stage) {
		good := aligned(s.reg)
		s.Press("r").Advance(settle).Press("g").CursorOn("prod").Press("b").Advance(settle).Press("enter").Advance(settle)
		s.Press("+").Advance(settle).See("shop/admin:prod", "shop/mailer:prod", "1 of 7 tags marked")
		for _, name := range []string{"shop/web:prod", "shop/worker:prod"} {
			s.Press("/").Type(name).Press("enter").Advance(settle).Press("space", "esc").Advance(settle)
		}
		s.See("3 of 7 tags marked", "v90.1.0, a version before v90.2.0")
		s.Press("g", "o").Advance(settle).See("prod of shop/api points to").Press("j").CursorOn("v90.0.0")
		s.Press("enter").Advance(settle)
		s.Press("enter").Advance(settle)
		good["shop/api"], _ = s.reg.Resolve("shop/api", "v90.0.0")
		good["shop/web"], _ = s.reg.Resolve("shop/web", "v90.0.0")
		s.See("roll back 3 tags: shop/api:prod to v90.0.0, shop/web:prod to v90.0.0, shop/worker:prod to v90.1.0")
		s.Press("tab", "enter").Type("prod").Press("enter").Advance(settle).Advance(settle)
		if now := good.now(s.reg); !maps.Equal(now, good) {
			t.Errorf("prod is %v, want %v", now, good)
		}
	})
}

// What cannot go back says so, and nothing goes back while it is marked.
func TestRollbackTogetherIsWhole(t *testing.T) {
	t.Parallel()
	with := in("shop/api")
	with.terminal = uitest.Terminal{Width: 160, Height: 45}
	perform(t, with, func(s *stage) {
		aligned(s.reg)
		s.Press("r").Advance(settle).Press("g").CursorOn("prod").Press("b").Advance(settle).Press("enter").Advance(settle)
		s.Press("+").Advance(settle).Press("n").Type("shop/none").Press("enter").See("want REPOSITORY:TAG")
		s.Type(":prod").Press("enter").Advance(settle).See("✗ there is no such tag", "shop/none:prod cannot go back")
		s.Press("enter").Advance(settle).SeeNot("STEPS")
		s.Press("G").CursorOn("shop/none:prod").Press("space").Advance(settle).SeeNot("cannot go back")
		s.Press("g", "j", "space").Advance(settle)
		s.reg.Inject(sandbox.Fault{
			Method: http.MethodHead, Prefix: "/v2/shop/admin/blobs/", Effect: sandbox.Status{Code: http.StatusNotFound},
		})
		before, _ := s.reg.Resolve("shop/api", "prod")
		s.Press("enter").Advance(settle).See("shop/admin:prod", "configs or layers are not there", "Nothing was changed")
		if now, _ := s.reg.Resolve("shop/api", "prod"); now != before {
			t.Error("one of them went back alone")
		}
	})
}

// Where one of the tags moves before its turn, it is left alone and named; the
// others stay where they went, and all of them can be taken back.
func TestRollbackTogetherWhereOneMoves(t *testing.T) {
	t.Parallel()
	with := setup{target: &ref.Reference{Host: "registry.example"}, terminal: uitest.Terminal{Width: 160, Height: 45}}
	perform(t, with, func(s *stage) {
		good := aligned(s.reg)
		bad := good.now(s.reg)
		s.Advance(settle).Press("/").Type("shop/ !admin !checkout !mailer !search").Press("enter").Advance(settle)
		s.Press("a", "b").Type("prod").Press("enter").Advance(settle).Press("enter").Advance(settle).See("6 steps")
		other, _ := s.reg.Resolve("shop/web", "v3.8.0")
		s.reg.Tag("shop/web", "prod", other, sandbox.Epoch())
		s.Press("tab", "enter").Type("prod").Press("enter").Advance(settle).Advance(settle)
		s.See("5 of 6 steps", "✗ retag", "shop/web:prod", "✗ it did not go back", "Z reverts it")
		want := release{"shop/api": good["shop/api"], "shop/web": other, "shop/worker": good["shop/worker"]}
		if now := good.now(s.reg); !maps.Equal(now, want) {
			t.Errorf("prod is %v, want %v", now, want)
		}
		s.Press("Z").Advance(settle).See("undoes: roll back 3 tags").Press("tab", "enter").Type("registry.example").Press("enter")
		s.Advance(settle).Advance(settle)
		want = release{"shop/api": bad["shop/api"], "shop/web": other, "shop/worker": bad["shop/worker"]}
		if now := good.now(s.reg); !maps.Equal(now, want) {
			t.Errorf("prod is %v after it was taken back, want %v", now, want)
		}
		s.See("5 of 6 steps · reverted", "REVERTED", "✓ tag").SeeNot("Z reverts it")
	})
}

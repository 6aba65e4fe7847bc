package cli

import (
	"cmp"
	"slices"
	"strings"
	"testing"

	rollbacks "regatta/cmd/app/rollback"
	"regatta/cmd/cli/demo"
	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/registry/sandbox"
)

// obstacle is something that stands in the way of a rollback, and what the
// preflight has to say of it.
type obstacle struct {
	check string
	level rollback.Level
	says  string
	repo  string                  // shop/api
	to    func(c *console) string // v3.1.2
	late  func(c *console)        // happens once the target is chosen
}

func obstacles() map[string]obstacle {
	tagged := func(tag string) func(*console) {
		return func(c *console) { c.reg.Tag("shop/api", "prod", string(c.points(tag)), sandbox.Epoch()) }
	}
	single := func(c *console) string {
		return c.reg.PushImage("shop/api", sandbox.Image{Layers: []string{"alone"}})
	}
	return map[string]obstacle{
		"the tag moved":   {check: "tag", level: rollback.Block, says: "now, not to", late: tagged("v3.0.1")},
		"the tag is gone": {check: "tag", level: rollback.Block, says: "not there any more", late: func(c *console) { c.reg.Untag("shop/api", "prod") }},
		"it is there already": {
			check: "tag", level: rollback.Block, says: "points to the target already",
			to: func(c *console) string { return string(c.points("prod")) },
		},
		"a blob is missing": {
			check: "content", level: rollback.Block, says: "configs or layers are not there", to: single,
			late: func(c *console) { c.reg.DropBlob("shop/api", string(ref.DigestOf([]byte("alone")))) },
		},
		"a child is missing": {
			check: "content", level: rollback.Block, says: "manifests that it lists are not there",
			to: func(c *console) string {
				child := c.reg.PushImage("shop/api", sandbox.Image{Layers: []string{"child"}})
				index := c.reg.PushIndex("shop/api", single(c), child)
				c.reg.DropManifest("shop/api", child)
				return index
			},
		},
		"the candidate has vanished": {
			check: "content", level: rollback.Block, says: "the manifest cannot be read", to: single,
			late: func(c *console) { c.reg.DropManifest("shop/api", single(c)) },
		},
		"it is archived": {
			check: "storage", level: rollback.Block, says: "regatta restore",
			to: func(c *console) string {
				c.reg.Archive("shop/api", string(c.points("v3.1.2")), sandbox.Epoch())
				return "v3.1.2"
			},
		},
		"it is of a single platform": {check: "platforms", level: rollback.Warn, says: "it lacks linux/arm64", to: single},
		"its signature is not there": {check: "signature", level: rollback.Warn, says: "it is not signed, and", to: single},
		"tags cannot be moved": {
			check: "mutability", level: rollback.Block, says: "deploy the digest instead", repo: "legacy/billing",
			to: func(c *console) string {
				now := c.reg.PushImage("legacy/billing", sandbox.Image{Layers: []string{"now"}})
				c.reg.Tag("legacy/billing", "prod", now, sandbox.Epoch())
				return c.reg.PushImage("legacy/billing", sandbox.Image{Layers: []string{"then"}})
			},
		},
		"the policy would remove it": {
			check: "lifecycle", level: rollback.Warn, says: "would remove it",
			to: func(c *console) string {
				c.reg.SetLifecycle("shop/api", `{"rules":[{"rulePriority":1,"selection":{"tagStatus":"any",`+
					`"countType":"imageCountMoreThan","countNumber":1},"action":{"type":"expire"}}]}`)
				return "v3.1.2"
			},
		},
		"not all that runs is known": {
			check: "used by", level: rollback.Warn, says: "incomplete",
			to: func(c *console) string {
				c.reg.Inject(sandbox.Fault{Operation: "ecs:*", Effect: sandbox.Status{Code: 403}})
				return "v3.1.2"
			},
		},
		"a service is pinned to a digest": {check: "pinned", level: rollback.Warn, says: "prod/shop-api"},
		"nothing may be changed": {
			check: "permission", level: rollback.Block, says: "read-only",
			to: func(c *console) string { c.app.Flags.ReadOnly = true; return "v3.1.2" },
		},
	}
}

// Whatever the preflight checks is shown to block or to warn, by a registry on
// which that is so; a check without such a case fails.
func TestEveryCheckBlocksOrWarns(t *testing.T) {
	t.Parallel()
	all := obstacles()
	for _, c := range rollback.Preflight(rollback.Before{}) {
		covered := false
		for _, o := range all {
			covered = covered || o.check == c.Name
		}
		if !covered {
			t.Errorf("nothing shows that the check %q ever blocks or warns", c.Name)
		}
	}
	for name, o := range all {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onConsole(t, sandbox.Options{}, func(c *console) { o.try(c) })
		})
	}
}

func (o obstacle) try(c *console) {
	c.t.Helper()
	to := "v3.1.2"
	if o.to != nil {
		to = o.to(c)
	}
	repo := cmp.Or(o.repo, "shop/api")
	at := ref.Reference{Host: demo.Account, Repository: repo, Tag: "prod"}
	l, uses, err := rollbacks.Load(c.t.Context(), c.app, at, rollbacks.DefaultKeep)
	if err == nil {
		l.Target, err = l.Choose(c.t.Context(), to)
	}
	if err != nil {
		c.t.Fatal(err)
	}
	if o.late != nil {
		o.late(c)
	}
	before, _ := c.reg.Resolve(repo, "prod")
	if err := rollbacks.Check(c.t.Context(), c.app, l, uses, rollbacks.DefaultKeep); err != nil {
		c.t.Fatal(err)
	}
	i := slices.IndexFunc(l.Checks, func(k rollback.Check) bool { return k.Name == o.check })
	if got := l.Checks[i]; got.Level != o.level || !strings.Contains(got.Text, o.says) {
		c.t.Errorf("the check says %+v, want %s and %q", got, o.level, o.says)
	}
	if (rollbacks.Barred([]*rollbacks.Case{l}) != nil) != (o.level == rollback.Block) {
		c.t.Errorf("blocked: %v", rollback.Blocked(l.Checks))
	}
	if now, _ := c.reg.Resolve(repo, "prod"); now != before {
		c.t.Error("the preflight has moved the tag")
	}
}

package rollback_test

import (
	"regexp"
	"slices"
	"strings"
	"testing"

	"regatta/cmd/app/rollback"
	"regatta/model/ref"
	model "regatta/model/rollback"
	"regatta/model/usage"
	"regatta/registry/sandbox"
)

// Whoever runs a part of the target runs the target; a registry that cannot be read back from is
// a doubt, and not a yes.
func TestChecksOfAnIndex(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	child := w.push("child")
	index := w.reg.PushIndex("team/app", string(child))
	w.reg.Tag("team/app", "both", index, sandbox.Epoch())
	pinned := func(d ref.Digest) bool {
		r := at("prod")
		r.Digest = d
		l := w.read("both", "")
		l.Facts.Uses = []usage.Use{{Source: usage.ECS, Place: "prod/api", How: usage.Task, Image: r, Running: 1}}
		if err := rollback.Check(t.Context(), w.app, l, usage.Set{}, ""); err != nil {
			t.Fatal(err)
		}
		return slices.ContainsFunc(l.Checks, func(c model.Check) bool {
			return c.Level != model.OK && strings.Contains(c.Text, "prod/api")
		})
	}
	if pinned(child) || pinned(ref.Digest(index)) || !pinned(w.bad) {
		t.Errorf("a part is pinned %v, the target %v, another %v", pinned(child), pinned(ref.Digest(index)), pinned(w.bad))
	}
	l := w.read("both", "")
	w.reg.Tag("team/app", "prod", index, sandbox.Epoch())
	w.reg.Inject(sandbox.Fault{Method: "HEAD", Pattern: regexp.MustCompile("/blobs/"), Effect: sandbox.Status{Code: 403}})
	w.reg.Inject(sandbox.Fault{Method: "GET", Pattern: regexp.MustCompile("/blobs/"), Effect: sandbox.Status{Code: 403}})
	if found := l.ReadBack(t.Context()); strings.Contains(found.Text, "all of which is there") {
		t.Errorf("%+v", found)
	}
	w.reg.Inject(sandbox.Fault{Pattern: regexp.MustCompile("/manifests/prod"), Effect: sandbox.Status{Code: 403}})
	if found := l.ReadBack(t.Context()); strings.Contains(found.Text, "all of which is there") {
		t.Errorf("%+v", found)
	}
}

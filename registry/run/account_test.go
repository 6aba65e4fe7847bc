package run_test

import (
	"context"
	"net/http"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/ecr"
	"regatta/registry/httpx"
	"regatta/registry/oci"
	"regatta/registry/run"
	"regatta/registry/sandbox"
	"regatta/registry/store"
	"regatta/registry/survey"
)

// cloud is a world whose registry is an account's.
type cloud struct {
	*world

	client *ecr.Client
}

func newCloud(t *testing.T) *cloud {
	t.Helper()
	cache := store.Open(store.Options{Path: store.Memory, Now: clock})
	t.Cleanup(func() { _ = cache.Close() })
	c := cloudWith(t, cache)
	c.journal = store.OpenJournal(t.Context(), store.JournalOptions{
		Path: filepath.Join(t.TempDir(), "journal.db"), Now: clock,
	})
	t.Cleanup(func() { _ = c.journal.Close() })
	c.runner = run.New(run.Options{
		Journal: c.journal, Now: clock, Open: func(string) (run.Registry, error) { return c.client, nil },
	})
	return c
}

// cloudWith is an account that a client reads with a cache, or without one.
func cloudWith(t *testing.T, cache oci.Cache) *cloud {
	t.Helper()
	reg := sandbox.New(sandbox.Options{Now: clock, Empty: true, Auth: sandbox.Auth{AWS: true}})
	t.Cleanup(func() { _ = reg.Close() })
	name, ok := ecr.ParseHost(account)
	if !ok {
		t.Fatal("the host is not known")
	}
	c := &cloud{world: &world{registry: reg}}
	c.client = ecr.New(name, ecr.Options{
		Config: func(_ context.Context, region string) (aws.Config, error) {
			return aws.Config{
				Region: region, Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE", "secret", ""),
			}, nil
		},
		OCI: oci.Options{
			Transport: httpx.New(httpx.Options{Now: clock, Base: reg.Transport()}), Now: clock, Cache: cache,
		},
	})
	return c
}

func (c *cloud) push(name string, tags ...string) ref.Digest {
	d := c.registry.PushImage(repo, sandbox.Image{Layers: []string{name}})
	for _, t := range tags {
		c.registry.Tag(repo, t, d, clock())
	}
	return ref.Digest(d)
}

func (c *cloud) view(t *testing.T, digests ...ref.Digest) plan.View {
	t.Helper()
	v, err := survey.View(t.Context(), c.client, repo, survey.Options{Digests: digests, Referrers: true})
	must(t, err)
	return v
}

func (c *cloud) undone(t *testing.T, id string) plan.Plan {
	t.Helper()
	r, err := c.journal.Run(t.Context(), id)
	must(t, err)
	u, err := survey.Undo(t.Context(), c.client, survey.Keeper{Saved: c.journal}, r, plan.Options{At: clock()}, nil)
	must(t, err)
	return u.Plan
}

func (c *cloud) tags(name string) bool {
	_, ok := c.registry.Resolve(repo, name)
	return ok
}

// atErase does something just before images are deleted.
func (c *cloud) atErase(do func()) {
	c.registry.Inject(sandbox.Fault{Operation: "ecr:BatchDeleteImage", Times: 1, Effect: sandbox.Meanwhile{Do: do}})
}

// The tags that a plan names are the lock: an image that gets another one in the
// very moment of its delete stays, and undo gives it back those that went.
func TestOnECRAnImageStaysThatGetsATag(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	d := c.push("one", "v1", "v2")
	p, err := plan.ToDelete(c.view(t, d), plan.Selection{Digests: []ref.Digest{d}}, plan.Options{At: clock()})
	must(t, err)
	c.atErase(func() { c.registry.Tag(repo, "release-1.0", string(d), clock()) })
	r := c.run(t, p, "")
	if !c.tags("release-1.0") || r.Done != 0 || !strings.Contains(r.Steps[0].Error, "release-1.0 points to it now") {
		t.Fatalf("release-1.0 is there: %v; %+v", c.tags("release-1.0"), r)
	}
	allDone(t, c.run(t, c.undone(t, r.Run), r.Run))
	if !c.tags("v1") || !c.tags("v2") {
		t.Error("undo does not bring back the tags that went")
	}
}

// A tag that moves in that moment stays where it went.
func TestOnECRATagStaysThatMoves(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	d, other := c.push("one", "v1"), c.push("two")
	p, err := plan.ToDelete(c.view(t, d), plan.Selection{Digests: []ref.Digest{d}}, plan.Options{At: clock()})
	must(t, err)
	c.atErase(func() { c.registry.Tag(repo, "v1", string(other), clock()) })
	r := c.run(t, p, "")
	if got, _ := c.registry.Resolve(repo, "v1"); got != string(other) || r.Done != 0 {
		t.Errorf("v1 is %q; %+v", got, r)
	}
}

// Of several tags one moves in that moment: the image goes with the others, and that
// the one did not go is said, by name. Undo brings back what went, and no more.
func TestOnECROneOfTheTagsMoves(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	d, other := c.push("one", "v1", "v2"), c.push("two")
	p, err := plan.ToDelete(c.view(t, d), plan.Selection{Digests: []ref.Digest{d}}, plan.Options{At: clock()})
	must(t, err)
	c.atErase(func() { c.registry.Tag(repo, "v1", string(other), clock()) })
	r := c.run(t, p, "")
	said := "changed meanwhile: the tag v1 does not point to " + d.Short() + " any more"
	if got, _ := c.registry.Resolve(repo, "v1"); got != string(other) || c.tags("v2") || r.Done != 0 || r.InDoubt != 1 || !strings.Contains(r.Steps[0].Error, said) {
		t.Fatalf("v1 is %q; %+v", got, r)
	}
	c.run(t, c.undone(t, r.Run), r.Run)
	back, _ := c.registry.Resolve(repo, "v2")
	if got, _ := c.registry.Resolve(repo, "v1"); got != string(other) || back != string(d) {
		t.Errorf("after undo v1 is %q and v2 %q", got, back)
	}
}

// An index without a tag that lists an image which is about to go keeps it.
func TestOnECRAnIndexThatComesMeanwhile(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	d := c.push("one")
	p, err := plan.ToDelete(c.view(t, d), plan.Selection{Digests: []ref.Digest{d}}, plan.Options{At: clock()})
	must(t, err)
	c.registry.PushIndex(repo, string(d))
	r := c.run(t, p, "")
	if r.Skipped != 1 || !strings.Contains(r.Steps[0].Error, "lists it now") {
		t.Errorf("%+v", r)
	}
}

// A tag that became an image's last one is not taken off: the image would go with
// it.
func TestOnECRTheLastTagIsNotTaken(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	d := c.push("one", "v1", "v2")
	p, err := plan.ToUntag(c.view(t), []string{"v1"}, plan.Options{At: clock()})
	must(t, err)
	c.registry.Untag(repo, "v2")
	r := c.run(t, p, "")
	if got, _ := c.registry.Resolve(repo, "v1"); got != string(d) || r.Skipped != 1 || !strings.Contains(r.Steps[0].Error, "last tag") {
		t.Errorf("v1 is %q; %+v", got, r)
	}
}

// A tag that a run has set on an image with others goes alone; no dummy is pushed.
func TestOnECRUndoTakesTheTagAlone(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	c.push("one", "v1")
	from := ref.Reference{Host: account, Repository: repo, Tag: "v1"}
	to := from
	to.Tag = "keep"
	p, err := plan.ToRetag([]plan.View{c.view(t)}, []plan.Move{{From: from, To: to}}, plan.Options{At: clock()})
	must(t, err)
	r := c.run(t, p, "")
	allDone(t, r)
	undo := c.undone(t, r.Run)
	if len(undo.Steps) != 1 || undo.Steps[0].Kind != plan.Untag {
		t.Fatalf("%+v", undo.Steps)
	}
	c.registry.ResetRequests()
	allDone(t, c.run(t, undo, r.Run))
	for _, q := range c.registry.Requests() {
		if q.Operation == "ecr:PutImage" {
			t.Error("a dummy was pushed")
		}
	}
	if c.tags("keep") || !c.tags("v1") {
		t.Errorf("keep is there: %v, v1: %v", c.tags("keep"), c.tags("v1"))
	}
}

// A change that the API throttles is decided anew: what somebody pushed meanwhile
// stays.
func TestOnECRAThrottledChangeIsDecidedAnew(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	one, other := c.push("one", "prod", "v1"), c.push("two", "v2")
	to := ref.Reference{Host: account, Repository: repo, Tag: "prod"}
	from := to
	from.Tag = "v2"
	p, err := plan.ToRetag([]plan.View{c.view(t)}, []plan.Move{{From: from, To: to}}, plan.Options{At: clock()})
	must(t, err)
	foreign := c.push("three")
	for _, effect := range []sandbox.Effect{
		sandbox.Meanwhile{Do: func() { c.registry.Tag(repo, "prod", string(foreign), clock()) }},
		sandbox.APIError{Code: "ThrottlingException", Message: "Rate exceeded", Status: http.StatusBadRequest},
	} {
		c.registry.Inject(sandbox.Fault{Operation: "ecr:PutImage", Times: 1, Effect: effect})
	}
	began := clock()
	r := c.run(t, p, "")
	if got, _ := c.registry.Resolve(repo, "prod"); got != string(foreign) || r.Skipped != 1 {
		t.Errorf("prod is %q, not what somebody pushed, after %s, nor %v; %+v", got, clock().Sub(began), []ref.Digest{one, other}, r)
	}
	puts := slices.DeleteFunc(c.registry.Requests(), func(q sandbox.Request) bool { return q.Operation != "ecr:PutImage" })
	if len(puts) != 1 || clock().Sub(began) > 30*time.Second {
		t.Errorf("it was sent %d times", len(puts))
	}
}

// Whoever undoes a run that was interrupted looks how its steps went, also on a
// registry where an image goes with its last tag.
func TestOnECRUndoEndsWhatWasInterrupted(t *testing.T) {
	t.Parallel()
	c := newCloud(t)
	c.push("one", "v1", "v2")
	p, err := plan.ToUntag(c.view(t), []string{"v1"}, plan.Options{At: clock()})
	must(t, err)
	id, err := c.journal.Begin(t.Context(), journal.Run{Plan: p})
	must(t, err)
	must(t, c.journal.Intend(t.Context(), id, 0, nil))
	must(t, c.journal.End(t.Context(), id, journal.Interrupted))
	must(t, c.runner.Abandon(t.Context(), id))
	if !c.tags("v1") {
		t.Error("v1 is gone")
	}
}

package run_test

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"pgregory.net/rapid"

	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/httpx"
	"regatta/registry/oci"
	"regatta/registry/run"
	"regatta/registry/sandbox"
	"regatta/registry/survey"
)

// The run against a second client that pushes, retags, deletes and lists indexes at
// random requests, while requests are refused, cut and lost, and the program may be
// killed. Whatever happens:
//
//   - nothing is lost that the plan did not name and nobody else removed, but for what
//     came after the run's last look at it, which for a tag is the request before its
//     change and for a delete by digest a second at most;
//   - what was lost so is reported, where the run has seen it;
//   - undo gives the state before, but for what others did since.
func TestModel(t *testing.T) {
	t.Parallel()
	for name, q := range map[string]sandbox.Quirks{
		"tags": {SparseIndexes: true}, "dummies": {SparseIndexes: true, NoTagDelete: true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rapid.Check(t, func(r *rapid.T) {
				s := drawScript(r)
				var wrong []string
				synctest.Test(t, func(t *testing.T) { wrong = s.perform(t, q) })
				if len(wrong) > 0 {
					r.Fatalf("%s\n%+v", strings.Join(wrong, "\n"), s)
				}
			})
		})
	}
}

const (
	modelImages  = 6
	modelIndexes = 2
	modelTags    = 6
)

// script is one case.
type script struct {
	Tags     [modelTags]int // which manifest each tag is on, -1: none
	Lists    [modelIndexes][]int
	Kind     string
	Picked   []int // manifests or tags of the plan
	Onto     int
	Places   int
	Latency  time.Duration
	Deeds    map[int]deed
	Troubles map[int]trouble
	Resume   bool // what was killed goes on before it is undone
}

// deed is what somebody else does.
type deed struct {
	What string
	Tag  int
	On   int
}

func drawScript(r *rapid.T) script {
	manifest := rapid.IntRange(0, modelImages+modelIndexes-1)
	s := script{
		Kind:    rapid.SampledFrom([]string{"delete", "untag", "retag"}).Draw(r, "kind"),
		Onto:    manifest.Draw(r, "onto"),
		Places:  rapid.SampledFrom([]int{1, 2, 16}).Draw(r, "places"),
		Latency: rapid.SampledFrom([]time.Duration{0, 40 * time.Millisecond, 400 * time.Millisecond}).Draw(r, "latency"),
		Deeds:   map[int]deed{}, Troubles: map[int]trouble{},
		Resume: rapid.Bool().Draw(r, "resume"),
	}
	for i := range s.Tags {
		s.Tags[i] = rapid.IntRange(-1, modelImages+modelIndexes-1).Draw(r, "tag")
	}
	for i := range s.Lists {
		s.Lists[i] = rapid.SliceOfNDistinct(rapid.IntRange(0, modelImages-1), 1, 3, rapid.ID[int]).Draw(r, "children")
	}
	s.Picked = rapid.SliceOfNDistinct(manifest, 1, 5, rapid.ID[int]).Draw(r, "picked")
	for range rapid.IntRange(0, 4).Draw(r, "deeds") {
		s.Deeds[rapid.IntRange(1, 60).Draw(r, "at")] = deed{
			What: rapid.SampledFrom([]string{"push", "move", "untag", "index", "delete"}).Draw(r, "deed"),
			Tag:  rapid.IntRange(0, modelTags+1).Draw(r, "deed's tag"), On: manifest.Draw(r, "deed's manifest"),
		}
	}
	for range rapid.IntRange(0, 5).Draw(r, "troubles") {
		s.Troubles[rapid.IntRange(1, 60).Draw(r, "at")] = rapid.SampledFrom([]trouble{
			refused429, refused503, broken500, cut, lost, lost, down, killed9,
		}).Draw(r, "trouble")
	}
	return s
}

// scene is a script that is performed.
type scene struct {
	script

	reg     *sandbox.Registry
	stage   *stageOf
	client  *oci.Client
	digests []ref.Digest
	made    int // images and indexes that others have pushed
	book    *book
}

func tagNamed(i int) string { return fmt.Sprintf("v%d", i) }

func (s script) perform(t *testing.T, q sandbox.Quirks) []string {
	t.Helper()
	c := &scene{script: s, book: newBook()}
	c.reg = sandbox.New(sandbox.Options{Now: clock, Empty: true, Quirks: q})
	defer func() { _ = c.reg.Close() }()
	c.furnish()
	c.stage = &stageOf{base: c.reg.Transport(), calm: true, deeds: map[int]func() event{}, troubles: s.Troubles, latency: s.Latency}
	c.stage.die = func() {
		c.book.mu.Lock()
		defer c.book.mu.Unlock()
		c.book.dead = true
	}
	for n, d := range s.Deeds {
		c.stage.deeds[n] = func() event { return c.act(d) }
	}
	c.client = oci.New(host, oci.Options{
		Transport: httpx.New(httpx.Options{Now: clock, Base: c.stage}), Now: clock,
	})
	p, err := c.plan(t)
	if err != nil || p.Empty() {
		return nil // a refusal changes nothing
	}
	before := c.holds()
	c.stage.mu.Lock()
	c.stage.calm, c.stage.n = false, 0
	c.stage.mu.Unlock()
	result, id := c.carryOut(t, p)
	c.stage.quiet()
	after := c.holds()
	wrong := c.losses(p, result, before, after)
	wrong = append(wrong, c.orphans(result)...)
	return append(wrong, c.undo(t, id, before)...)
}

func (c *scene) furnish() {
	for i := range modelImages {
		c.digests = append(c.digests, ref.Digest(c.reg.PushImage(repo, sandbox.Image{Layers: []string{"l", strconv.Itoa(i)}})))
	}
	for n, children := range c.Lists {
		list := []string{string(c.digests[n])}
		for _, i := range children {
			list = append(list, string(c.digests[i]))
		}
		c.digests = append(c.digests, ref.Digest(c.reg.PushIndex(repo, list...)))
	}
	for i, on := range c.Tags {
		if on >= 0 {
			c.reg.Tag(repo, tagNamed(i), string(c.digests[on]), clock())
		}
	}
}

// act is a deed of somebody else, all at once.
func (c *scene) act(d deed) event {
	e := event{at: clock(), tags: map[string]bool{}, gone: map[ref.Digest]bool{}, wrote: map[string]ref.Digest{}}
	tag := tagNamed(d.Tag)
	set := func(digest string) {
		e.tags[tag], e.wrote[tag] = true, ref.Digest(digest)
		c.reg.Tag(repo, tag, digest, clock())
	}
	there := c.there(c.digests[d.On])
	switch d.What {
	case "push":
		c.made++
		set(c.reg.PushImage(repo, sandbox.Image{Layers: []string{"others", strconv.Itoa(c.made)}}))
	case "move":
		if there {
			set(string(c.digests[d.On]))
		}
	case "untag":
		e.tags[tag] = true
		c.reg.Untag(repo, tag)
	case "index":
		if there {
			set(c.reg.PushIndex(repo, string(c.digests[d.On])))
			e.child = c.digests[d.On]
		}
	case "delete":
		e.gone[c.digests[d.On]] = true
		for i := range modelTags + 2 {
			if on, ok := c.reg.Resolve(repo, tagNamed(i)); ok && on == string(c.digests[d.On]) {
				e.tags[tagNamed(i)] = true
			}
		}
		c.reg.DropManifest(repo, string(c.digests[d.On]))
	}
	return e
}

func (c *scene) there(d ref.Digest) bool { return c.reg.HasManifest(repo, string(d)) }

func (c *scene) holds() map[string]string {
	var tags []string
	for i := range modelTags + 2 {
		tags = append(tags, tagNamed(i))
	}
	return holds(c.reg, tags, c.digests, c.there)
}

func (c *scene) plan(t *testing.T) (plan.Plan, error) {
	t.Helper()
	if _, err := c.client.ProbeDelete(t.Context(), repo); err != nil {
		return plan.Plan{}, err
	}
	v, err := survey.View(t.Context(), c.client, repo, survey.Options{Digests: c.digests, Referrers: true})
	must(t, err)
	var tags []string
	var digests []ref.Digest
	for _, i := range c.Picked {
		digests = append(digests, c.digests[i])
		if i < modelTags && c.Tags[i] >= 0 {
			tags = append(tags, tagNamed(i))
		}
	}
	o := plan.Options{At: clock()}
	switch c.Kind {
	case "delete":
		return plan.ToDelete(v, plan.Selection{Digests: digests}, o)
	case "untag":
		return plan.ToUntag(v, tags, o)
	}
	from := ref.Reference{Host: host, Repository: repo, Digest: c.digests[c.Onto]}
	var all []plan.Move
	for _, i := range c.Picked {
		all = append(all, plan.Move{From: from, To: at(tagNamed(i))})
	}
	return plan.ToRetag([]plan.View{v}, all, o)
}

func (c *scene) runner() *run.Runner {
	return run.New(run.Options{
		Journal: c.book, Now: clock, PerHost: c.Places,
		Open: func(string) (run.Registry, error) { return c.client, nil },
	})
}

// carryOut runs the plan, and what a program that comes after a kill does with it.
func (c *scene) carryOut(t *testing.T, p plan.Plan) (plan.Result, string) {
	t.Helper()
	r, err := c.runner().Start(t.Context(), p, "model", "")
	must(t, err)
	result, _ := r.Wait() // that it was killed is no surprise
	if !c.book.dead {
		return result, r.ID()
	}
	c.book = c.book.reborn()
	c.stage.mu.Lock()
	c.stage.dead = false
	c.stage.mu.Unlock()
	was, err := c.book.Run(t.Context(), r.ID())
	must(t, err)
	if !c.Resume || was.State.Ended() {
		return was.Result(), r.ID()
	}
	c.stage.troubles = nil
	again, err := c.runner().Resume(t.Context(), r.ID(), false)
	must(t, err)
	result, err = again.Wait()
	must(t, err)
	return result, r.ID()
}

// undo undoes the run, and wants back all that nobody else has touched.
func (c *scene) undo(t *testing.T, id string, before map[string]string) []string {
	t.Helper()
	was, err := c.book.Run(t.Context(), id)
	must(t, err)
	seen, err := c.runner().Seen(t.Context(), was)
	must(t, err)
	u, err := survey.Undo(t.Context(), c.client, survey.Keeper{Saved: c.book}, seen, plan.Options{At: clock()}, nil)
	must(t, err)
	if u.Plan.Empty() && !interrupted(was) {
		return c.compare(before)
	}
	undo, err := c.runner().Start(context.WithoutCancel(t.Context()), u.Plan, "undo", id)
	must(t, err)
	_, err = undo.Wait()
	must(t, err)
	return c.compare(before)
}

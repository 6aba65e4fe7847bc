package run_test

import (
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"
	"time"

	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
)

// orphans are the indexes of others whose child has gone by this run, although their
// tag could be seen before that.
func (c *scene) orphans(r plan.Result) []string {
	var wrong []string
	for n, e := range c.stage.events {
		if e.child == "" || c.there(e.child) || !slices.ContainsFunc(r.Steps, func(s plan.StepResult) bool {
			return s.Kind == plan.Delete && s.Digest == e.child && s.Outcome.Succeeded()
		}) {
			continue
		}
		for tag, index := range e.wrote {
			on, _ := c.reg.Resolve(repo, tag)
			others := slices.ContainsFunc(c.stage.events, func(o event) bool { return o.gone[e.child] })
			if on == string(index) && !others && !c.lateChild(n, tag) {
				wrong = append(wrong, fmt.Sprintf("the index of %s has lost %.19s", tag, e.child))
			}
		}
	}
	return wrong
}

// lateChild reports whether the child of the index that was pushed by an event went
// within the second for which a list holds, before the run had read the index: what it
// reads while the delete is on its way changes nothing.
func (c *scene) lateChild(deed int, tag string) bool {
	e := c.stage.events[deed]
	read := time.Time{}
	for _, x := range c.stage.events[deed+1:] {
		switch {
		case x.method == http.MethodGet && strings.HasSuffix(x.path, "/"+string(e.wrote[tag])) && read.IsZero():
			read = x.at
		case x.method == http.MethodDelete && strings.HasSuffix(x.path, "/"+string(e.child)):
			inTime := !read.IsZero() && c.decided(read, x)
			return !inTime && x.at.Sub(e.at) <= time.Second+2*c.Latency
		}
	}
	return false
}

// decided reports whether an answer of an instant was there when a change was decided. A
// request is on its way for as long as the latency; at the same instant either may be first.
func (c *scene) decided(answered time.Time, change event) bool {
	return answered.Before(change.at.Add(-c.Latency))
}

// losses are the tags that are gone or elsewhere without a right.
func (c *scene) losses(p plan.Plan, r plan.Result, before, after map[string]string) []string {
	var wrong []string
	reported := map[string]bool{}
	for _, g := range r.AlsoGone {
		at, err := ref.Parse(g.Reference)
		if err == nil {
			reported[at.Tag] = true
		}
	}
	for i := range modelTags + 2 {
		tag := tagNamed(i)
		want := before["tag "+tag]
		for _, e := range c.stage.events {
			if e.tags[tag] {
				want = string(e.wrote[tag])
			}
		}
		got := after["tag "+tag]
		if got == want || c.ours(p, r, tag, want, got) || reported[tag] || c.late(tag, want) {
			continue
		}
		wrong = append(wrong, fmt.Sprintf("%s was %.19s, and is %.19s", tag, want, got))
	}
	return wrong
}

// ours reports whether the plan has named this very change of a tag.
func (c *scene) ours(p plan.Plan, r plan.Result, tag, was, is string) bool {
	for i, s := range p.Steps {
		tried := r.Steps[i].Outcome != plan.Skipped && r.Steps[i].Outcome != plan.Pending
		switch s.Kind { //nolint:exhaustive // the others change no tag
		case plan.Delete:
			if tried && string(s.Digest) == was && is == "" && slices.Contains(s.Tags, tag) {
				return true
			}
		case plan.Untag, plan.UntagByDummy:
			if tried && s.Reference.Tag == tag && string(s.Digest) == was && (is == "" || c.half(is)) {
				return true
			}
		case plan.Retag:
			if tried && s.Reference.Tag == tag && string(s.Expect.Digest) == was && is == string(s.Digest) {
				return true
			}
		}
	}
	return false
}

// half tells the dummy of a step that was killed.
func (c *scene) half(digest string) bool { return !slices.Contains(c.digests, ref.Digest(digest)) }

// late reports whether what is lost came after the last look that the run could take:
// between the look at a tag and the change that follows it, or within the second for
// which a list holds.
func (c *scene) late(tag, was string) bool {
	events := c.stage.events
	deed := -1
	for n, e := range events {
		if e.tags[tag] {
			deed = n
		}
	}
	if deed < 0 {
		return false
	}
	for n, e := range events[deed+1:] {
		if e.method != http.MethodPut && e.method != http.MethodDelete {
			continue
		}
		look, listed, write := -1, -1, deed+1+n
		for k, x := range events[:write] {
			if x.method == http.MethodHead && tagOf(x.path) == tag {
				look = k
				if c.decided(x.at, e) {
					listed = k
				}
			}
		}
		byTag := tagOf(e.path) == tag && look < deed
		byDigest := strings.HasSuffix(e.path, "/"+was) && listed < deed && e.at.Sub(events[deed].at) <= time.Second+2*c.Latency
		if byTag || byDigest {
			return true
		}
	}
	return false
}

func interrupted(r journal.Run) bool { return r.State == journal.Interrupted }

func (c *scene) compare(before map[string]string) []string {
	var wrong []string
	after := c.holds()
	for _, name := range slices.Sorted(maps.Keys(before)) {
		if !c.touched(name, before[name]) && after[name] != before[name] {
			wrong = append(wrong, fmt.Sprintf("undo: %s was %.19s, and is %.19s", name, before[name], after[name]))
		}
	}
	for name := range after {
		if _, ok := before[name]; !ok && !c.touched(name, after[name]) {
			wrong = append(wrong, fmt.Sprintf("undo: %s stays at %.19s", name, after[name]))
		}
	}
	return wrong
}

// touched reports whether somebody else had to do with a tag, or with a manifest or
// the one that a tag was on, or what that lists: a tag goes to no index that has lost a
// child since.
func (c *scene) touched(name, digest string) bool {
	tag, isTag := strings.CutPrefix(name, "tag ")
	manifest, _ := strings.CutPrefix(name, "manifest ")
	for _, e := range c.stage.events {
		if isTag && (e.tags[tag] || e.gone[ref.Digest(digest)] || c.lostChild(e, ref.Digest(digest))) || e.gone[ref.Digest(manifest)] {
			return true
		}
	}
	return false
}

// lostChild reports whether something that an index lists went in a deed.
func (c *scene) lostChild(e event, index ref.Digest) bool {
	n := slices.Index(c.digests, index) - modelImages
	if n < 0 {
		return false
	}
	return e.gone[c.digests[n]] || slices.ContainsFunc(c.Lists[n], func(i int) bool { return e.gone[c.digests[i]] })
}

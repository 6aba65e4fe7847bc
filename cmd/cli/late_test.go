package cli

import (
	"encoding/json"
	"net/http"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"regatta/cmd/app/change"
	"regatta/cmd/cli/changes"
	"regatta/cmd/cli/propose"
	"regatta/model/plan"
	"regatta/registry/sandbox"
)

// A plan that is applied late says what one says that is made at that moment: what others
// have pushed, tagged and untagged since is seen.
func TestALatePlanSaysWhatHappensNow(t *testing.T) {
	t.Parallel()
	const at = "registry.example/shop/api:"
	verbs := map[string]func(c *console, ch *propose.Proposal) error{
		"delete": func(c *console, ch *propose.Proposal) error {
			return changes.RunDelete(c.t.Context(), ch, []string{at + "mine"}, changes.DeleteOptions{Options: ch.Options, WithTags: true})
		},
		"untag": func(c *console, ch *propose.Proposal) error {
			return changes.RunUntag(c.t.Context(), ch, []string{at + "late"}, false)
		},
		"retag": func(c *console, ch *propose.Proposal) error {
			return changes.RunRetag(c.t.Context(), ch, []string{at + "mine", "late"}, false)
		},
	}
	for verb, run := range verbs {
		onConsole(t, sandbox.Options{}, func(c *console) {
			c.t.Log(verb)
			path := filepath.Join(c.t.TempDir(), "plan.json")
			alone := c.reg.PushImage("shop/api", sandbox.Image{Layers: []string{"alone"}})
			c.reg.Tag("shop/api", "mine", c.reg.PushImage("shop/api", sandbox.Image{Layers: []string{"a large layer"}}), sandbox.Epoch())
			c.reg.Tag("shop/api", "late", alone, sandbox.Epoch())
			c.reg.Tag("shop/api", "also", alone, sandbox.Epoch())
			if _, said, err := c.verb(func(ch *propose.Proposal) error {
				ch.Options.File = path
				return run(c, ch)
			}); err != nil {
				c.t.Fatal(err, said)
			}
			c.reg.Untag("shop/api", "also")
			c.reg.Tag("shop/api", "v9.0", c.reshape("mine"), sandbox.Epoch())
			planned := func(run func(ch *propose.Proposal) error) plan.Plan {
				out, said, err := c.verb(func(ch *propose.Proposal) error {
					ch.Options.DryRun = true
					return run(ch)
				})
				var p plan.Plan
				if err != nil || json.Unmarshal([]byte(out), &p) != nil {
					c.t.Fatal(err, out, said)
				}
				p.CreatedAt = sandbox.Epoch()
				slices.Sort(p.Notes)
				return p
			}
			fresh := planned(func(ch *propose.Proposal) error { return run(c, ch) })
			late := planned(func(ch *propose.Proposal) error { return changes.RunApply(c.t.Context(), ch, path, change.Asked{}) })
			if !reflect.DeepEqual(late, fresh) {
				was, _ := plan.Encode(late)
				now, _ := plan.Encode(fresh)
				c.t.Errorf("%s, late:\n%s\nmade now:\n%s", verb, was, now)
			}
			said := c.says(func(ch *propose.Proposal) error { return changes.RunApply(c.t.Context(), ch, path, change.Asked{}) })
			for _, r := range fresh.Risks {
				if !strings.Contains(said, r.Reason) {
					c.t.Errorf("%s --yes does not say %q:\n%s", verb, r.Reason, said)
				}
			}
		})
	}
}

// reshape pushes an image with the content of a tag's under another digest.
func (c *console) reshape(tag string) string {
	c.t.Helper()
	b, err := c.app.Open("registry.example")
	if err != nil {
		c.t.Fatal(err)
	}
	m, err := b.Manifest(c.t.Context(), "shop/api", tag)
	if err != nil {
		c.t.Fatal(err)
	}
	var doc map[string]any
	if err := json.Unmarshal(m.Raw, &doc); err != nil {
		c.t.Fatal(err)
	}
	doc["annotations"] = map[string]string{"again": "yes"}
	raw, err := json.Marshal(doc)
	if err != nil {
		c.t.Fatal(err)
	}
	return c.reg.PushRaw("shop/api", m.MediaType, raw)
}

// What is left of a run is all that is said of it: not the steps that are done, nor what is
// not known of the registry though the run has shown it.
func TestTheRestOfARunSaysWhatIsLeft(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		var what []string
		digests := map[string]string{}
		for _, tag := range []string{"pr-1", "pr-2", "pr-3"} {
			digests[tag] = c.reg.PushImage("shop/api", sandbox.Image{Layers: []string{tag}})
			c.reg.Tag("shop/api", tag, digests[tag], sandbox.Epoch())
			what = append(what, "registry.example/shop/api:"+tag)
		}
		c.reg.Inject(sandbox.Fault{Match: func(r *http.Request) bool {
			return r.Method == http.MethodDelete && strings.HasSuffix(r.URL.Path, "/pr-2")
		}, Effect: sandbox.Status{Code: http.StatusForbidden}})
		out, said, err := c.verb(func(ch *propose.Proposal) error {
			return changes.RunDelete(c.t.Context(), ch, what, changes.DeleteOptions{Options: ch.Options, WithTags: true})
		})
		c.reg.ClearFaults()
		var run plan.Result
		if json.Unmarshal([]byte(out), &run) != nil || run.Done != 4 || run.Failed != 1 {
			c.t.Fatal(err, out, said)
		}
		rest := c.says(func(ch *propose.Proposal) error {
			ch.Options.DryRun = true
			return changes.RunResume(c.t.Context(), ch, run.Run, change.Asked{})
		})
		for tag, d := range digests {
			if gone := !c.reg.HasManifest("shop/api", d); strings.Contains(rest, tag) == gone || gone == (tag == "pr-2") {
				c.t.Errorf("%s is gone: %t, and it says\n%s", tag, gone, rest)
			}
		}
		if !strings.Contains(rest, "careful: the images go with the tag pr-2\n") {
			c.t.Errorf("it says\n%s", rest)
		}
		if strings.Contains(rest, "it is not known whether registry.example deletes manifests") {
			c.t.Errorf("the run has deleted some:\n%s", rest)
		}
	})
}

// An undo says by what is left of it whether an image loses its last tag; where the tags
// cannot be listed that is not known, and no reason not to undo.
func TestAnUndoSaysWhoLosesTheLastTag(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		c.reg.Tag("shop/api", "old", c.reg.PushImage("shop/api", sandbox.Image{Layers: []string{"a layer"}}), sandbox.Epoch())
		if _, said, err := c.verb(func(ch *propose.Proposal) error {
			return changes.RunRetag(c.t.Context(), ch, []string{"registry.example/shop/api:old", "new"}, false)
		}); err != nil {
			c.t.Fatal(err, said)
		}
		undo := func() string {
			return c.says(func(ch *propose.Proposal) error {
				ch.Options.DryRun = true
				return changes.RunUndo(c.t.Context(), ch, nil, change.Asked{})
			})
		}
		if said := undo(); strings.Contains(said, "last tag") {
			c.t.Errorf("it has another tag:\n%s", said)
		}
		c.reg.Untag("shop/api", "old")
		if said := undo(); !strings.Contains(said, "(new) loses its last tag") {
			c.t.Errorf("it has no other tag:\n%s", said)
		}
		c.reg.Inject(sandbox.Fault{Match: func(r *http.Request) bool {
			return strings.HasSuffix(r.URL.Path, "/tags/list")
		}, Effect: sandbox.Status{Code: http.StatusForbidden}})
		if said := undo(); !strings.Contains(said, "the tags could not be listed (denied)") || !strings.Contains(said, "untag") {
			c.t.Errorf("the tags are not listed:\n%s", said)
		}
	})
}

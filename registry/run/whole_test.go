package run_test

import (
	"strings"
	"testing"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/registry/survey"
)

func (w *world) broken(t *testing.T, d ref.Digest) plan.Wholeness {
	t.Helper()
	out, err := survey.Broken(t.Context(), w.client, plan.Place{Repository: repo, Digest: d})
	must(t, err)
	return out
}

func (w *world) planRetag(t *testing.T, from, to string, o plan.Options) (plan.Plan, error) {
	t.Helper()
	o.At = clock()
	return plan.ToRetag([]plan.View{w.view(t)}, []plan.Move{{From: at(from), To: at(to)}}, o)
}

// A tag is not pointed to what cannot be pulled: the plan refuses it, or says so
// where it was asked for.
func TestATagNeverMovesToWhatIsNotWhole(t *testing.T) {
	t.Parallel()
	for name, lose := range map[string]func(w *world, digests map[string]ref.Digest){
		"a layer": func(w *world, _ map[string]ref.Digest) {
			w.registry.DropBlob(repo, string(ref.DigestOf([]byte("amd"))))
		},
		"a child": func(w *world, d map[string]ref.Digest) { w.registry.DropManifest(repo, string(d["amd"])) },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{Quirks: sandbox.Quirks{SparseIndexes: true}})
			digests := fill(w.registry)
			whole, err := w.planRetag(t, "one", "prod", plan.Options{Wholeness: w.broken(t, digests["one"])})
			must(t, err)
			lose(w, digests)
			_, err = w.planRetag(t, "one", "prod", plan.Options{Wholeness: w.broken(t, digests["one"])})
			if !fault.Is(err, fault.Incomplete) || !strings.Contains(err.Error(), "not whole") {
				t.Errorf("the plan: %v", err)
			}
			r := w.run(t, whole, "")
			if r.Failed != 1 || !strings.Contains(r.Steps[0].Error, "not") {
				t.Errorf("the run of a plan from before: %+v", r)
			}
			if _, there := w.registry.Resolve(repo, "prod"); there {
				t.Error("the tag moved")
			}
			asked, err := w.planRetag(t, "one", "prod", plan.Options{Wholeness: w.broken(t, digests["one"]), NotWhole: true})
			must(t, err)
			if !asked.Overrides() || asked.Word() != "override" {
				t.Errorf("it is confirmed by %q: %+v", asked.Word(), asked.Risks)
			}
			allDone(t, w.run(t, asked, ""))
		})
	}
}

// What the target has and is not whole is completed from the source, whether a tag
// moves or not.
func TestACopyRepairsWhatIsThere(t *testing.T) {
	t.Parallel()
	for name, tag := range map[string]string{"to the tag that it has": "one", "to a new tag": "fresh"} {
		for lost, lose := range map[string]func(w *world, d map[string]ref.Digest){
			"a layer": func(w *world, _ map[string]ref.Digest) {
				w.registry.DropBlob("other", string(ref.DigestOf([]byte("amd"))))
			},
			"a child": func(w *world, d map[string]ref.Digest) { w.registry.DropManifest("other", string(d["amd"])) },
		} {
			t.Run(name+", "+lost, func(t *testing.T) {
				t.Parallel()
				w := newWorld(t, sandbox.Options{})
				digests := fill(w.registry)
				copies := func(tag string) plan.Plan {
					to := ref.Reference{Host: host, Repository: "other", Tag: tag}
					trees, err := survey.Trees(t.Context(), w.client, []plan.Move{{From: at("one"), To: to}}, false)
					must(t, err)
					p, err := survey.Copy(t.Context(), w.client, w.client, trees, "", plan.Options{At: clock()}, nil)
					must(t, err)
					return p
				}
				allDone(t, w.run(t, copies("one"), ""))
				lose(w, digests)
				p := copies(tag)
				if p.Empty() {
					t.Fatal("there is nothing to do")
				}
				allDone(t, w.run(t, p, ""))
				found, err := survey.Whole(t.Context(), w.client, "other", digests["one"])
				if err != nil || len(found.Lost)+len(found.Children) > 0 || found.Missing != nil {
					t.Errorf("%+v, %v", found, err)
				}
				if d, _ := w.registry.Resolve("other", tag); d != string(digests["one"]) {
					t.Errorf("%s is %q", tag, d)
				}
				if again := copies(tag); !again.Empty() {
					t.Errorf("and then there is still to do: %+v", again.Steps)
				}
			})
		}
	}
}

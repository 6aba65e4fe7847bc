package plan_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
)

// img is an image with a config of 10 bytes and a layer of 100 for each name.
func img(tb fataler, name string, layers ...string) image.Manifest {
	tb.Helper()
	list := []any{}
	for _, l := range layers {
		list = append(list, blob("application/vnd.oci.image.layer.v1.tar", l, 100))
	}
	return parse(tb, map[string]any{
		"schemaVersion": 2, "mediaType": image.MediaTypeOCIManifest,
		"config": blob(image.MediaTypeOCIConfig, name, 10), "layers": list,
	})
}

func blob(mediaType, name string, size int) map[string]any {
	return map[string]any{"mediaType": mediaType, "digest": digest(name), "size": size}
}

func descriptor(m image.Manifest) map[string]any {
	return map[string]any{"mediaType": m.MediaType, "digest": m.Digest, "size": len(m.Raw)}
}

func index(tb fataler, children ...image.Manifest) image.Manifest {
	tb.Helper()
	list := []any{}
	for _, c := range children {
		list = append(list, descriptor(c))
	}
	return parse(tb, map[string]any{"schemaVersion": 2, "mediaType": image.MediaTypeOCIIndex, "manifests": list})
}

func referrer(tb fataler, name string, subject image.Manifest) image.Manifest {
	tb.Helper()
	return parse(tb, map[string]any{
		"schemaVersion": 2, "mediaType": image.MediaTypeOCIManifest, "artifactType": "x/" + name,
		"config": blob(image.MediaTypeOCIEmpty, "{}", 2), "subject": descriptor(subject),
	})
}

func parse(tb fataler, m map[string]any) image.Manifest {
	tb.Helper()
	raw, err := json.Marshal(m)
	if err != nil {
		tb.Fatal(err)
	}
	parsed, err := image.ParseManifest("", raw)
	if err != nil {
		tb.Fatal(err)
	}
	return parsed
}

func beside(m image.Manifest, suffix string) string { return m.Digest.FallbackTag() + suffix }

type tags map[string]image.Manifest

// view is shop/api with these tags and further manifests, on a registry that
// can do everything.
func view(t tags, more ...image.Manifest) plan.View {
	v := plan.View{
		Registry: "registry.example", Repository: "shop/api", Graph: graph.New(),
		Can: plan.Capabilities{
			TagDelete: plan.Yes, ManifestDelete: plan.Yes, TaggedDelete: plan.Yes, ListsUntagged: true,
		},
	}
	for tag, m := range t {
		v.Graph.Add(m)
		v.Graph.Tag(tag, m.Digest)
	}
	for _, m := range more {
		v.Graph.Add(m)
	}
	return v
}

func noTagDelete(v plan.View) plan.View {
	v.Can.TagDelete, v.Can.TaggedDelete = plan.No, plan.Unknown
	return v
}

func noDelete(v plan.View) plan.View {
	v.Can.TagDelete, v.Can.ManifestDelete = plan.No, plan.No
	return v
}

func likeECR(v plan.View) plan.View {
	v.Can.LastTagDeletes = true
	return v
}

func options() plan.Options {
	return plan.Options{Rules: plan.DefaultRules(), At: time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)}
}

func deletes(ms ...image.Manifest) plan.Selection {
	var s plan.Selection
	for _, m := range ms {
		s.Digests = append(s.Digests, m.Digest)
	}
	return s
}

// brief is a plan as lines "kind tag-or-name [+tags]", with names for digests.
func brief(p plan.Plan, names map[string]image.Manifest) string {
	var out []string
	for _, s := range p.Steps {
		what := s.Reference.Tag
		if what == "" {
			what = nameOf(s.Digest, names)
		}
		line := string(s.Kind) + " " + what
		if len(s.Tags) > 0 {
			line += " +" + strings.Join(s.Tags, "+")
		}
		out = append(out, line)
	}
	return strings.Join(out, ", ")
}

func nameOf(d ref.Digest, names map[string]image.Manifest) string {
	for name, m := range names {
		if m.Digest == d {
			return name
		}
	}
	return string(d)
}

func kept(p plan.Plan, m image.Manifest) string {
	for _, k := range p.Kept {
		if k.Digest == m.Digest {
			return k.Reason
		}
	}
	return ""
}

func wantSteps(t *testing.T, p plan.Plan, err error, names map[string]image.Manifest, want string) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	if got := brief(p, names); got != want {
		t.Errorf("steps are\n  %s\nwant\n  %s", got, want)
	}
}

func wantText(t *testing.T, got, want string) {
	t.Helper()
	if !strings.Contains(got, want) {
		t.Errorf("%q does not say %q", got, want)
	}
}

// fataler is what tests and properties have in common.
type fataler interface {
	Helper()
	Fatal(args ...any)
}

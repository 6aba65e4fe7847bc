package health_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"regatta/model/graph"
	"regatta/model/health"
	"regatta/model/image"
	"regatta/model/ref"
)

func digest(name string) ref.Digest { return ref.DigestOf([]byte(name)) }

func add(g *graph.Graph, name, subject string, children ...string) {
	m := image.Manifest{Digest: digest(name), Kind: image.KindImage, MediaType: image.MediaTypeOCIManifest, Raw: []byte(name)}
	for _, c := range children {
		m.Kind, m.MediaType = image.KindIndex, image.MediaTypeOCIIndex
		m.Children = append(m.Children, image.Descriptor{Digest: digest(c)})
	}
	if subject != "" {
		m.Subject = &image.Descriptor{Digest: digest(subject)}
	}
	g.Add(m)
}

func TestExamine(t *testing.T) {
	t.Parallel()
	g := graph.New()
	add(g, "whole", "", "amd")
	add(g, "amd", "")
	add(g, "broken", "", "amd", "arm")
	add(g, "sbom", "lost")
	add(g, "fine sbom", "whole")
	add(g, "sig", "")
	add(g, "loose", "")
	add(g, "unsure", "nobody looked")
	for tag, name := range map[string]string{
		"v1": "whole", "v2": "broken", digest("lost").FallbackTag() + ".sig": "sig",
		digest("whole").FallbackTag() + ".att": "amd",
	} {
		g.Tag(tag, digest(name))
	}
	g.Absent(digest("arm"))
	g.Absent(digest("lost"))
	layer := digest("layer")
	got := map[string]string{}
	for _, f := range health.Examine(g, map[ref.Digest][]ref.Digest{digest("amd"): {layer}}) {
		got[string(f.Kind)+" "+f.Name()] = f.Text
		if f.Kind == health.MissingBlob && !cmp.Equal(f.About, []ref.Digest{layer}) {
			t.Errorf("the missing blobs are %v", f.About)
		}
	}
	short := func(name string) string { return digest(name).Short() }
	if diff := cmp.Diff(map[string]string{
		"missing-child " + short("broken") + " (v2)":                                    "1 of its 2 children is not there",
		"missing-blob " + short("amd") + " (" + digest("whole").FallbackTag() + ".att)": "1 config or layer of it is not there",
		"lost-subject " + short("sbom"):                                                 "it refers to " + short("lost") + ", which is not there",
		"orphan-tag " + short("sig") + " (" + digest("lost").FallbackTag() + ".sig)": "it is the signature of " +
			short("lost") + ", which is not there",
		"unreferenced " + short("loose"): "it has no tags, and nothing references it",
	}, got); diff != "" {
		t.Error(diff)
	}
}

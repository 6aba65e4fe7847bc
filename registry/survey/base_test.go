package survey_test

import (
	"regexp"
	"strings"
	"testing"

	"regatta/model/base"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/registry/survey"
)

// A base image that cannot be read is not left out: a nearer base may be among them.
func TestBasesThatCannotBeRead(t *testing.T) {
	t.Parallel()
	reg, c := newClient(t)
	first := reg.PushImage("base", sandbox.Image{Layers: []string{"one"}})
	reg.Tag("base", "1", first, sandbox.Epoch())
	second := reg.PushImage("base", sandbox.Image{Layers: []string{"one", "two"}})
	reg.Tag("base", "latest", second, sandbox.Epoch())
	app := reg.PushImage(repo, sandbox.Image{Layers: []string{"one", "two", "three"}})
	m, err := c.Manifest(t.Context(), repo, app)
	must(t, err)
	layers := make([]ref.Digest, 0, len(m.Layers))
	for _, l := range m.Layers {
		layers = append(layers, l.Digest)
	}
	reg.Inject(sandbox.Fault{Pattern: regexp.MustCompile("/base/manifests/" + second), Effect: sandbox.Status{Code: 403}})
	all, err := survey.Bases(t.Context(), c, ref.Reference{Host: "r.example", Repository: "base"}, image.Platform{OS: "linux", Architecture: "amd64"})
	must(t, err)
	f, ok := base.Recognise(layers, base.Claim{}, "", all)
	if !ok || f.Shared != 1 || f.Unread != 1 || f.Current() || len(all) != 2 {
		t.Fatalf("%v %+v of %+v", ok, f, all)
	}
	if got := f.State(); !strings.Contains(got, "could not be read") || f.NotRead() != "1 image could not be read" {
		t.Errorf("%s; %s", got, f.NotRead())
	}
}

package cli

import (
	"io"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"regatta/cmd/cli/output"
	"regatta/cmd/cli/retention"
	screens "regatta/cmd/tui/retention"
	"regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/registry/sandbox"
)

// The command line and the terminal UI try policies on the same images.
func TestFacesTryPoliciesOnTheSameImages(t *testing.T) {
	s, reg := inAccount(t, sandbox.Epoch)
	r := ref.Reference{Host: ecrHost, Repository: "shop/mailer"}
	archived, _ := reg.Resolve(r.Repository, "v1.1.0")
	if !reg.Archive(r.Repository, archived, sandbox.Epoch().AddDate(0, 0, -120)) {
		t.Fatal("nothing was archived")
	}
	b, err := s.Open(r.Host)
	if err != nil {
		t.Fatal(err)
	}
	streams := output.Streams{Out: io.Discard, Err: io.Discard, Env: func(string) string { return "" }}
	verb, err := (&retention.Previewer{App: s, Streams: streams, Options: retention.PreviewOptions{Yes: true}}).Read(t.Context(), b, r)
	if err != nil {
		t.Fatal(err)
	}
	screen, err := screens.PolicyInput(t.Context(), s, b, r)
	if err != nil {
		t.Fatal(err)
	}
	pulled := cmpopts.IgnoreFields(lifecycle.Image{}, "Pulled") // to read an image counts
	if diff := cmp.Diff(verb.Images, screen.Images, pulled); diff != "" || len(verb.Images) == 0 {
		t.Errorf("the verb looks at others than the screen (+):\n%s", diff)
	}
	if diff := cmp.Diff(verb.RestsOn(), screen.Notes); diff != "" || verb.AllUses != screen.AllUses {
		t.Error(diff)
	}
	for _, img := range verb.Images {
		if diff := cmp.Diff(verb.UsedBy(img.Digest), screen.UsedBy(img.Digest)); diff != "" {
			t.Error(diff)
		}
	}
}

package cli

import (
	"net/http"
	"testing"
	"time"

	"regatta/cmd/cli/demo"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/ui/uitest"
)

// ill pushes a repository that has a finding of every kind but one without a
// tag, which this registry does not list. Its blobs are slow to answer for.
func ill(s *stage) {
	const repo = "team/ill"
	push := func(name, tag string) {
		d := s.reg.PushImage(repo, sandbox.Image{Layers: []string{name}, Created: time.Unix(1, 0)})
		s.reg.Tag(repo, tag, d, sandbox.Epoch())
	}
	lost := string(ref.DigestOf([]byte("nothing")))
	push("fine", "v1")
	s.reg.Tag(repo, "v2", s.reg.PushRaw(repo, "application/vnd.oci.image.index.v1+json", []byte(
		`{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":`+
			`"application/vnd.oci.image.manifest.v1+json","digest":"`+lost+`","size":5}]}`)), sandbox.Epoch())
	push("signature", ref.Digest(lost).FallbackTag()+".sig")
	s.reg.Tag(repo, "sbom", s.reg.PushArtifact(repo, sandbox.Artifact{
		Type: "application/spdx+json", Subject: lost, MediaType: "text/plain", Content: "sbom",
	}), sandbox.Epoch())
	s.Advance(settle).Press("r").Advance(settle)
}

func illness() setup {
	with := in("team/ill")
	with.options.Empty = true
	with.terminal = uitest.Terminal{Width: 120, Height: 40}
	return with
}

// lacks has the registry say once that it does not have the layer of an image.
func lacks(s *stage) {
	layer := string(ref.DigestOf([]byte("fine")))
	s.reg.Inject(sandbox.Fault{
		Method: http.MethodHead, Prefix: "/v2/team/ill/blobs/" + layer, Times: 1, Effect: sandbox.Status{Code: http.StatusNotFound},
	})
}

func TestHealthScreen(t *testing.T) {
	t.Parallel()
	perform(t, illness(), func(s *stage) {
		ill(s)
		s.Press("ctrl+z").Advance(settle).See("✗ children 1", "· blobs", "blobs not asked for", "! referrers 1", "! signatures 1", "untagged ones are not listed")
		s.CursorOn("missing-child").See("1 of its 1 child is not there", "push the missing platforms again", "3 findings")
		s.Press("enter").Advance(settle).See("reference").Press("esc").Advance(settle)
		lacks(s)
		s.Press("b").Advance(settle).See("✗ blobs 1", "missing-blob", "4 findings")
		s.reads(t)
		s.Press("j", "j", "j", "space", "x").Advance(settle).See("delete", "of team/ill", "STEPS").Press("tab", "enter").Advance(settle).Type("team/ill").Press("enter")
		s.Advance(settle).Advance(settle).See("missing-child", "lost-subject", "✓ signatures", "· blobs ").SeeNot("orphan-tag")
	})
}

// Asking for blobs tells how far it is, and stops when it is told to.
func TestHealthStopsLookingForBlobs(t *testing.T) {
	t.Parallel()
	perform(t, illness(), func(s *stage) {
		ill(s)
		s.Press("ctrl+z").Advance(settle)
		s.reg.Inject(sandbox.Fault{Method: http.MethodHead, Prefix: "/v2/team/ill/blobs/", Effect: sandbox.Hang{}})
		s.Press("b").Advance(settle).See("asking for configs and layers 0 of ", "b stops").Press("b").See("stopped looking").Advance(settle)
		s.SeeNot("asking for configs").See("· blobs ", "3 findings")
		s.Press("b").Advance(settle).See("asking for configs").Press("esc").Advance(settle).SeeNot("asking for configs").See("3 findings")
		s.reg.ClearFaults()
		s.Press("b").Advance(settle).See("✓ blobs")
		s.reads(t)
	})
}

// A repository that is well says so; one that cannot be read too, and is read
// again.
func TestHealthOfWhatIsWell(t *testing.T) {
	t.Parallel()
	perform(t, in("shop/web"), func(s *stage) {
		s.Advance(settle)
		s.reg.Inject(sandbox.Fault{Prefix: "/v2/shop/web/tags", Effect: sandbox.Status{Code: 403}})
		s.Press("ctrl+z").Advance(settle).See("r tries again")
		s.reg.ClearFaults()
		s.Press("r").Advance(settle).See("manifests read", "✓ children")
		s.reads(t)
	})
	perform(t, setup{target: onSandbox()}, func(s *stage) {
		s.Advance(settle).Press("ctrl+z").Advance(settle).See("› health", "manifests read")
	})
}

// Where manifests without tags are listed, those that nothing references are
// found, and can be removed.
func TestHealthFindsWhatNothingReferences(t *testing.T) {
	t.Parallel()
	with := illness()
	with.target = &ref.Reference{Host: demo.Account, Repository: "shop/mailer"}
	with.options.Empty = false
	perform(t, with, func(s *stage) {
		loose := s.reg.PushImage("shop/mailer", sandbox.Image{Layers: []string{"loose"}, Created: time.Unix(1, 0)})
		s.Advance(settle).Press("ctrl+z").Advance(settle).See("counts as pulling", "nothing is read yet")
		s.Press("enter").Advance(settle).Advance(settle).See("manifests read", "unreferenced", ref.Digest(loose).Short())
		s.Press("/").Type(ref.Digest(loose).Short()).Press("enter").Advance(settle).See("it has no tags, and nothing references it")
		s.Press("x").Advance(settle).See("delete", "STEPS").Press("tab", "enter").Type("shop/mailer").Press("enter")
		s.Advance(settle).Advance(settle).Press("r").Advance(settle).Advance(settle)
		if _, there := s.reg.Archived("shop/mailer", loose); there {
			t.Errorf("it is still there:\n%s", s.Screen())
		}
	})
}

package image_test

import (
	"errors"
	"testing"
	"time"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/setting"
	screen "regatta/ui/screen/image"
	"regatta/ui/uitest"
)

func of(m image.Manifest) *shop {
	s := small()
	s.manifests["v1"] = m
	return s
}

func TestAnImageOfOnePlatform(t *testing.T) {
	t.Parallel()
	m := leaf("a", 7)
	m.Layers[0].MediaType = "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"
	perform(t, of(m), 100, 30, func(drv *uitest.Driver) {
		drv.Advance(settle).SeeLine(`platform +linux/amd64`).SeeNot("PLATFORM ").Press("2").See("This is not an index: it is the image of one platform.")
		drv.Press("3").See("foreign: not in this registry").Press("o").See("there is one platform").Press("C").See("copied digest aaaaaaaaaaaa")
	})
	perform(t, of(leaf("a")), 100, 30, func(drv *uitest.Driver) { drv.Advance(settle).Press("3").See("There are no layers.") })
	long := leaf("a", make([]int64, 15)...)
	perform(t, of(long), 100, 40, func(drv *uitest.Driver) { drv.Advance(settle).See("and 3 more: press 3") })
}

func TestOtherKinds(t *testing.T) {
	t.Parallel()
	artifact := image.Manifest{
		Kind: image.KindArtifact, MediaType: image.MediaTypeOCIManifest, ArtifactType: "application/vnd.acme.chart", Digest: d("9"), Raw: []byte("{}"),
		Layers: []image.Descriptor{{Digest: d("1"), Size: 55}}, Subject: &image.Descriptor{Digest: d("8")},
	}
	perform(t, of(artifact), 100, 30, func(drv *uitest.Driver) {
		drv.Advance(settle).SeeLine(`artifact type +application/vnd\.acme\.chart`).SeeLine(`refers to +sha256:8888`).SeeLine(`size +55 B`).Press("2")
		drv.See("This is an artifact: it has no platforms.")
		drv.Press("4").See("This is an artifact, not an image: it has no config").Press("5").See("no config to show").Press("3").See("55 B").Press("f")
		drv.See("there is no image here whose files could be read")
	})
	perform(t, of(image.Manifest{Kind: image.KindSchema1, Digest: d("9"), Raw: []byte("{}")}), 100, 30, func(drv *uitest.Driver) {
		drv.Advance(settle).See("UNSUPPORTED", "Push the image again, or delete").SeeNot(" …").Press("3").See("Docker schema 1 is not supported.")
	})
	perform(t, of(image.Manifest{Kind: image.KindUnknown, Digest: d("9"), MediaType: "x/y", Raw: []byte("{}")}), 100, 30, func(drv *uitest.Driver) {
		drv.Advance(settle).SeeLine(`media type +x/y`).SeeNot(" …").Press("4").See("There is no image here.").Press("7").See("{")
	})
	perform(t, of(image.Manifest{Kind: image.KindIndex, Digest: d("9"), Raw: []byte("{}")}), 100, 30, func(drv *uitest.Driver) {
		drv.Advance(settle).SeeLine(`kind +index`).SeeNot(" …", "size").Press("2").See("This is not an index", "platform").Press("3").See("There is no image here.")
	})
	bare := of(image.Manifest{Kind: image.KindIndex, Digest: d("9"), Raw: []byte("{}"), Children: []image.Descriptor{{Digest: d("a"), MediaType: "x/y"}}})
	perform(t, bare, 100, 30, func(drv *uitest.Driver) { drv.Advance(settle).Press("2").SeeLine(`no platform +aaaaaaaaaaaa`) })
	one := small()
	one.manifests["v1"] = image.Manifest{Kind: image.KindIndex, Digest: d("f"), Children: small().manifests["v1"].Children[1:]}
	perform(t, one, 100, 30, func(drv *uitest.Driver) { drv.Advance(settle).Press("o").See("! next platform: there is one platform") })
	undated := small()
	c := undated.configs[d("a")]
	c.Created = time.Time{}
	undated.configs[d("a")] = c
	perform(t, undated, 100, 40, func(drv *uitest.Driver) {
		drv.Advance(settle).SeeNot("created").Press("4").SeeLine(`created +unknown`)
	})
}

func TestAConfigThatCannotBeRead(t *testing.T) {
	t.Parallel()
	s := of(leaf("a", 7))
	s.failing["a"] = errors.New("the config is too large")
	perform(t, s, 100, 30, func(drv *uitest.Driver) {
		drv.Advance(settle).See("✗ the config is too large").SeeLine(`kind +image`).SeeNot("RUNS").Press("4").See("the config is too large").Press("7")
		drv.See(`"leaf"`).SeeNot("too large")
	})
}

func TestCopiesAndLeads(t *testing.T) {
	t.Parallel()
	s := small()
	perform(t, s, 100, 30, func(drv *uitest.Driver) {
		copied := func(want string) {
			t.Helper()
			if got := drv.Advance(time.Second).Clipboard(); got != want {
				t.Errorf("copied %q, not %q", got, want)
			}
		}
		drv.Advance(settle).Press("c").See("copied registry.example/app:v1")
		copied("registry.example/app:v1")
		drv.Press("C")
		copied(string(d("f")))
		drv.Press("u").See("opened usage.").Press("h").Press("=").See("compare v1 with").Type("v0").Press("enter")
		drv.See("opened compare registry.example/app:v0\nregistry.example/app:v1@sha256:f.")
	})
	s.wire = func(w *screen.Wiring) {
		w.Reference, w.Tags = ref.Reference{Host: "registry.example", Repository: "app", Digest: d("a")}, nil
	}
	perform(t, s, 120, 30, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("c").Advance(time.Second).SeeNot("tags  ")
		if got := drv.Clipboard(); got != "registry.example/app@"+string(d("a")) {
			t.Errorf("copied %q", got)
		}
	})
}

func TestFind(t *testing.T) {
	t.Parallel()
	perform(t, small(), 100, 14, func(drv *uitest.Driver) { drv.See("needs 80×24") })
	perform(t, small(), 100, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("n").See("nothing was searched for yet: /").Press("/").Press("enter").See("type what to find").Type("ORG.").Press("enter")
		drv.SeeLine(`org\.a  one`)
		drv.SeeNot("reference ").Press("g", "N").SeeNot("reference ").SeeLine(`org\.b`).Press("/").Type("nowhere").Press("enter").See("! nowhere is not in this tab")
		drv.Press("2", "/").See("! find works in text: overview, config, history and raw").Press("n").See("nowhere is not in this tab")
		drv.Press("7", "/").Type("deep").Press("enter").See(`"deep"`).SeeNot("is not in this tab")
	})
}

func TestReplication(t *testing.T) {
	t.Parallel()
	s := small()
	s.replicas = true
	s.copies = []setting.Copy{
		{Place: setting.Place{Region: "eu-west-1", Account: "123456789012"}, Status: "IN_PROGRESS"},
		{Place: setting.Place{Region: "us-east-1", Account: "1"}, Status: "FAILED", Failure: "AccessDenied"},
	}
	perform(t, s, 100, 40, func(drv *uitest.Driver) {
		drv.Advance(settle).SeeLine(`replicated +eu-west-1 of 123456789012, in progress`).SeeLine(`replicated +us-east-1 of 1, failed: AccessDenied`)
		s.mu.Lock()
		s.copyErr = errors.New("you may not ask")
		s.mu.Unlock()
		drv.Press("r").Advance(settle).SeeLine(`replicated +not known: you may not ask`).SeeNot("us-east-1")
	})
}

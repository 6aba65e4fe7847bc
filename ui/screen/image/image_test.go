package image_test

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/fault"
	"regatta/model/finding"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/setting"
	"regatta/model/supply"
	"regatta/ui/kit"
	screen "regatta/ui/screen/image"
	"regatta/ui/uitest"
)

// opened is a screen that says what it was opened for.
type opened string

func (opened) Init() tea.Cmd                        { return nil }
func (opened) Update(tea.Msg) (kit.Intent, tea.Cmd) { return nil, nil }
func (o opened) View(w, h int) string {
	return kit.Block(strings.Split("opened "+string(o)+".", "\n"), w, h)
}
func (opened) Bindings() []kit.Binding { return nil }
func (opened) Close()                  {}

// d is a digest of one hexadecimal figure.
func d(figure string) ref.Digest { return ref.Digest("sha256:" + strings.Repeat(figure, 64)) }

// figure is what a digest is made of.
func figure(d ref.Digest) string { return string(d)[7:8] }

// shop keeps the manifests of one image.
type shop struct {
	mu        sync.Mutex
	manifests map[string]image.Manifest // by tag or digest
	configs   map[ref.Digest]image.Config
	failing   map[string]error
	slow      map[string]time.Duration
	asked     []string

	tree     *supply.Node
	treeErr  error
	scans    map[ref.Digest]finding.Report
	scanErr  error
	copies   []setting.Copy
	copyErr  error
	replicas bool
	wire     func(*screen.Wiring)
	save     func(rows [][]string) (string, error)
}

func (s *shop) answer(ctx context.Context, what, key string) error {
	s.mu.Lock()
	s.asked = append(s.asked, what+" "+key)
	after, err := s.slow[key], s.failing[key]
	s.mu.Unlock()
	select {
	case <-time.After(after):
	case <-ctx.Done():
		return ctx.Err()
	}
	return err
}

// heard is how often something was asked since the last time.
func (s *shop) heard(what string) (n int) {
	s.mu.Lock()
	defer s.mu.Unlock()
	for _, a := range s.asked {
		if strings.HasPrefix(a, what) {
			n++
		}
	}
	s.asked = nil
	return n
}

func key(reference string) string {
	if strings.HasPrefix(reference, "sha256:") {
		return figure(ref.Digest(reference))
	}
	return reference
}

func (s *shop) Manifest(ctx context.Context, _, reference string) (image.Manifest, error) {
	if err := s.answer(ctx, "manifest", key(reference)); err != nil {
		return image.Manifest{}, err
	}
	return s.manifests[key(reference)], nil
}

func (s *shop) Config(ctx context.Context, _ string, m image.Manifest) (image.Config, error) {
	err := s.answer(ctx, "config", figure(m.Digest))
	return s.configs[m.Digest], err
}

func (s *shop) Supply(ctx context.Context, root image.Manifest) (*supply.Node, error) {
	return s.tree, errors.Join(s.answer(ctx, "supply", figure(root.Digest)), s.treeErr)
}

func (*shop) Packages(of ref.Digest, doc supply.Document) kit.Screen {
	return opened(fmt.Sprint("packages of ", figure(of), ", ", doc.Kind))
}

func (*shop) Document(n *supply.Node) kit.Screen { return opened("document " + figure(n.Digest())) }

func (s *shop) Findings(ctx context.Context, _ string, d ref.Digest) (finding.Report, error) {
	err := s.answer(ctx, "findings", figure(d))
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.scans[d], errors.Join(err, s.scanErr)
}

func (s *shop) Replication(ctx context.Context, _ string, d ref.Digest) ([]setting.Copy, error) {
	return s.copies, errors.Join(s.answer(ctx, "replication", figure(d)), s.copyErr)
}

func short(r ref.Reference) string {
	name := r.String()
	if r.Digest != "" {
		name = name[:len(name)-63] // one figure of it will do
	}
	return name
}

func perform(t *testing.T, s *shop, width, height int, act func(*uitest.Driver)) {
	t.Helper()
	leads := func(what string) func(ref.Reference) kit.Screen {
		return func(r ref.Reference) kit.Screen { return opened(what + " " + short(r)) }
	}
	uitest.Perform(t, uitest.Stage{Width: width, Height: height, Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		w := screen.Wiring{
			Context: catalog.Context{Name: "dev", Host: "registry.example"}, Repository: "app", Tags: []string{"v1", "latest"},
			Reference: ref.Reference{Host: "registry.example", Repository: "app", Tag: "v1"}, Source: s, Supply: s,
			Open: leads("image"), Files: leads("files"), Base: leads("base"), Usage: func() kit.Screen { return opened("usage") },
			Compare: func(from, to ref.Reference) kit.Screen { return opened("compare " + short(from) + "\n" + short(to)) },
		}
		if s.scans != nil {
			w.Scanner = s
		}
		if s.replicas {
			w.Replicator = s
		}
		if s.wire != nil {
			s.wire(&w)
		}
		if s.save != nil {
			com.Save = func(_ context.Context, name string, rows [][]string) (string, error) {
				path, err := s.save(rows)
				return path + name, err
			}
		}
		return screen.New(com, w)
	}}, act)
}

// settle is as long as reading takes.
const settle = 5 * time.Second

func platform(arch, figure string) image.Descriptor {
	return image.Descriptor{MediaType: image.MediaTypeOCIManifest, Digest: d(figure), Size: 700, Platform: &image.Platform{OS: "linux", Architecture: arch}}
}

func leaf(figure string, sizes ...int64) image.Manifest {
	m := image.Manifest{
		Kind: image.KindImage, MediaType: image.MediaTypeOCIManifest, Digest: d(figure), Raw: []byte(`{"leaf":"` + figure + `"}`),
		Config: image.Descriptor{Digest: d("c"), Size: 1_000},
	}
	for i, n := range sizes {
		m.Layers = append(m.Layers, image.Descriptor{Digest: d(fmt.Sprintf("%x", i+1)), Size: n})
	}
	return m
}

// small is an index of two platforms and what was noted about its build.
func small() *shop {
	attestation := image.Descriptor{Digest: d("e"), Size: 300, Platform: &image.Platform{OS: "unknown", Architecture: "unknown"}, Annotations: map[string]string{
		"vnd.docker.reference.type": "attestation-manifest", "vnd.docker.reference.digest": string(d("a")),
	}}
	root := image.Manifest{
		Kind: image.KindIndex, MediaType: image.MediaTypeOCIIndex, Digest: d("f"), Raw: []byte(`{"schemaVersion":2,"deep":{"x":1}}`),
		Children: []image.Descriptor{platform("arm64", "b"), platform("amd64", "a"), attestation}, Annotations: map[string]string{"org.b": "two", "org.a": "one"},
	}
	config := func(arch string) image.Config {
		return image.Config{
			Created: time.Date(1999, 12, 30, 0, 0, 0, 0, time.UTC), Author: "me", Platform: image.Platform{OS: "linux", Architecture: arch}, User: "app", WorkingDir: "/srv",
			Entrypoint: []string{"/bin/app", "two words"}, Cmd: []string{"serve"}, Ports: []string{"80/tcp", "443/tcp"}, Volumes: []string{"/data"}, StopSignal: "SIGINT",
			Env: []string{"PATH=/bin", "EMPTY"}, Labels: map[string]string{"org.opencontainers.image.version": "1.2", "z": "last", "a": "first"},
			History: []image.History{
				{Created: time.Date(1999, 12, 1, 0, 0, 0, 0, time.UTC), CreatedBy: "/bin/sh -c #(nop) ADD file:1 in /"},
				{CreatedBy: "ENV A=b", Empty: true},
				{CreatedBy: "RUN /bin/sh -c make # buildkit"},
			},
		}
	}
	return &shop{
		manifests: map[string]image.Manifest{"v1": root, "a": leaf("a", 30e6, 10e6, 5), "b": leaf("b", 20e6)},
		configs:   map[ref.Digest]image.Config{d("a"): config("amd64"), d("b"): config("arm64")},
		failing:   map[string]error{}, slow: map[string]time.Duration{}, tree: &supply.Node{Kind: supply.Subject, Descriptor: image.Descriptor{Digest: d("f")}},
	}
}

func TestOverview(t *testing.T) {
	t.Parallel()
	s := small()
	s.slow["v1"], s.slow["a"] = time.Second, time.Second
	perform(t, s, 100, 40, func(drv *uitest.Driver) {
		drv.See("› v1", "reading the manifest …", "registry.example").Press("C").See("! copy digest: the digest is not known yet").Press("B")
		drv.See("the digest is not known yet")
		drv.Press("f").See("there is no image here whose files").Press("=").See("the digest is not known yet").Press("o")
		drv.See("! next platform: there is one platform")
		drv.Advance(1500*time.Millisecond).Press("up").See("index · "+string(d("f")), "…", "v1  latest").SeeNot("RUNS", "size", "PLATFORM ")
		drv.Press("3").See("reading the image …").Press("1").Advance(settle)
		drv.SeeLine(`reference +registry\.example/app:v1`).SeeLine(`kind +index`).SeeLine(`media type +application/vnd\.oci\.image\.index`).SeeNot(" …")
		drv.See("PLATFORM linux/amd64").SeeLine(`digest +sha256:aaaa`).SeeLine(`created +1999-12-30 00:00:00 UTC, 2d ago`)
		drv.SeeLine(`size +40 MB \(40,001,005 bytes\) in 3 layers`)
		drv.SeeLine(`version +1\.2`).SeeLine(`author +me`).SeeLine(`entrypoint +/bin/app two words`).SeeLine(`command +serve`).SeeLine(`user +app`)
		drv.SeeLine(`ports +80/tcp  443/tcp`)
		drv.SeeLine(`30 MB  ━{24}  ADD file:1`).SeeLine(`10 MB  ━{7,9}\S* +RUN make`).SeeLine(`5 B  .*history does not|5 B`).See("ANNOTATIONS")
		drv.SeeLine(`org\.a  one`).SeeNot("base image", "findings", "replicated", "revision")
		if i, j := strings.Index(drv.Screen(), "org.a"), strings.Index(drv.Screen(), "org.b"); i > j {
			t.Error("the annotations are not sorted")
		}
	})
}

func TestTabs(t *testing.T) {
	t.Parallel()
	perform(t, small(), 100, 30, func(drv *uitest.Driver) {
		drv.Advance(settle).SeeNot("findings").Press("2").SeeLine(`PLATFORM +DIGEST`).SeeLine(`▌ +linux/arm64 +bbbbbbbbbbbb +700 B`)
		drv.SeeLine(`linux/amd64 \(shown\)`).SeeLine(`attestation of aaaaaaaaaaaa`)
		drv.See(string(d("b")), "700 bytes").Press("G").See("type=attestation-manifest").Press("g", "enter")
		drv.See("opened image registry.example/app@sha256:b.").Press("h")
		drv.Press("C").See("copied digest bbbbbbbbbbbb").ClickOn("amd64 (shown)").CursorOn("amd64").ClickOn("amd64 (shown)")
		drv.See("opened image registry.example/app@sha256:a.").Press("h")
		drv.Press("3").SeeLine(`▌ +1 +30 MB +━+ +ADD file:1`).SeeLine(`2 +10 MB .*RUN make`).SeeLine(`3 +5 B .*the history does not say`)
		drv.See("30,000,000 bytes · ADD file:1").Press("j").See("10,000,000 bytes · RUN make")
		drv.Press("enter").See("! open: nothing here to open; platforms and referrers can be")
		drv.Press("4").SeeLine(`digest +sha256:cccc`).SeeLine(`command +serve`).SeeLine(`entrypoint .*two words`).SeeLine(`stop signal +SIGINT`)
		drv.SeeLine(`volumes +/data`).SeeLine(`PATH=/bin`).SeeLine(`EMPTY=`).See("LABELS")
		drv.Press("5").SeeLine(`4w +30 MB  ADD file:1`).SeeLine(`— +ENV A=b`).SeeLine(`10 MB  RUN make`).SeeLine(`5 B  \(the history does not say\)`)
		drv.Press("7").See(`"schemaVersion"`, `"deep"`).Press("y").See(`"deep"`).Press("8").See("no key 8")
		drv.Press("tab").See("RUNS").Press("shift+tab").See(`"deep"`).Press("]", "]").See("PLATFORM ").Press("[").See("RUNS") // round and round
		drv.ClickOn("5 history").See("ENV A=b").Press("1").Resize(100, 24).See("line 19 of 28").Press("G").SeeNot("reference ").See("org.b").Press("g")
		drv.See("reference ")
		drv.Wheel(1).SeeNot("reference ").Wheel(-1).See("reference ").Press("pgdown").SeeNot("reference ").Press("pgup", "j").SeeNot("reference ")
		drv.Press("k").See("reference ")
		drv.Press("esc").See(uitest.Home)
	})
	raw := small()
	raw.wire = func(w *screen.Wiring) { w.Raw, w.Named = true, true }
	perform(t, raw, 100, 30, func(drv *uitest.Driver) { drv.Advance(settle).See(`"deep"`, "app › v1") })
}

func TestPlatforms(t *testing.T) {
	t.Parallel()
	s := small()
	perform(t, s, 100, 40, func(drv *uitest.Driver) {
		drv.Advance(settle).See("PLATFORM linux/amd64").Press("f").See("opened files registry.example/app:v1@sha256:a.").Press("h")
		drv.Press("o").See("platform linux/arm64").Advance(settle).See("PLATFORM linux/arm64", "20 MB").SeeNot("PLATFORM linux/amd64")
		drv.Press("B").See("opened base registry.example/app:v1@sha256:b.").Press("h").Press("o").Advance(settle).See("PLATFORM linux/amd64")
	})
	// The answer about a platform that is not looked at any more comes too late.
	s.slow["b"] = 3 * time.Second
	perform(t, s, 100, 40, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("o", "o").Advance(time.Second).See("PLATFORM linux/amd64").Advance(2 * settle).See("PLATFORM linux/amd64").SeeNot("arm64")
	})
	s.slow["b"], s.failing["b"] = 0, &fault.Error{Kind: fault.NotFound, Op: "read", Object: "app@b"}
	perform(t, s, 100, 40, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("o").Advance(settle).See("✗ not found: read app@b").SeeNot("RUNS", "PLATFORM ").Press("3").See("read app@b").Press("2")
		drv.SeeLine(`arm64 \(shown\)`)
		drv.Press("1", "f").See("there is no image here whose files")
		drv.Press("o").Advance(settle).See("PLATFORM linux/amd64").SeeNot("not found")
	})
}

func TestRefresh(t *testing.T) {
	t.Parallel()
	s := small()
	perform(t, s, 100, 30, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("2").See("linux/arm64")
		s.mu.Lock()
		s.failing["v1"] = &fault.Error{Kind: fault.Unavailable, Op: "read", Object: "app:v1"}
		s.mu.Unlock()
		drv.Press("r").Advance(settle).See("read app:v1", "press r to try again", "✗").SeeNot("linux/arm64").Press("enter").See("nothing here to open")
		drv.Press("j", "G", "3", "j", "6", "enter", "2")
		s.mu.Lock()
		delete(s.failing, "v1")
		s.mu.Unlock()
		s.heard("")
		drv.Press("R").Advance(settle).See("linux/arm64").SeeNot("✗")
		if n := s.heard("manifest v1"); n != 1 {
			t.Errorf("read %d times", n)
		}
	})
}

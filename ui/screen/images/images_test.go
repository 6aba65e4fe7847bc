package images_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/usage"
	"regatta/ui/kit"
	"regatta/ui/screen/images"
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

// figures are digests by what they are made of.
func figures(all []ref.Digest) string {
	var out strings.Builder
	for _, d := range all {
		out.WriteByte(d[7])
	}
	return out.String()
}

// shop is a registry with one repository.
type shop struct {
	mu       sync.Mutex
	caps     image.Capabilities
	known    []image.Image
	knownErr error
	pages    map[string]image.Page // by cursor
	pageErr  map[string]error
	slow     time.Duration          // a page and what the store knows
	details  map[string]image.Image // by tag
	failing  map[string]error
	dull     time.Duration // a detail
	late     time.Duration // what the store knows, after that
	subjects map[ref.Digest][]image.Descriptor
	uses     usage.Set
	usesErr  error

	prefetch      int
	asked         []string
	inFlight, top int // details under way, and the most of them at a time

	subjectsNow, topSubjects int // the same of referrers
	save                     func(rows [][]string) (string, error)
	wire                     func(*images.Wiring)
}

func (s *shop) ask(format string, args ...any) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked = append(s.asked, fmt.Sprintf(format, args...))
}

// heard is what was asked since the last time, sorted.
func (s *shop) heard() []string {
	s.mu.Lock()
	defer s.mu.Unlock()
	out := s.asked
	s.asked = nil
	slices.Sort(out)
	return out
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *shop) Known(ctx context.Context, repository string) ([]image.Image, error) {
	s.ask("known %s", repository)
	return s.known, errors.Join(wait(ctx, s.slow/4+s.late), s.knownErr)
}

func (s *shop) Images(ctx context.Context, _, cursor string) (image.Page, error) {
	s.ask("page %s", cursor)
	if err := wait(ctx, s.slow); err != nil {
		return image.Page{}, err
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.pages[cursor], s.pageErr[cursor]
}

func (s *shop) Describe(ctx context.Context, _ string, img image.Image, fresh bool) (image.Image, error) {
	s.ask("describe %s %v", strings.Join(img.Tags, ","), fresh)
	s.mu.Lock()
	s.inFlight++
	s.top = max(s.top, s.inFlight)
	s.mu.Unlock()
	err := wait(ctx, s.dull)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.inFlight--
	if err == nil {
		err = s.failing[img.Tags[0]]
	}
	return s.details[img.Tags[0]], err
}

func (s *shop) Subjects(ctx context.Context, _ string, d ref.Digest) ([]image.Descriptor, error) {
	s.ask("subjects %s", figures([]ref.Digest{d}))
	s.mu.Lock()
	s.subjectsNow++
	s.topSubjects = max(s.topSubjects, s.subjectsNow)
	s.mu.Unlock()
	err := wait(ctx, s.dull)
	s.mu.Lock()
	defer s.mu.Unlock()
	s.subjectsNow--
	if found, ok := s.subjects[d]; ok {
		return found, err
	}
	return nil, &fault.Error{Kind: fault.NotFound}
}

func names(all []ref.Reference) string {
	var out []string
	for _, r := range all {
		name := r.String()
		if r.Digest != "" {
			name = name[:len(name)-63] // one figure of it will do
		}
		out = append(out, name)
	}
	return strings.Join(out, " ")
}

func changes() *images.Changes {
	digests := func(what string) func([]ref.Digest, string) kit.Screen {
		return func(ds []ref.Digest, title string) kit.Screen { return opened(what + " " + figures(ds) + ": " + title) }
	}
	return &images.Changes{
		Delete: digests("delete"), Archive: digests("archive"), Restore: digests("restore"), KeepPrefix: "kept-",
		Untag: func(tags []string, title string) kit.Screen {
			return opened("untag " + strings.Join(tags, ",") + ": " + title)
		},
		Retag: func(from ref.Digest, tags []string, title string) kit.Screen {
			return opened("retag " + figures([]ref.Digest{from}) + " " + strings.Join(tags, ",") + ": " + title)
		},
		Copy: func(moves []plan.Move, title string) kit.Screen {
			said := []string{"copy: " + title}
			for _, m := range moves {
				said = append(said, names([]ref.Reference{m.From})+" > "+m.To.String())
			}
			return opened(strings.Join(said, "\n"))
		},
		Pull: func(what []ref.Reference, to, title string) kit.Screen {
			return opened("pull: " + title + " to " + to + "\n" + strings.ReplaceAll(names(what), " ", "\n"))
		},
		Rollback: func(tags []string) kit.Screen { return opened("rollback " + strings.Join(tags, ",")) },
	}
}

func (s *shop) wiring() images.Wiring {
	screen := func(what string) func() kit.Screen { return func() kit.Screen { return opened(what) } }
	w := images.Wiring{
		Context: catalog.Context{Name: "dev", Host: "registry.example"}, Repository: "team/app",
		Capabilities: func() image.Capabilities { return s.caps }, Source: s, Change: changes(),
		Open: func(img image.Image, raw bool) kit.Screen {
			return opened(fmt.Sprint("image ", img.Name(), " raw ", raw))
		},
		Lifecycle: screen("lifecycle"), Cleanup: screen("cleanup"), Health: screen("health"), Storage: screen("storage"),
		Usage: screen("usage"), Access: screen("access"),
		Compare: func(from, to ref.Reference) kit.Screen {
			return opened("compare\n" + names([]ref.Reference{from}) + "\n" + names([]ref.Reference{to}))
		},
		Files: func(r ref.Reference) kit.Screen { return opened("files " + names([]ref.Reference{r})) },
	}
	if s.subjects != nil {
		w.Referrers = s
	}
	if s.wire != nil {
		s.wire(&w)
	}
	return w
}

func perform(t *testing.T, s *shop, width, height int, act func(*uitest.Driver)) {
	t.Helper()
	uitest.Perform(t, uitest.Stage{Width: width, Height: height, Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		com.Prefetch = s.prefetch
		if s.save != nil {
			com.Save = func(_ context.Context, name string, rows [][]string) (string, error) {
				path, err := s.save(rows)
				return path + name, err
			}
		}
		return images.New(com, s.wiring())
	}}, act)
}

// settle is as long as listing and reading take.
const settle = 5 * time.Second

func day(before int) time.Time {
	return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -before)
}

func tagged(tags ...string) (out []image.Image) {
	for _, t := range tags {
		out = append(out, image.Image{Tags: []string{t}})
	}
	return out
}

func on(platforms ...string) (out []image.PlatformImage) {
	for i, p := range platforms {
		os, arch, _ := strings.Cut(p, "/")
		out = append(out, image.PlatformImage{Platform: image.Platform{OS: os, Architecture: arch}, Digest: d(strconv.Itoa(i + 1)), Size: 15e6})
	}
	return out
}

// small is a repository of three images under four tags; latest is v2's.
func small() *shop {
	two := image.Image{
		Digest: d("a"), Kind: image.KindIndex, MediaType: image.MediaTypeOCIIndex, Size: 30e6, Created: day(2), State: image.Read,
		Platforms: on("linux/amd64", "linux/arm64"),
	}
	one := image.Image{
		Digest: d("b"), Kind: image.KindImage, MediaType: image.MediaTypeOCIManifest, Size: 12e6, Created: day(40), State: image.Read,
		Platforms: on("linux/amd64"),
	}
	win := image.Image{
		Digest: d("c"), Kind: image.KindImage, MediaType: image.MediaTypeOCIManifest, Size: 99e6, Created: day(1), State: image.Read,
		Platforms: on("windows/amd64"),
	}
	return &shop{
		pages:   map[string]image.Page{"": {Images: tagged("v1.0", "v2.0"), Next: "v2.0"}, "v2.0": {Images: tagged("latest", "edge")}},
		details: map[string]image.Image{"v2.0": two, "latest": two, "v1.0": one, "edge": win},
		failing: map[string]error{}, pageErr: map[string]error{},
	}
}

func equal(t *testing.T, got []string, want ...string) {
	t.Helper()
	if !slices.Equal(got, want) {
		t.Errorf("asked for %q, not for %q", got, want)
	}
}

func TestListing(t *testing.T) {
	t.Parallel()
	s := small()
	s.slow, s.dull = 4*time.Second, time.Second
	s.known = []image.Image{{Digest: d("b"), Tags: []string{"v1.0"}, Size: 12e6, Kind: image.KindImage, Created: day(40), Platforms: on("linux/amd64"), State: image.Cached}, {
		Digest: d("e"), Tags: []string{"gone"}, Size: 5e6, State: image.Cached,
	}}
	perform(t, s, 100, 24, func(drv *uitest.Driver) {
		drv.See("listing images …", "team/app", "registry.example").SeeNot("no tags")
		drv.Advance(1500 * time.Millisecond).See("gone").SeeLine(`v1\.0 +bbbbbbbbbbbb +12 MB .*5w +amd64`).See("2 images · 2 tags · by version …") // the store's
		drv.Advance(3 * time.Second).SeeLine(`v2\.0 +· +· +· +·`).See("gone")
		drv.SeeNot("latest") // a page, not read yet
		drv.Advance(6*time.Second).SeeNot("gone", "…").See("3 images · 4 tags · by version")
		drv.SeeLine(`v2\.0 latest +aaaaaaaaaaaa +30 MB.* 2d +amd64 arm64`).SeeLine(`edge +cccccccccccc +99 MB .*1d +windows/amd64`)
		drv.CursorOn("v2.0 latest")
		equal(t, s.heard(), "describe edge false", "describe gone false", "describe latest false", "describe v1.0 false", "describe v2.0 false",
			"known team/app", "page ", "page v2.0")
		drv.Press("r").See("…").Advance(4 * settle).SeeNot("…")
		equal(t, s.heard(), "describe edge false", "describe latest false", "describe v1.0 false", "describe v2.0 false", "page ", "page v2.0")
		drv.Press("R").Advance(4 * settle)
		equal(t, s.heard(), "describe edge true", "describe latest true", "describe v1.0 true", "describe v2.0 true", "page ", "page v2.0")
		drv.Send(kit.Refresh{}).Advance(4 * settle)
		equal(t, s.heard(), "describe edge false", "describe latest false", "describe v1.0 false", "describe v2.0 false", "page ", "page v2.0")
	})
}

func TestOrders(t *testing.T) {
	t.Parallel()
	first := func(drv *uitest.Driver, rows ...string) {
		t.Helper()
		at := 0
		for _, r := range rows {
			i := strings.Index(drv.Screen()[at:], r)
			if i < 0 {
				t.Fatalf("%s is not where it belongs, in %v:\n%s", r, rows, drv.Screen())
			}
			at += i
		}
	}
	perform(t, small(), 100, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).SeeLine(`TAGS↓`)
		first(drv, "v2.0", "v1.0", "edge")
		drv.CursorOn("v2.0").Press("S")
		first(drv, "edge", "v1.0", "v2.0")
		drv.Press("s").See("by time").SeeLine("CREATED↓")
		first(drv, "edge", "v2.0", "v1.0")
		drv.Press("S").SeeLine("CREATED↑")
		first(drv, "v1.0", "v2.0", "edge")
		drv.Press("s").See("by size").SeeLine("SIZE↓")
		first(drv, "edge", "v2.0", "v1.0")
		drv.Press("s").See("by tag").Press("s").See("by version")
		drv.ClickOn("SIZE").See("by size").ClickOn("SIZE")
		first(drv, "v1.0", "v2.0", "edge")
		drv.ClickOn("edge").CursorOn("edge").See("by size").ClickOn("edge").See("opened image edge raw false")
	})
	s := small()
	s.caps = image.Capabilities{PushTimes: true}
	s.pages = map[string]image.Page{"": {Images: []image.Image{
		{Digest: d("a"), Tags: []string{"x"}, Pushed: day(1), Created: day(90), Pulled: day(5), State: image.Read},
		{Digest: d("b"), Tags: []string{"y"}, Pushed: day(3), Pulled: day(4), State: image.Read},
		{Digest: d("c"), Tags: []string{"z"}, Pushed: day(2), State: image.Read},
	}}}
	perform(t, s, 100, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).See("by time").SeeLine("PUSHED↓").SeeLine(`x .* 1d`)
		first(drv, " x ", " z ", " y ")
		drv.Press(":").Type("sort by pulled").Press("enter").See("by pulled")
		first(drv, " y ", " x ", " z ") // what was never pulled, as far as is known, comes last
		drv.Press("S")
		first(drv, " x ", " y ", " z ")
	})
}

func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	s := small()
	s.failing["edge"] = &fault.Error{Kind: fault.Denied, Op: "read", Object: "team/app:edge"}
	s.details["v1.0"] = image.Image{Digest: d("b"), Kind: image.KindSchema1, State: image.Read}
	s.details["v2.0"] = image.Image{Digest: d("a"), Kind: image.KindIndex, State: image.Read, Platforms: []image.PlatformImage{
		{Platform: image.Platform{OS: "linux", Architecture: "amd64"}, Size: -1}, {Platform: image.Platform{OS: "linux", Architecture: "s390x"}, Size: 1},
	}}
	s.details["latest"] = image.Image{Digest: d("d"), Kind: image.KindArtifact, ArtifactType: "application/vnd.acme.chart.v1+json", State: image.Read, Size: 7}
	perform(t, s, 100, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).SeeLine(`edge +· +! .*! cannot be read`).SeeLine(`v1\.0 +bbbbbbbbbbbb +· .*schema 1: unsup`).SeeLine(`v2\.0 .*!amd64 s390x`)
		drv.SeeLine(`latest +dddddddddddd +7 B .*acme\.chart`)
		drv.Press("G").CursorOn("edge").See("✗ denied: read team/app:edge", "ask for the permission").Press("C").See("! copy digest: the digest is not known yet")
		drv.Press("k").SeeNot("denied").See("by version").Press("j", "=").See("the digest is not known yet").Press("f").See("! files of the image")
		drv.See("not known yet")
		drv.Press("/").Type("is:failed").Press("enter").CursorOn("edge").SeeNot("v2.0").Press("esc").See("v2.0")
		drv.Press("/").Type("nothing").Press("enter").See("No images match the filter nothing", "0 / 4").Press("x").See("! delete: there is no image here")
		drv.Press("esc").See("v1.0")
	})
}

func (s *shop) running(context.Context) (usage.Set, error) {
	s.ask("uses")
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.uses, s.usesErr
}

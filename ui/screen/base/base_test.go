package base_test

import (
	"cmp"
	"context"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	model "regatta/model/base"
	"regatta/model/catalog"
	"regatta/model/fault"
	"regatta/model/ref"
	"regatta/ui/kit"
	"regatta/ui/screen/base"
	"regatta/ui/uitest"
)

// page is a screen that is led to.
type page struct{ name string }

func (*page) Init() tea.Cmd                        { return nil }
func (*page) Update(tea.Msg) (kit.Intent, tea.Cmd) { return nil, nil }
func (*page) Bindings() []kit.Binding              { return nil }
func (*page) Close()                               {}
func (p *page) View(w, h int) string               { return kit.Block([]string{p.name}, w, h) }

func digest(hex string) ref.Digest { return ref.Digest("sha256:" + strings.Repeat(hex, 64/len(hex))) }

// candidate is a base image of so many days before the bubble began.
func candidate(hex string, days int, tags ...string) model.Candidate {
	c := model.Candidate{Repository: ref.Reference{Host: "registry.example", Repository: "base/go"}, Digest: digest(hex), Tags: tags}
	if days > 0 {
		c.Created = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -days)
	}
	return c
}

// finder finds a base.
type finder struct {
	found model.Found
	err   error
	slow  time.Duration
	looks int
}

func (f *finder) find(ctx context.Context, progress func(total, done int)) (model.Found, error) {
	f.looks++
	found, err, slow := f.found, f.err, f.slow
	for _, done := range []int{4, 3} {
		progress(5, done)
		select {
		case <-time.After(slow / 2):
		case <-ctx.Done():
		}
	}
	return found, cmp.Or(ctx.Err(), err)
}

// late is a base of which there are two later images.
func late() *finder {
	now := candidate("b", 2, "1.26", "latest")
	return &finder{found: model.Found{
		Candidate: candidate("a", 30, "1.24"), By: "layers", Shared: 3, Tag: "latest", Now: &now, Later: []model.Candidate{candidate("c", 20, "1.25"), now}, Lag: 28 * 24 * time.Hour,
	}}
}

func perform(t *testing.T, f *finder, act func(*uitest.Driver)) {
	t.Helper()
	uitest.Perform(t, uitest.Stage{Width: 100, Height: 24, Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		return base.New(com, base.Wiring{
			Context: catalog.Context{Name: "dev", Host: "registry.example"}, Find: f.find, Open: func(c model.Candidate) kit.Screen { return &page{"the image " + c.Digest.Short()} },
		})
	}}, act)
}

const settle = time.Second

func TestBase(t *testing.T) {
	t.Parallel()
	f := late()
	f.slow = settle
	perform(t, f, func(s *uitest.Driver) {
		s.Advance(settle/4).See("looking among base images … 4 of 5", "base image …", "› base").Press("enter").See("the base is not known").Press("o").See("the base is not known")
		s.Advance(settle/2).See("7 of 10").Advance(settle).Press("g").SeeNot("base image …", "not read").SeeLine(`^ built from +base/go:1\.24$`).SeeLine(`^ digest +sha256:aaaa`).SeeLine(`^ known by +3 layers that they share$`)
		s.SeeLine(`^ created +1999-12-02 00:00:00 UTC, 4w ago$`).SeeLine(`^ now +latest is base/go:1\.26, 2 images and 28 days later$`)
		s.SeeLine(`^ LATER IMAGES$`).SeeLine(`^ 20d +base/go:1\.25 +cccccccccccc$`).SeeLine(`^ 2d +base/go:1\.26 +bbbbbbbbbbbb$`)
		s.Press("enter").See("the image aaaaaaaaaaaa").Press("esc", "o").See("the image bbbbbbbbbbbb").Press("esc", "h").See(uitest.Home)
	})
}

// What is not known is not said to be missing, nor to be all.
func TestUnsure(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		change func(*model.Found)
		see    []string
		not    string
		key    string
	}{
		"current": {func(f *model.Found) { f.Now, f.Later = &f.Candidate, nil }, []string{"latest is the same image: up to date"}, "LATER", "the image aaaaaaaaaaaa"},
		"gone":    {func(f *model.Found) { f.Now, f.Later = nil, nil }, []string{"there is no tag latest any more"}, "not read", "there is no tag latest"},
		"unknown": {
			func(f *model.Found) { f.Now, f.Later, f.Unread = nil, nil, 2 },
			[]string{"where latest points to is unknown: 2 images could not be read"},
			"no tag",
			"! where latest points to is unknown",
		},
		"more":     {func(f *model.Found) { f.Unread = 1 }, []string{"≥ 2 images and 28 days later", " not read      1 image could not be read"}, "no tag", "the image bbbbbbbbbbbb"},
		"timeless": {func(f *model.Found) { f.Created, f.By = time.Time{}, model.ByAnnotation }, []string{" created       unknown", "what the image says"}, "UTC", "the image b"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := late()
			tt.change(&f.found)
			perform(t, f, func(s *uitest.Driver) { s.See(tt.see...).SeeNot(tt.not).Press("o").See(tt.key) })
		})
	}
}

func TestNotFound(t *testing.T) {
	t.Parallel()
	f := late()
	f.err = &fault.Error{Kind: fault.Auth, Op: "list tags of", Object: "base/go"}
	perform(t, f, func(s *uitest.Driver) {
		s.See("list tags of base/go: not signed in", "sign in with docker login, then press r").SeeNot("built from").Press("enter").See("the base is not known")
		f.err = nil
		s.Press("r").See("built from")
		f.slow = settle
		s.Press("r").See("looking among base images").Press("enter").See("the base is not known").Advance(2 * settle).See("built from")
		f.err = &fault.Error{Kind: fault.Timeout, Op: "list"}
		s.Press("r").Advance(settle / 2)
		f.err = nil
		s.Press("r").Advance(settle - 1).See("looking among").Advance(settle).See("built from").SeeNot("timed out") // the answer to the first is late
		s.Press("r", "esc").Advance(2 * settle).See(uitest.Home)
	})
	if f.looks != 6 {
		t.Errorf("looked %d times", f.looks)
	}
}

func TestScrolls(t *testing.T) {
	t.Parallel()
	f := late()
	for range 30 {
		f.found.Later = append(f.found.Later, candidate("d", 1, "x"))
	}
	f.found.Later = append(f.found.Later, candidate("e", 1, "the-end"))
	perform(t, f, func(s *uitest.Driver) {
		s.SeeNot("the-end").Press("G").See("the-end").SeeNot("built from").Press("g").See("built from").Wheel(1).SeeNot("built from").Wheel(-1).See("built from")
		s.Press("j").SeeNot("built from").Resize(100, 60).See("built from", "the-end")
	})
}

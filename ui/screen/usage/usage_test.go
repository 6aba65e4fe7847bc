package usage_test

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/fault"
	"regatta/model/ref"
	model "regatta/model/usage"
	"regatta/ui"
	"regatta/ui/kit"
	"regatta/ui/screen/usage"
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

// world is what the sources say.
type world struct {
	set       model.Set
	err       error
	own       []model.Hit
	unread    int
	narrowErr error
	slow      time.Duration
	whole     bool // it is opened from the repository
	byDigest  bool // the image has no tag
	asked     int
	stopped   int
	narrowed  []model.Use
	saved     [][]string
}

func (w *world) ask(ctx context.Context) (model.Set, error) {
	w.asked++
	set, err := w.set, w.err
	select {
	case <-time.After(w.slow):
	case <-ctx.Done():
		w.stopped++
	}
	return set, cmp.Or(ctx.Err(), err)
}

func (w *world) narrow(_ context.Context, uses []model.Use) ([]model.Hit, int, error) {
	w.narrowed = uses
	return w.own, w.unread, w.narrowErr
}

func use(place string, how model.How, running int, tag string, d ref.Digest) model.Use {
	image := ref.Reference{Host: "registry.example", Repository: "shop/api", Tag: tag, Digest: d}
	return model.Use{Source: model.ECS, Scope: "eu-west-1", Place: place, How: how, Running: running, Image: image}
}

// some are three uses of the repository, of which two are of v2, and one of another repository.
func some() *world {
	web, job, old := use("shop/web", model.Task, 3, "v2", digest("a")), use("shop/job", model.Service, 0, "v2", ""), use("shop/old", model.Function, 2, "", digest("b"))
	other := use("shop/else", model.Task, 9, "v9", "")
	other.Image.Repository = "shop/other"
	return &world{
		set: model.Set{Answers: []model.Answer{{Source: model.ECS, Scope: "eu-west-1", Uses: []model.Use{web, job, old, other}}, {Source: model.Lambda}}},
		own: []model.Hit{{Use: web, Digest: digest("a")}, {Use: job, Tag: true}},
	}
}

func perform(t *testing.T, w *world, act func(*uitest.Driver)) {
	t.Helper()
	stage := uitest.Stage{Width: 120, Height: 24}
	stage.Options = func(o *ui.Options) {
		o.Common.Save = func(_ context.Context, name string, rows [][]string) (string, error) {
			w.saved = rows
			return "/tables/" + name, nil
		}
	}
	stage.Screen = func(_ *testing.T, com kit.Common) kit.Screen {
		wire := usage.Wiring{
			Context: catalog.Context{Name: "dev", Host: "registry.example"}, Repository: "shop/api", Ask: w.ask, Narrow: w.narrow,
			Image: ref.Reference{Host: "registry.example", Repository: "shop/api", Tag: "v2"},
			Open:  func(r ref.Reference) kit.Screen { return &page{"the image " + r.Tag + r.Digest.Short()} },
		}
		if w.byDigest {
			wire.Image.Tag, wire.Image.Digest = "", digest("a")
		}
		if w.whole {
			wire.Narrow = nil
		}
		return usage.New(com, wire)
	}
	uitest.Perform(t, stage, act)
}

// settle is longer than the list rests.
const settle = time.Second

func rows(s *uitest.Driver, want ...string) {
	s.Advance(settle).Press("g")
	for _, w := range want {
		s.CursorOn(w).Press("j")
	}
}

func TestUses(t *testing.T) {
	t.Parallel()
	w := some()
	w.slow = settle
	perform(t, w, func(s *uitest.Driver) {
		s.See("asking what runs the images …", "› used by").Press("enter").See("there is no use here").Press("c").See("there is no use here")
		s.Advance(2*settle).Press("g").See("2 uses of v2\n", " ✓ ecs eu-west-1  3 uses", " ✓ lambda  0 uses").SeeNot("shop/old", "shop/else", "not read")
		s.SeeLine(`^▌ +shop/web +task +3 +v2  aaaaaaaaaaaa +ecs eu-west-1$`).SeeLine(`shop/job +service +— +v2 +ecs`)
		s.Press("U").Advance(settle).See("3 uses of shop/api").SeeLine(`shop/old +function +2 +bbbbbbbbbbbb +ecs`).SeeNot("shop/else").Press("space").See("●").Press("U").Advance(settle).SeeNot("shop/old", "●") // a row is another use then
		s.Resize(80, 24).SeeNot("SOURCE").Resize(160, 24).SeeLine(`^.{120,}SOURCE`)
	})
	if w.asked != 1 || len(w.narrowed) != 3 {
		t.Errorf("asked %d times, narrowed %v", w.asked, w.narrowed)
	}
}

func TestUsesOrders(t *testing.T) {
	t.Parallel()
	w := some()
	w.whole = true
	perform(t, w, func(s *uitest.Driver) {
		rows(s, "shop/web", "shop/old", "shop/job")
		s.Press("U").See("all of the repository is shown; from an image it is that image").Press("s")
		rows(s, "shop/job", "shop/old", "shop/web")
		s.Press("s")
		rows(s, "shop/web", "shop/old", "shop/job")
		s.Press("s")
		rows(s, "bbbbbbbbbbbb", "v2", "v2")
		s.ClickOn("HOW").Advance(settle).See("HOW↑").ClickOn("shop/old").CursorOn("shop/old")
		for filter, want := range map[string]string{
			"is:running": "2 / 3", "running>2": "1 / 3", "how:function": "1 / 3", "source:ecs*": "3 / 3", "tag:v2": "2 / 3", "digest:*bbbb*": "1 / 3", "web": "1 / 3", "v2": "2 / 3",
		} {
			s.Press("/").Type(filter).Press("enter").Advance(settle).See(want + " uses of shop/api").Press("esc").Advance(settle)
		}
		s.Press("ctrl+s").See("/tables/").Press("space", "esc").SeeNot("●").Press("esc").See(uitest.Home)
	})
	got := fmt.Sprintf("%q", w.saved)
	if !strings.Contains(got, `["shop/job" "service" "0" "registry.example/shop/api:v2" "ecs eu-west-1"]`) || !strings.Contains(got, string(digest("b"))) {
		t.Errorf("saved %s", got)
	}
}

func TestUseKeys(t *testing.T) {
	t.Parallel()
	w := some()
	perform(t, w, func(s *uitest.Driver) {
		s.Advance(settle).Press("enter").See("the image v2aaaaaaaaaaaa").Press("esc", "j", "c").See("copied registry.example/shop/api:v2").Advance(settle)
		if got := s.Clipboard(); got != "registry.example/shop/api:v2" {
			t.Errorf("copied %q", got)
		}
	})
}

// What runs a tag that was looked up already may run another image.
func TestCountsWhatRunsIt(t *testing.T) {
	t.Parallel()
	w := some()
	w.own[0].Tag = true
	perform(t, w, func(s *uitest.Driver) {
		s.Advance(settle).SeeLine(`shop/web +task +— +v2`).Press("U").Advance(settle).SeeLine(`shop/web +task +3 +v2`)
	})
}

// A source that did not answer, and an image that was not read, are never taken for nothing.
func TestUnknown(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*world){
		"Nothing that was asked runs this image. U shows the 3 uses of its repository.": func(w *world) { w.own = nil },
		"No use was found, but 1 image that is used is not read.":                       func(w *world) { w.own, w.unread = nil, 1 },
		"2 uses of v2 · 2 images that are used are not read":                            func(w *world) { w.unread = 2 },
		"2 uses of aaaaaaaaaaaa\n":                                                      func(w *world) { w.byDigest = true },
		"Nothing that was asked runs an image of this repository.":                      func(w *world) { w.whole, w.set.Answers = true, w.set.Answers[1:] },
		"No usage source is configured for this registry.":                              func(w *world) { w.set = model.Set{} },
		"No use was found, but not every source has told all.": func(w *world) {
			w.own, w.unread, w.set.Answers[1].Err = nil, 1, &fault.Error{Kind: fault.Denied, Op: "list functions"}
		},
		" ! lambda  incomplete, 0 uses: list functions: denied": func(w *world) { w.set.Answers[1].Err = &fault.Error{Kind: fault.Denied, Op: "list functions"} },
		"✗ denied: list functions":                              func(w *world) { w.set.Answers[1].Err = &fault.Error{Kind: fault.Denied, Op: "list functions"} },
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			w := some()
			change(w)
			perform(t, w, func(s *uitest.Driver) { s.Advance(settle).See(want) })
		})
	}
}

func TestManySources(t *testing.T) {
	t.Parallel()
	w := some()
	for i := range 8 {
		w.set.Answers = append(w.set.Answers, model.Answer{Source: model.File, Scope: fmt.Sprint("list", i)})
	}
	perform(t, w, func(s *uitest.Driver) {
		s.Advance(settle).See("file list3", "shop/web").SeeNot("file list4").ClickOn("shop/job").CursorOn("shop/job")
	})
}

func TestAsksAgain(t *testing.T) {
	t.Parallel()
	w := some()
	w.err = &fault.Error{Kind: fault.Timeout, Op: "ask", Object: "ecs"}
	perform(t, w, func(s *uitest.Driver) {
		s.See("ask ecs: timed out", "press r to try again").SeeNot("USED BY").Press("enter").See("there is no use here")
		w.err, w.slow = nil, settle
		s.Press("r").Advance(2 * settle).CursorOn("shop/web").Press("r").See("asking what runs").Press("enter").See("there is no use here").Advance(2 * settle) // nothing of what is not shown
		w.narrowErr = &fault.Error{Kind: fault.NotFound, Op: "read", Object: "v2"}
		s.Send(kit.Refresh{}).Advance(2*settle).See("read v2: not found").Press("c").See("there is no use here").Press("U", "c").See("there is no use here")
		s.Press("r", "esc").Advance(3 * settle).See(uitest.Home)
	})
	if w.asked != 5 || w.stopped != 1 {
		t.Errorf("asked %d times, stopped %d times", w.asked, w.stopped)
	}
}

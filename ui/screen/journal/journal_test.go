package journal_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/fault"
	model "regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/ui"
	"regatta/ui/kit"
	"regatta/ui/screen/journal"
	"regatta/ui/uitest"
)

// page is a screen that is led to.
type page struct{ name string }

func (*page) Init() tea.Cmd                        { return nil }
func (*page) Update(tea.Msg) (kit.Intent, tea.Cmd) { return nil, nil }
func (*page) Bindings() []kit.Binding              { return nil }
func (*page) Close()                               {}
func (p *page) View(w, h int) string               { return kit.Block([]string{p.name}, w, h) }

// book is a journal in memory, and who acts on its runs.
type book struct {
	sync.Mutex // it is looked at again and again

	runs      []journal.Entry
	err       error
	record    string
	resumeErr error
	version   uint64
	asked     []string // what was asked for, but for looks
	looks     int
	saved     [][]string
	slow      time.Duration // what a look takes
}

func (b *book) wait() {
	b.Lock()
	d := b.slow
	b.Unlock()
	time.Sleep(d)
}

// change changes the book so that it is looked at again.
func (b *book) change(how func()) {
	b.Lock()
	defer b.Unlock()
	how()
	b.version++
}

func (b *book) Version() uint64 {
	b.Lock()
	defer b.Unlock()
	return b.version
}

func (b *book) Runs(context.Context) ([]journal.Entry, error) {
	b.wait()
	b.Lock()
	defer b.Unlock()
	b.looks++
	return slices.Clone(b.runs), b.err
}

func (b *book) Run(_ context.Context, id string) (journal.Entry, error) {
	b.wait()
	b.Lock()
	defer b.Unlock()
	b.looks++
	i := slices.IndexFunc(b.runs, func(e journal.Entry) bool { return e.ID == id })
	if i < 0 || b.err != nil {
		return journal.Entry{}, b.err
	}
	return b.runs[i], nil
}

func (b *book) Record(_ context.Context, id string) (string, error) {
	b.Lock()
	defer b.Unlock()
	return b.record + " of " + id, b.err
}

func (b *book) Cancel(id string) { b.change(func() { b.asked = append(b.asked, "cancel "+id) }) }

func (b *book) Pause(id string, on bool) {
	b.change(func() {
		b.asked = append(b.asked, fmt.Sprintf("pause %s %v", id, on))
		for i := range b.runs {
			b.runs[i].Paused = b.runs[i].Paused && b.runs[i].ID != id || b.runs[i].ID == id && on
		}
	})
}

func (b *book) Resume(id string) error {
	b.change(func() { b.asked = append(b.asked, "resume "+id) })
	return b.resumeErr
}

func (b *book) wiring() journal.Wiring {
	return journal.Wiring{
		Runs: b, Control: b,
		Undo: func(e journal.Entry) kit.Screen { return &page{"the plan that undoes " + e.ID} },
		Rest: func(e journal.Entry) kit.Screen { return &page{"the rest of " + e.ID} },
	}
}

func perform(t *testing.T, b *book, act func(*uitest.Driver)) {
	t.Helper()
	on(t, uitest.Stage{Width: 160, Height: 24}, b, act)
}

func on(t *testing.T, stage uitest.Stage, b *book, act func(*uitest.Driver)) {
	t.Helper()
	also := stage.Options
	stage.Options = func(o *ui.Options) {
		if also != nil {
			also(o)
		}
		o.Common.Save = func(_ context.Context, name string, rows [][]string) (string, error) {
			b.saved = rows
			return "/tables/" + name, nil
		}
	}
	stage.Screen = func(_ *testing.T, com kit.Common) kit.Screen { return journal.New(com, b.wiring()) }
	uitest.Perform(t, stage, act)
}

func digest(hex string) ref.Digest { return ref.Digest("sha256:" + strings.Repeat(hex, 64/len(hex))) }

// run is one of so many hours before the bubble began, with these outcomes.
func run(id string, hours int, state model.State, outcomes ...plan.Outcome) journal.Entry {
	e := journal.Entry{Run: model.Run{
		ID: id, Title: "delete " + id, State: state, Started: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(-time.Duration(hours) * time.Hour),
		Plan: plan.Plan{Registry: "registry.example", Repository: "shop/" + id},
	}}
	for i, o := range outcomes {
		at := ref.Reference{Host: "registry.example", Repository: "shop/" + id, Tag: fmt.Sprint("v", i+1)}
		e.Plan.Steps = append(e.Plan.Steps, plan.Step{Kind: plan.Untag, Reference: at, Digest: digest("a"), Expect: plan.Expect{Tag: at.Tag, Digest: digest("a")}})
		e.Steps = append(e.Steps, model.Step{Outcome: o})
	}
	return e
}

// all are runs in each state, in no order.
func all() *book {
	going := run("going", 1, model.Running, plan.Done, plan.Running)
	going.Progress = plan.Progress{Total: 2, Done: 1, BytesPerSecond: 2_000_000, Left: 90 * time.Second}
	undone, part := run("undone", 30, model.Done, plan.Done), run("part", 31, model.Done, plan.Done)
	undone.Undone, part.UndoneInPart = []string{"x"}, []string{"y"}
	undone.Steps[0].Outcome, part.Steps[0].Outcome = plan.Done, plan.Done
	return &book{runs: []journal.Entry{
		run("done", 26, model.Done, plan.Done, plan.Unchanged), undone, part, going,
		run("partly", 40, model.Partly, plan.Done, plan.Failed), run("failed", 50, model.Failed, plan.Failed), run("window", 2, model.Elsewhere, plan.Running),
		run("broken", 3, model.Interrupted, plan.Done, plan.Pending), run("stopped", 60, model.Cancelled, plan.Done, plan.Skipped),
		run("doubt", 61, model.Cancelled, plan.Running),
	}, record: "# Record"}
}

// settle is longer than the time between two looks.
const settle = time.Second

func TestRuns(t *testing.T) {
	t.Parallel()
	b := all()
	perform(t, b, func(s *uitest.Driver) {
		s.Advance(settle).See("10 runs", "› journal").CursorOn("delete going").SeeLine(`^▌ +1h +delete going +shop/going registry\.example +1/2 +━+.* 2\.0 MB/s +1m$`)
		for _, line := range []string{
			`2h +delete window .* 0/1 +runs in another window`, `3h +delete broken .* 1/2 +! interrupted`, `1d +delete done .* 2/2 +✓ done`, `1d +delete undone .* ✓ done, undone$`,
			`1d +delete part .* ! done, undone in part$`, `delete partly .* 1/2 +✗ partly: 1 failed`, `delete failed .* 0/1 +✗ failed`, `delete stopped .* ! cancelled: 0 failed, 1 skipped$`,
			`delete doubt .* ! 1 in doubt, 0 failed, cancelled$`,
		} {
			s.SeeLine(line)
		}
		for _, next := range []string{"window", "broken", "done", "undone", "part", "partly", "failed", "stopped", "doubt"} {
			s.Press("j").CursorOn("delete " + next) // the newest first
		}
		s.Press("S").Advance(settle).Press("g").CursorOn("delete doubt").See("WHEN↑").Press("S").Advance(settle)
		for filter, want := range map[string]string{"is:running": "1 run", "is:failed": "2 runs", "is:interrupted": "1 run", "is:undone": "1 run", "shop/part": "2 runs", "window": "1 run"} {
			s.Press("/").Type(filter).Press("enter").Advance(settle).See("\n " + want + "\n").Press("esc").Advance(settle)
		}
	})
	if b.looks != 1 {
		t.Errorf("looked %d times at what does not change", b.looks)
	}
}

// A run stays under the cursor while others come and it goes on.
func TestGoesOn(t *testing.T) {
	t.Parallel()
	b := &book{runs: []journal.Entry{run("going", 1, model.Running, plan.Running)}}
	perform(t, b, func(s *uitest.Driver) {
		s.Advance(settle).CursorOn("delete going").SeeLine(`0/1 +…$`).Press("j")
		b.change(func() { b.runs = append([]journal.Entry{run("newer", 0, model.Running, plan.Running)}, b.runs...) })
		s.Advance(settle).See("2 runs").CursorOn("delete going")
		b.change(func() { b.runs[1] = run("going", 1, model.Done, plan.Done) })
		s.Advance(settle).CursorOn("delete going").SeeLine(`^▌.*delete going .* 1/1 +✓ done`)
		b.change(func() { b.runs, b.err = nil, &fault.Error{Kind: fault.Denied, Op: "read", Object: "the journal"} })
		s.Advance(settle).See("denied: read the journal", "delete newer", "delete going") // what was read stays
		b.change(func() { b.err = nil })
		s.Advance(settle).See("2 runs").Press("esc").Advance(settle).See(uitest.Home)
	})
}

func TestNothingWasChanged(t *testing.T) {
	t.Parallel()
	b := &book{}
	perform(t, b, func(s *uitest.Driver) {
		s.Advance(settle).See("Nothing was ever changed from here.", "Each change is written down before it is made", "0 runs")
		for _, key := range []string{"enter", "u", "m"} {
			s.Press(key).See("there is no run here")
		}
		s.Press("x").See("it does not run here").Press("p").See("it does not run here").Press("o").See("nothing of it is left to do")
	})
	b.err = errors.New("the disk is away")
	perform(t, b, func(s *uitest.Driver) {
		s.Advance(settle).See("the disk is away").SeeNot("Nothing was ever changed")
		b.Lock()
		b.err = nil // and no version is new
		b.Unlock()
		s.Advance(settle).See("Nothing was ever changed").SeeNot("the disk is away")
	})
}

// What cannot be read is asked for again, on both screens, and never by two at once.
func TestReadsAgain(t *testing.T) {
	t.Parallel()
	for name, keys := range map[string][]string{"runs": nil, "steps above the runs": {"enter"}} {
		screens := 1 + len(keys)
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := &book{runs: []journal.Entry{run("one", 1, model.Done, plan.Done)}}
			perform(t, b, func(s *uitest.Driver) {
				s.Advance(settle).Press(keys...).Advance(settle)
				b.change(func() { b.err, b.slow, b.looks = errors.New("the disk is away"), 2*time.Second, 0 })
				s.Advance(9 * time.Second).See("the disk is away")
				b.Lock()
				if b.looks < 3*screens || b.looks > 5*screens {
					t.Errorf("%d looks of 2 s in 9 s", b.looks)
				}
				b.err, b.slow = nil, 0 // and no version is new
				b.Unlock()
				s.Advance(3 * time.Second).SeeNot("the disk is away")
			})
		})
	}
}

func TestSavesRuns(t *testing.T) {
	t.Parallel()
	b := &book{runs: all().runs[:4]}
	b.runs[3].Paused = true
	perform(t, b, func(s *uitest.Driver) {
		s.Advance(settle).SeeLine(`delete going .* paused`).Press("ctrl+s").See("/tables/")
	})
	want := `["started" "change" "where" "steps" "state"]`
	if len(b.saved) != 5 || fmt.Sprintf("%q", b.saved[0]) != want || b.saved[2][0] != "1999-12-30T22:00:00Z" {
		t.Errorf("saved\n%q", b.saved)
	}
}

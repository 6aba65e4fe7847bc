package contexts_test

import (
	"context"
	"slices"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/fault"
	"regatta/ui/kit"
	"regatta/ui/screen/contexts"
	"regatta/ui/uitest"
)

// opened is a screen that says what it was opened for.
type opened string

func (opened) Init() tea.Cmd                        { return nil }
func (opened) Update(tea.Msg) (kit.Intent, tea.Cmd) { return nil, nil }
func (o opened) View(w, h int) string               { return kit.Block([]string{"opened " + string(o) + "."}, w, h) }
func (opened) Bindings() []kit.Binding              { return nil }
func (opened) Close()                               {}

// settle is as long as asking takes.
const settle = 5 * time.Second

// world is the registries that there are, and what they answer.
type world struct {
	mu     sync.Mutex
	all    []catalog.Context
	probes map[string]catalog.Probe
	slow   map[string]time.Duration
	asked  []string
	saved  [][]string
}

func (w *world) Probe(ctx context.Context, c catalog.Context) catalog.Probe {
	w.mu.Lock()
	w.asked = append(w.asked, c.Name)
	after, probe := w.slow[c.Name], w.probes[c.Name]
	w.mu.Unlock()
	select {
	case <-time.After(after):
	case <-ctx.Done():
		return catalog.Probe{Err: ctx.Err()}
	}
	return probe
}

func (w *world) times() int {
	w.mu.Lock()
	defer w.mu.Unlock()
	return len(w.asked)
}

func perform(t *testing.T, w *world, act func(*uitest.Driver)) {
	t.Helper()
	uitest.Perform(t, uitest.Stage{Width: 110, Height: 24, Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		com.Save = func(_ context.Context, name string, rows [][]string) (string, error) {
			w.saved = rows
			return "/tmp/" + name, nil
		}
		return contexts.New(com, contexts.Wiring{
			Contexts: w.all, Prober: w, Open: func(c catalog.Context) kit.Screen { return opened(c.Name + " at " + c.Host) },
		})
	}}, act)
}

// small is four registries: one that answers, one whose account is learned by
// asking, one that refuses, and one that is slow.
func small() *world {
	return &world{
		all: []catalog.Context{
			{Name: "prod", Kind: "oci", Host: "registry.example", ReadOnly: true, Color: "red"},
			{Name: "aws", Kind: "ecr"},
			{Name: "bad", Kind: "oci", Host: "bad.example"},
			{Name: "lost", Kind: "ecr"},
			{Name: "dull", Kind: "oci", Host: "dull.example"},
		},
		probes: map[string]catalog.Probe{
			"prod": {Identity: "me", From: "docker config", Took: 120 * time.Millisecond}, "aws": {Identity: "role/x", Host: "1.ecr.example", Expires: time.Date(2000, 1, 1, 11, 30, 0, 0, time.UTC)},
			"bad": {Err: &fault.Error{Kind: fault.Auth, Op: "sign in to", Object: "bad.example"}}, "lost": {Err: &fault.Error{Kind: fault.Denied, Op: "ask", Object: "sts"}},
		},
		slow: map[string]time.Duration{"dull": time.Minute},
	}
}

func TestContexts(t *testing.T) {
	t.Parallel()
	w := small()
	w.slow["aws"], w.slow["prod"] = time.Second, time.Second
	perform(t, w, func(s *uitest.Driver) {
		s.Advance(500 * time.Millisecond).SeeLine(`▌ +prod read-only +oci +registry\.example .*asking …`)
		s.SeeLine(`bad +oci +bad\.example .*✗ not signed in`).See("5 contexts").SeeNot("✓")
		s.ClickOn("aws").Press("enter").See("! the account of aws is not known yet; wait, or press r").Press("c").SeeNot("copied")
		s.Advance(settle).SeeLine(`prod read-only +oci +registry\.example +me docker config +✓ answers in 120ms`)
		s.SeeLine(`▌ +aws +ecr +1\.ecr\.example +role/x +✓ answers, token 11h`).SeeLine(`dull .*asking …`)
		s.Press("enter").See("opened aws at 1.ecr.example.").Press("h").Press("c").See("copied 1.ecr.example").Press("j").CursorOn("bad")
		s.See("✗ ", "sign in to bad.example", "docker login").Press("enter").See("opened bad at bad.example.").Press("h")
		s.Press("j").CursorOn("lost").Press("enter").See("✗ denied: ask sts").SeeNot("opened").Press("g").SeeNot("denied: ask").See("5 contexts")
		s.ClickOn("prod").See("opened prod at registry.example.").Press("h")
		if w.times() != 5 {
			t.Errorf("asked %v", w.asked)
		}
		if s.Press("r").Advance(300 * time.Millisecond).SeeLine(`prod .*asking …`).Advance(settle).SeeLine(`prod .*✓ answers`); w.times() != 10 {
			t.Errorf("asked %v", w.asked)
		}
		s.Advance(2 * time.Minute).SeeLine(`dull .*✓ answers`).SeeNot("asking")
	})
}

// An answer to a question that was asked again since comes too late.
func TestLateAnswers(t *testing.T) {
	t.Parallel()
	w := small()
	w.probes["dull"] = catalog.Probe{Err: &fault.Error{Kind: fault.Denied}}
	perform(t, w, func(s *uitest.Driver) {
		s.Advance(settle).SeeLine(`dull .*asking …`)
		w.mu.Lock()
		w.slow["dull"], w.probes["dull"] = 0, catalog.Probe{Identity: "me"}
		w.mu.Unlock()
		s.Press("r").Advance(settle).SeeLine(`dull +oci +dull\.example +me +✓ answers`).Advance(2 * time.Minute).SeeLine(`dull .*✓ answers`)
	})
}

func TestOrderAndFilter(t *testing.T) {
	t.Parallel()
	w := small()
	perform(t, w, func(s *uitest.Driver) {
		s.Advance(settle).Press("g").CursorOn("prod").Press("s").See("CONTEXT↑").Press("g").CursorOn("aws").Press("S", "g").CursorOn("prod").Press("s", "S")
		s.Press("g").CursorOn("dull")
		s.Press("/").Type("is:failed").Press("enter").See("bad", "lost").SeeNot("prod", "aws", "dull").Press("esc").Press("/").Type("is:read-only")
		s.Press("enter").See("1 / 5").CursorOn("prod").Press("esc")
		s.Press("/").Type("1.ecr").Press("enter").CursorOn("aws").Press("esc", "ctrl+s").See("saved 5 rows to /tmp/contexts")
		if want := []string{"prod read-only", "oci", "registry.example", "me docker config", "✓ answers in 120ms"}; !slices.ContainsFunc(w.saved, func(row []string) bool { return slices.Equal(row, want) }) {
			t.Errorf("saved %q", w.saved)
		}
		s.Press("esc").See(uitest.Home)
	})
	perform(t, &world{}, func(s *uitest.Driver) {
		s.Advance(settle).See("No registries are set up yet.", "Press : and type a host").Press("enter").See("! open: there is no context").Press("r")
		s.See("there is no context").Press("c").See("there is no context")
	})
}

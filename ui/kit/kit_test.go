package kit_test

import (
	"context"
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"regatta/model/fault"
	"regatta/theme"
	"regatta/ui/kit"
)

// recorder is a screen that remembers its messages.
type recorder struct{ got []tea.Msg }

func (*recorder) Init() tea.Cmd           { return nil }
func (*recorder) View(int, int) string    { return "" }
func (*recorder) Bindings() []kit.Binding { return nil }
func (*recorder) Close()                  {}
func (r *recorder) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	r.got = append(r.got, msg)
	return nil, nil
}

func deliver(t *testing.T, cmd tea.Cmd) {
	t.Helper()
	reply, ok := cmd().(kit.Reply)
	if !ok {
		t.Fatal("a lane's command brings no reply")
	}
	reply.Deliver()
}

func TestLaneDropsWhatIsStale(t *testing.T) {
	t.Parallel()
	r := &recorder{}
	lane := kit.NewLane(t.Context(), r)
	say := func(word string) func(context.Context) tea.Msg {
		return func(context.Context) tea.Msg { return word }
	}
	old := lane.Go(say("old"))
	var cancelled error
	running := lane.Go(func(ctx context.Context) tea.Msg {
		cancelled = ctx.Err()
		return "running"
	})
	lane.Reset()
	deliver(t, old)
	deliver(t, running)
	deliver(t, lane.Go(say("new")))
	late := lane.Go(say("late"))
	lane.Close()
	deliver(t, late)
	if len(r.got) != 1 || r.got[0] != "new" {
		t.Errorf("got %v", r.got)
	}
	if cancelled == nil {
		t.Error("Reset does not cancel what runs")
	}
}

func TestKeymap(t *testing.T) {
	t.Parallel()
	in := []kit.Binding{{ID: "open", Keys: []string{"enter"}}, {ID: "delete", Keys: []string{"x"}, Dangerous: true}}
	keymap := kit.Keymap{"open": {"ctrl+o"}}
	out := keymap.Apply(in, true)
	if len(out) != 1 || out[0].Keys[0] != "ctrl+o" || in[0].Keys[0] != "enter" {
		t.Errorf("%v, from %v", out, in)
	}
	if _, ok := kit.Find(out, "x"); ok {
		t.Error("a dangerous key works in read-only mode")
	}
	if b, ok := kit.Find(keymap.Apply(in, false), "x"); !ok || b.ID != "delete" {
		t.Error("the key is not found")
	}
}

func TestKeyNames(t *testing.T) {
	t.Parallel()
	for key, want := range map[string]bool{
		"x": true, "X": true, "?": true, "é": true, "enter": true, "ctrl+x": true, "alt+enter": true, "f1": true, "f12": true,
		"f13": false, "": false, " ": false, "hyper": false, "ctrl+": false, "xy": false, "ctrl+xy": false, "ctrl+alt+x": true, "f": true, "+": true,
	} {
		if kit.IsKey(key) != want {
			t.Errorf("IsKey(%q) is %v", key, !want)
		}
	}
}

func TestDrawingFitsWhateverTheText(t *testing.T) {
	t.Parallel()
	look := &kit.Look{Styles: &theme.Styles{}}
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringMatching(`[a-zé界 ]{0,40}`).Draw(t, "s")
		width := rapid.IntRange(0, 50).Draw(t, "width")
		for name, got := range map[string]string{
			"Fit": kit.Fit(s, width), "FitRight": kit.FitRight(s, width),
			"Line": look.Line(width, kit.Span{Text: s}, kit.Span{Role: theme.Dim, Text: s}),
		} {
			// A wide rune that is cut in half leaves its place empty.
			if w := ansi.StringWidth(got); w != width {
				t.Fatalf("%s(%q, %d) is %d wide: %q", name, s, width, w, got)
			}
		}
		if width >= 20 {
			for l := range strings.SplitSeq(look.Box(s, []string{s}, width), "\n") {
				if w := ansi.StringWidth(l); w != width {
					t.Fatalf("a box of %d is %d wide: %q", width, w, l)
				}
			}
		}
	})
}

func TestEveryKindHasAdviceOrNeedsNone(t *testing.T) {
	t.Parallel()
	needsNone := map[fault.Kind]bool{
		fault.Unknown: true, fault.Immutable: true, fault.Drift: true, fault.Invalid: true, fault.Cancelled: true,
	}
	for k := fault.Unknown; k <= fault.Cancelled; k++ {
		err := &fault.Error{Op: "list tags of", Object: "app", Kind: k, Detail: "no"}
		if (kit.Advice(err) == "") != needsNone[k] {
			t.Errorf("advice for %v: %q", k, kit.Advice(err))
		}
		if k != fault.Unknown && !strings.HasPrefix(kit.Sentence(err), k.String()+": list tags of app: no") {
			t.Errorf("%q", kit.Sentence(err))
		}
	}
}

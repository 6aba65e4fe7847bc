package textview_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"
	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"regatta/theme"
	"regatta/ui/component/textview"
	"regatta/ui/kit"
)

func look() *kit.Look { return &kit.Look{Styles: &theme.Styles{}} }

func view(width, height int, lines ...textview.Line) *textview.Model {
	m := &textview.Model{}
	m.SetSize(width, height)
	m.SetLines(lines)
	return m
}

func drawn(m *textview.Model) []string {
	out := strings.Split(ansi.Strip(m.View(look())), "\n")
	for i := range out {
		out[i] = strings.TrimRight(out[i], " ")
	}
	return out
}

func TestWrappedValuesStandUnderTheirValue(t *testing.T) {
	t.Parallel()
	m := view(20, 4, textview.Line{{Role: theme.Dim, Text: "name   "}, {Text: "some words that go on"}})
	if diff := cmp.Diff([]string{"name   some words", "       that go on", "", ""}, drawn(m)); diff != "" {
		t.Error(diff)
	}
	m = view(10, 3, textview.Line{{Text: "0123456789abcdef"}})
	if diff := cmp.Diff([]string{"0123456789", "    abcdef", ""}, drawn(m)); diff != "" {
		t.Error(diff)
	}
}

// What follows a Stop keeps its column where it has room, else it goes where it did.
func TestWrappedReasonsStandUnderTheirStop(t *testing.T) {
	t.Parallel()
	line := textview.Line{{Text: "kind "}, {Text: "subject   "}, textview.Stop(), {Text: "why this is so and no other way at all"}}
	for width, want := range map[int][]string{
		40: {"kind subject   why this is so and no", "               other way at all"},
		30: {"kind subject   why this is so", "     and no other way at all"},
	} {
		if diff := cmp.Diff(want, drawn(view(width, 2, line))); diff != "" {
			t.Errorf("%d wide: %s", width, diff)
		}
	}
}

// A word that has room on the next line is not cut for the little that is left of this one.
func TestWordsAreNotCutForTheRestOfALine(t *testing.T) {
	t.Parallel()
	m := view(24, 3, textview.Line{{Text: "! skipped  "}, {Text: "some/thing "}, {Text: "cancelled"}})
	if diff := cmp.Diff([]string{"! skipped  some/thing", "           cancelled", ""}, drawn(m)); diff != "" {
		t.Error(diff)
	}
}

// Wrapping loses nothing but spaces, and no line is wider than the view.
func TestWrappingLosesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var line textview.Line
		for _, s := range rapid.SliceOfN(rapid.StringMatching(`[a-zéл界 ]{0,30}`), 1, 4).Draw(t, "spans") {
			line = append(line, kit.Span{Text: s})
		}
		width := rapid.IntRange(8, 60).Draw(t, "width")
		m := view(width, 1, line)
		m.SetSize(width, m.Len())
		got := m.View(look())
		for l := range strings.SplitSeq(got, "\n") {
			if w := ansi.StringWidth(l); w != width {
				t.Fatalf("%q is %d wide, not %d", l, w, width)
			}
		}
		want := ""
		var wantSb63 strings.Builder
		for _, s := range line {
			wantSb63.WriteString(s.Text)
		}
		want += wantSb63.String()
		bare := strings.NewReplacer(" ", "", "\n", "")
		if bare.Replace(got) != bare.Replace(want) {
			t.Fatalf("%q became %q", want, got)
		}
	})
}

func TestScrollingStaysInside(t *testing.T) {
	t.Parallel()
	var lines []textview.Line
	for s := range strings.FieldsSeq("a b c d e f") {
		lines = append(lines, textview.Line{{Text: s}})
	}
	m := view(5, 3, lines...)
	m.Page(1)
	m.Scroll(100)
	if first, last, total := m.Position(); first != 4 || last != 6 || total != 6 {
		t.Errorf("%d-%d of %d", first, last, total)
	}
	m.Scroll(-100)
	m.End()
	m.Home()
	if diff := cmp.Diff([]string{"a", "b", "c"}, drawn(m)); diff != "" {
		t.Error(diff)
	}
	if !m.Find("E", 1) || !m.Find("b", -1) || m.Find("x", 1) {
		t.Error("search does not find what is there, or finds what is not")
	}
}

package bar_test

import (
	"testing"

	"github.com/charmbracelet/x/ansi"
	"pgregory.net/rapid"

	"regatta/ui/component/bar"
)

func TestBars(t *testing.T) {
	t.Parallel()
	for _, c := range []struct {
		width    int
		fraction float64
		want     string
	}{
		{4, 0, "    "},
		{4, 1, "━━━━"},
		{4, 2, "━━━━"},
		{4, -1, "    "},
		{4, 0.5, "━━  "},
		{4, 0.625, "━━╸ "},
		{4, 0.0001, "╸   "},
		{0, 1, ""},
		{-3, 1, ""},
	} {
		if got := bar.Of(c.width, c.fraction); got != c.want {
			t.Errorf("Of(%d, %v) = %q, want %q", c.width, c.fraction, got, c.want)
		}
	}
}

func TestBarsAreAsWideAsAskedAndGrow(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		width := rapid.IntRange(0, 200).Draw(t, "width")
		a := rapid.Float64Range(0, 1).Draw(t, "a")
		b := rapid.Float64Range(a, 1).Draw(t, "b")
		short, long := bar.Of(width, a), bar.Of(width, b)
		if ansi.StringWidth(short) != width || ansi.StringWidth(long) != width {
			t.Fatalf("%q and %q are not %d wide", short, long, width)
		}
		if filled(short) > filled(long) {
			t.Fatalf("%v draws more than %v", a, b)
		}
	})
}

func filled(s string) int {
	n := 0
	for _, r := range s {
		switch r {
		case '━':
			n += 2
		case '╸':
			n++
		}
	}
	return n
}

func TestShare(t *testing.T) {
	t.Parallel()
	if bar.Share(1, 0) != 0 || bar.Share(-5, 10) != 0 || bar.Share(5, 10) != 0.5 {
		t.Error("shares of nothing are nothing")
	}
}

package tabs_test

import (
	"strings"
	"testing"

	"github.com/charmbracelet/x/ansi"

	"regatta/theme"
	"regatta/ui/component/tabs"
	"regatta/ui/kit"
)

// A name is hit where it is drawn, in a wide line and in a narrow one.
func TestNamesAreHitWhereTheyAre(t *testing.T) {
	t.Parallel()
	look := &kit.Look{Styles: &theme.Styles{}}
	line := tabs.Line{Names: []string{"overview", "layers", "raw"}, At: 1}
	for _, width := range []int{28, 80} {
		drawn := ansi.Strip(line.Draw(look, width))
		if len(drawn) != width {
			t.Fatalf("%d cells, want %d: %q", len(drawn), width, drawn)
		}
		for i, name := range line.Names {
			at := strings.Index(drawn, name)
			if page, ok := line.Hit(at, width); !ok || page != i {
				t.Errorf("width %d: %s at %d is page %d, %v", width, name, at, page, ok)
			}
		}
		if page, ok := line.Hit(width, width); ok {
			t.Errorf("width %d: page %d is hit beside the line", width, page)
		}
	}
}

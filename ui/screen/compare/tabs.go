package compare

import (
	"context"

	"regatta/model/diff"
	"regatta/ui/component/textview"
)

// tab is one page. What all platforms have is worked out at once by lines; what
// takes a question of its own is read for the platform that is looked at.
type tab struct {
	name  string
	lines func(s *Screen) []textview.Line
	read  func(ctx context.Context, i diff.Image) ([]textview.Line, error)
}

func tabsOf(wire Wiring) []tab {
	out := []tab{
		{name: "overview", lines: (*Screen).overview},
		{name: "layers", lines: ofImage(layerLines)},
		{name: "config", lines: ofImage(configLines)},
		{name: "history", lines: ofImage(historyLines)},
	}
	out = append(out, tab{name: "packages", read: reading(wire.Packages, packageLines)},
		tab{name: "files", read: reading(wire.Files, fileLines)})
	if wire.Findings != nil {
		out = append(out, tab{name: "findings", read: reading(wire.Findings, findingLines)})
	}
	return out
}

// ofImage is a tab about the platform that is looked at.
func ofImage(lines func(i diff.Image) []textview.Line) func(*Screen) []textview.Line {
	return func(s *Screen) []textview.Line {
		i, ok := s.image()
		if !ok || i.From == i.To {
			return same(ok)
		}
		return lines(i)
	}
}

// reading is a tab that asks, and writes down what it is told.
func reading[T any](
	ask func(context.Context, diff.Image) (T, error), lines func(T) []textview.Line,
) func(context.Context, diff.Image) ([]textview.Line, error) {
	return func(ctx context.Context, i diff.Image) ([]textview.Line, error) {
		found, err := ask(ctx, i)
		if err != nil {
			return nil, err
		}
		return lines(found), nil
	}
}

package images

import (
	"cmp"
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/order"
	"regatta/ui/kit"
	"regatta/ui/overlay/picker"
)

type rollbackMsg struct{ tag string }

// rollback asks which tag of the image goes back, those first that name no
// version: they are what people deploy from.
func (s *Screen) rollback() kit.Intent {
	img := s.current()
	tags := slices.Clone(img.Tags)
	slices.SortStableFunc(tags, func(a, b string) int {
		return cmp.Compare(rank(order.Of(a)), rank(order.Of(b)))
	})
	switch len(tags) {
	case 0:
		return kit.Toast{Level: kit.Warning, Text: "the image has no tag that could go back"}
	case 1:
		return kit.Go{Screen: s.wire.Change.Rollback(tags[0])}
	}
	return kit.Push{Overlay: picker.New(s.com.Look, "roll back which tag?", tags, func(i int) tea.Cmd {
		return s.lane.Go(func(context.Context) tea.Msg { return rollbackMsg{tags[i]} })
	})}
}

func rank(k order.Key) int {
	switch k.Class() {
	case order.Name:
		return 0
	case order.Version, order.Date, order.Commit, order.None:
	}
	return 1
}

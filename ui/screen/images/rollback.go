package images

import (
	"cmp"
	"context"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"regatta/model/order"
	"regatta/ui/kit"
	"regatta/ui/overlay/picker"
)

type rollbackMsg struct{ tag string }

// rollback leads to what the tags of the marked images can go back to; of one
// image, it asks which tag.
func (s *Screen) rollback() kit.Intent {
	img := s.current()
	switch marked := s.List.Table.Marked(); {
	case len(marked) > 1:
		return s.rollbackAll()
	case len(marked) == 1:
		img = cmp.Or(s.set.At(s.set.Live(marked[0])), img)
	}
	tags := s.movable(img.Tags)
	switch len(tags) {
	case 0:
		return kit.Toast{Level: kit.Warning, Text: "the image has no tag that could go back"}
	case 1:
		return kit.Go{Screen: s.wire.Change.Rollback(tags)}
	}
	return kit.Push{Overlay: picker.New(s.com.Look, "roll back which tag?", tags, func(i int) tea.Cmd {
		return s.lane.Go(func(context.Context) tea.Msg { return rollbackMsg{tags[i]} })
	})}
}

// rollbackAll rolls back, of every marked image, the tag that people deploy from.
func (s *Screen) rollbackAll() kit.Intent {
	var tags []string
	for _, row := range s.List.Table.Marked() {
		img := s.set.At(s.set.Live(row))
		if img == nil {
			continue
		}
		for i, tag := range s.movable(img.Tags) {
			kept := s.wire.Change.KeepPrefix != "" && strings.HasPrefix(tag, s.wire.Change.KeepPrefix)
			if (i == 0 || rank(order.Of(tag)) == 0 && !kept) && !slices.Contains(tags, tag) {
				tags = append(tags, tag)
			}
		}
	}
	if len(tags) == 0 {
		return kit.Toast{Level: kit.Warning, Text: "the images have no tag that could go back"}
	}
	return kit.Go{Screen: s.wire.Change.Rollback(tags)}
}

// movable are tags, those first that name no version: they are what people deploy
// from. Those that keep what a rollback has left come last.
func (s *Screen) movable(tags []string) []string {
	return movable(tags, s.wire.Change.KeepPrefix)
}

func movable(tags []string, keep string) []string {
	place := func(tag string) int {
		if keep != "" && strings.HasPrefix(tag, keep) {
			return 2
		}
		return rank(order.Of(tag))
	}
	out := slices.Clone(tags)
	slices.SortStableFunc(out, func(a, b string) int { return cmp.Compare(place(a), place(b)) })
	return out
}

func rank(k order.Key) int {
	switch k.Class() {
	case order.Name:
		return 0
	case order.Version, order.Date, order.Commit, order.None:
	}
	return 1
}

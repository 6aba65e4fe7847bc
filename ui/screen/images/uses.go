package images

import (
	"cmp"
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/model/usage"
	"regatta/theme"
	"regatta/ui/kit"
)

type usesMsg struct {
	set usage.Set
	err error
}

// askUses asks who runs images of the repository, to mark the rows.
func (s *Screen) askUses() tea.Cmd {
	if s.wire.Uses == nil {
		return nil
	}
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		set, err := s.wire.Uses(ctx)
		return usesMsg{set, err}
	})
}

func (s *Screen) onUses(msg usesMsg) tea.Cmd {
	s.usesErr = msg.err
	if failed := msg.set.Failed(); s.usesErr == nil && len(failed) > 0 {
		s.usesErr = failed[0].Err
	}
	s.uses.Store(usage.ByName(msg.set.Uses(s.wire.Context.Host, s.wire.Repository)))
	return s.List.Changed()
}

// users calls yield with the uses of an image, as far as its row tells, until
// yield returns false. It is called from the list's work too.
func (s *Screen) users(img *image.Image, yield func(u *usage.Use, byTag bool) bool) {
	names := s.uses.Load()
	if names == nil {
		return
	}
	all := func(uses []usage.Use, byTag bool) bool {
		for i := range uses {
			if !yield(&uses[i], byTag) {
				return false
			}
		}
		return true
	}
	for _, tag := range img.Tags {
		if !all(names.Tag(tag), true) {
			return
		}
	}
	if !all(names.Digest(img.Digest), false) {
		return
	}
	for _, p := range img.Platforms {
		if p.Digest != img.Digest && !all(names.Digest(p.Digest), false) {
			return
		}
	}
}

// inUse tells whether anything uses an image, and whether it runs.
func (s *Screen) inUse(img *image.Image) (used, runs bool) {
	s.users(img, func(u *usage.Use, byTag bool) bool {
		used = true
		runs = u.Running > 0 && (!byTag || u.Image.Digest == "" || s.is(img, u.Image.Digest))
		return !runs
	})
	return used, runs
}

func (*Screen) is(img *image.Image, d ref.Digest) bool {
	return img.Digest == d || slices.ContainsFunc(img.Platforms, func(p image.PlatformImage) bool { return p.Digest == d })
}

// badge is what goes before the tags of an image that something uses: full for
// what runs, empty for what is named only.
func (s *Screen) badge(img *image.Image) string {
	switch used, runs := s.inUse(img); {
	case runs:
		return "● "
	case used:
		return "○ "
	}
	return ""
}

// userLines name who uses an image.
func (s *Screen) userLines(p *kit.Pane, img *image.Image) {
	const most = 6
	var hits []usage.Hit
	s.users(img, func(u *usage.Use, byTag bool) bool {
		hits = append(hits, usage.Hit{Use: *u, Tag: byTag})
		return true
	})
	slices.SortStableFunc(hits, func(a, b usage.Hit) int { // what runs is not cut off
		return cmp.Compare(min(b.Count(), 1), min(a.Count(), 1))
	})
	var lines []string
	for _, h := range hits {
		if line := h.String(); !slices.Contains(lines, line) {
			lines = append(lines, line)
		}
	}
	if len(lines) == 0 && s.usesErr == nil {
		return
	}
	p.Section("USED BY")
	for i, line := range lines {
		if i == most {
			p.Text(theme.Dim, "and "+text.Count(len(lines)-most)+" more: press u")
			break
		}
		p.Text(theme.Text, text.Clean(line))
	}
	if s.usesErr != nil {
		p.Text(theme.Warn, "incomplete: "+text.Clean(s.usesErr.Error()))
	}
}

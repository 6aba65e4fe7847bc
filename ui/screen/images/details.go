package images

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/ui/component/list"
)

// enrich tops up the requests for details: first for the rows on screen, then,
// where reading is not counted as pulling, for the rows behind them. Where it is,
// nothing is read that the listing may yet tell.
func (s *Screen) enrich() tea.Cmd {
	var cmds []tea.Cmd
	counts := s.wire.Capabilities().CountsReads
	if counts && s.loading {
		return nil
	}
	for _, row := range s.List.Table.Visible() {
		cmds = s.ask(cmds, row)
	}
	if !counts {
		cmds = s.prefetch(cmds)
	}
	if len(s.inFlight) == 0 {
		cmds = s.askReferrers(cmds)
	}
	return tea.Batch(cmds...)
}

func (s *Screen) prefetch(cmds []tea.Cmd) []tea.Cmd {
	view := s.List.Table.View()
	most := min(len(view), s.com.Prefetch)
	for ; s.scan < most && len(s.inFlight) < mostInFlight; s.scan++ {
		cmds = s.ask(cmds, view[s.scan])
	}
	return cmds
}

// ask asks for the row's tags of which the registry has not said what they
// point to.
func (s *Screen) ask(cmds []tea.Cmd, row list.Row) []tea.Cmd {
	row = s.set.Live(row)
	for _, tag := range s.set.Unsettled(row) {
		if len(s.inFlight) >= mostInFlight {
			return cmds
		}
		if s.inFlight[tag] {
			continue
		}
		s.inFlight[tag] = true
		cmds = append(cmds, s.describe(*s.set.At(row), tag))
	}
	return cmds
}

func (s *Screen) describe(img image.Image, tag string) tea.Cmd {
	img.Tags = []string{tag}
	fresh := s.fresh
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		got, err := s.wire.Source.Describe(ctx, s.wire.Repository, img, fresh)
		return detailMsg{tag: tag, img: got, err: err}
	})
}

// askReferrers looks for signatures and SBOMs of the rows on screen, when all
// else is done.
func (s *Screen) askReferrers(cmds []tea.Cmd) []tea.Cmd {
	if s.wire.Referrers == nil || s.wire.Capabilities().CountsReads {
		return cmds
	}
	for _, row := range s.List.Table.Visible() {
		img := s.set.At(s.set.Live(row))
		if s.asking >= mostBadges {
			break
		}
		if img == nil || img.State != image.Read || s.asked[img.Digest] || img.Kind > image.KindIndex {
			continue
		}
		s.asked[img.Digest] = true
		s.asking++
		cmds = append(cmds, s.referrers(img.Digest))
	}
	return cmds
}

func (s *Screen) referrers(d ref.Digest) tea.Cmd {
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		found, err := s.wire.Referrers.Subjects(ctx, s.wire.Repository, d)
		return referrersMsg{digest: d, found: found, err: err}
	})
}

// countReferrers tells signatures and SBOMs by their artifact types, as cosign,
// notation and the SBOM formats name them.
func countReferrers(found []image.Descriptor) (signatures, sboms int) {
	for _, d := range found {
		switch d.Describes() {
		case image.SBOM:
			sboms++
		case image.Signature:
			signatures++
		case image.OtherRole:
		}
	}
	return signatures, sboms
}

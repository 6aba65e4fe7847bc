package rollback

import (
	"context"
	"strconv"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/ref"
	"regatta/model/rollback"
)

// mostReading is how many candidates are read at a time.
const mostReading = 6

// profile is what was read of a candidate. None while that is under way.
type profile struct {
	known bool
	what  rollback.Profile
	err   error
}

type profileMsg struct {
	digest ref.Digest
	what   rollback.Profile
	err    error
}

// enrich has the rows on screen read, a few at a time.
func (s *Screen) enrich() tea.Cmd {
	if s.wire.Profile == nil || !s.ready {
		return nil
	}
	var cmds []tea.Cmd
	for _, row := range s.List.Table.Visible() {
		if s.reading >= mostReading || row == catalog.NoRow || int(row) >= len(s.loaded.Candidates) {
			break
		}
		one := s.loaded.Candidates[row]
		if _, asked := s.profiles[one.Digest]; asked {
			continue
		}
		s.profiles[one.Digest] = profile{}
		s.reading++
		cmds = append(cmds, s.read(one))
	}
	return tea.Batch(cmds...)
}

func (s *Screen) read(one rollback.Candidate) tea.Cmd {
	read := s.wire.Profile
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		p, err := read(ctx, one)
		return profileMsg{one.Digest, p, err}
	})
}

func (s *Screen) onProfile(msg profileMsg) tea.Cmd {
	s.reading--
	s.profiles[msg.digest] = profile{true, msg.what, msg.err}
	return s.enrich()
}

// profile is what is known of a candidate: what was read, else what the listing
// tells.
func (s *Screen) profile(one *rollback.Candidate) (rollback.Profile, error) {
	if p := s.profiles[one.Digest]; p.known {
		return p.what, p.err
	}
	return one.Listed(), nil
}

func (s *Screen) sizeBytes(one *rollback.Candidate) string {
	if p, _ := s.profile(one); p.Size != 0 {
		return strconv.FormatInt(p.Size, 10)
	}
	return ""
}

package health

import (
	"cmp"
	"context"
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/health"
	"regatta/model/ref"
	"regatta/ui/kit"
)

func (s *Screen) onLoaded(msg loadedMsg) tea.Cmd {
	s.meter, s.err = nil, msg.err
	if msg.err != nil {
		return nil
	}
	s.patient = msg.patient
	return s.take(msg.patient.Findings())
}

// take shows findings.
func (s *Screen) take(all []health.Finding) tea.Cmd {
	s.keep(all)
	s.List.Table.Forget() // a row is another finding then
	return s.List.Reorder()
}

// keep has each finding on a row.
func (s *Screen) keep(all []health.Finding) {
	s.found = make([]*health.Finding, len(all))
	s.counts = map[health.Kind]int{}
	for i := range all {
		s.found[i] = &all[i]
		s.counts[all[i].Kind]++
	}
}

// identity is what makes a finding the same when all are told again.
type identity struct {
	kind   health.Kind
	digest ref.Digest
}

func identify(f *health.Finding) identity { return identity{f.Kind, f.Digest} }

// retake shows findings that were told again. Those that are still there stay marked;
// where none has gone, each keeps its row, and the cursor with it.
func (s *Screen) retake(all []health.Finding) tea.Cmd {
	rows := map[identity]int{}
	for row, f := range s.found {
		rows[identify(f)] = row
	}
	row := func(f health.Finding) int {
		if at, ok := rows[identify(&f)]; ok {
			return at
		}
		return len(rows)
	}
	slices.SortStableFunc(all, func(a, b health.Finding) int { return cmp.Compare(row(a), row(b)) })
	if n := len(s.found); len(all) >= n && (n == 0 || row(all[n-1]) == n-1) {
		s.keep(all)
		return s.List.Reorder()
	}
	marked := map[int]bool{}
	for _, at := range s.List.Table.Marked() {
		marked[int(at)] = true
	}
	cmd := s.take(all)
	for at, f := range all {
		if marked[row(f)] {
			s.List.Table.Mark(catalog.Row(at))
		}
	}
	return cmd
}

// look asks for every blob, or stops asking.
func (s *Screen) look() (kit.Intent, tea.Cmd) {
	if s.blobs == looking {
		s.stop()
		return kit.Toast{Text: "stopped looking for blobs"}, nil
	}
	s.blobs = looking
	s.work.Reset()
	p, m := s.patient, s.measure()
	return nil, tea.Batch(s.lane.Tick(), s.work.Go(func(ctx context.Context) tea.Msg {
		all, unasked, err := p.Blobs(ctx, m.Add)
		return blobsMsg{all, unasked, err}
	}))
}

func (s *Screen) stop() {
	s.work.Reset()
	s.blobs, s.meter = notLooked, nil
}

func (s *Screen) onBlobs(msg blobsMsg) (kit.Intent, tea.Cmd) {
	s.meter = nil
	if msg.err != nil {
		s.blobs = notLooked
		return kit.Toast{Err: msg.err}, nil
	}
	s.blobs, s.unasked = looked, msg.unasked
	return nil, s.retake(msg.all)
}

// onChange reads anew what was changed, unless that counts as pulling.
func (s *Screen) onChange() tea.Cmd {
	if !s.consent.Given {
		return nil
	}
	if s.wire.Counts {
		s.changed = true
		return nil
	}
	_, cmd := s.reload()
	return cmd
}

// reload reads the repository anew.
func (s *Screen) reload() (kit.Intent, tea.Cmd) {
	s.stop()
	s.lane.Reset()
	s.patient, s.changed, s.found, s.counts, s.unasked = nil, false, nil, nil, 0
	s.List.Table.Forget()
	return nil, s.Init()
}

// Unwind implements kit.Unwinder.
func (s *Screen) Unwind() (bool, tea.Cmd) {
	if s.blobs == looking {
		s.stop()
		return true, nil
	}
	return s.List.Unwind()
}

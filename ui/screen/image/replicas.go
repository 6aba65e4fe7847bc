package image

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"regatta/model/ref"
	"regatta/model/setting"
	"regatta/model/text"
)

// Replicator tells how the replication of an image went.
type Replicator interface {
	Replication(ctx context.Context, repository string, d ref.Digest) ([]setting.Copy, error)
}

func (s *Screen) loadCopies() tea.Cmd {
	from, repo, d := s.wire.Replicator, s.wire.Repository, s.root.Digest
	if from == nil {
		return nil
	}
	s.copies, s.copiesErr = nil, nil
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		copies, err := from.Replication(ctx, repo, d)
		return copiesMsg{copies, err}
	})
}

// replicaLines say where else the image is. What may not be asked takes no more
// than its line.
func (s *Screen) replicaLines(l *lines) {
	if s.copiesErr != nil {
		l.field("replicated", "not known: "+text.Clean(s.copiesErr.Error()))
		return
	}
	for _, c := range s.copies {
		said := c.Region + " of " + c.Account + ", " + strings.ToLower(strings.ReplaceAll(c.Status, "_", " "))
		if c.Failure != "" {
			said += ": " + c.Failure
		}
		l.field("replicated", text.Clean(said))
	}
}

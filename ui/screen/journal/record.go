package journal

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/ui/kit"
)

// recordMsg is the record of a run, to be copied.
type recordMsg struct {
	text string
	err  error
}

func record(lane *kit.Lane, runs Runs, id string) tea.Cmd {
	return lane.Go(func(ctx context.Context) tea.Msg {
		said, err := runs.Record(ctx, id)
		return recordMsg{said, err}
	})
}

func (m recordMsg) copy() kit.Intent {
	if m.err != nil {
		return kit.Toast{Err: m.err}
	}
	return kit.Copy{What: "the record, as Markdown", Text: m.text}
}

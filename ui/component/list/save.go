package list

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/model/text"
	"regatta/ui/kit"
)

// Saved is the outcome of saving the table.
type Saved struct {
	Path string
	Rows int
	Err  error
}

// Toast says how it went.
func (s Saved) Toast() kit.Toast {
	if s.Err != nil {
		return kit.Toast{Err: s.Err}
	}
	return kit.Toast{Level: kit.Success, Text: "saved " + text.Plural(s.Rows, "row", "rows") + " to " + s.Path}
}

func (m *Model[T]) save() (kit.Intent, tea.Cmd) {
	if m.com.Save == nil {
		return kit.Toast{Level: kit.Warning, Text: "saving is not set up here"}, nil
	}
	rows := m.export()
	save, name := m.com.Save, m.cfg.Noun
	return nil, m.lane.Go(func(ctx context.Context) tea.Msg {
		path, err := save(ctx, name, rows)
		return Saved{Path: path, Rows: len(rows) - 1, Err: err}
	})
}

// export is the whole view as text, titles first.
func (m *Model[T]) export() [][]string {
	const wide = 1 << 10
	head := make([]string, len(m.cfg.Cols))
	for i, c := range m.cfg.Cols {
		head[i] = c.Title
	}
	out := make([][]string, 0, m.Table.Len()+1)
	out = append(out, head)
	for _, r := range m.Table.View() {
		line := make([]string, len(m.cfg.Cols))
		for i := range m.cfg.Cols {
			c := m.cfg.Source.Cell(r, i, wide)
			line[i] = c.Text + c.Tail
		}
		out = append(out, line)
	}
	return out
}

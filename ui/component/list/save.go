package list

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/model/column"
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

// Save saves the rows as CSV: those that are marked, else all.
func (m *Model[T]) Save() (kit.Intent, tea.Cmd) {
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

// export is the marked rows, or the whole view, with the columns' names first.
func (m *Model[T]) export() [][]string {
	var columns []column.Column[T]
	var head []string
	for _, c := range m.cfg.Columns {
		if c.Name != "" {
			columns, head = append(columns, c), append(head, c.Name)
		}
	}
	rows := m.Table.Marked()
	if len(rows) == 0 {
		rows = m.Table.View()
	}
	out := make([][]string, 0, len(rows)+1)
	out = append(out, head)
	for _, r := range rows {
		line := make([]string, len(columns))
		if v := m.At(r); v != nil {
			for i, c := range columns {
				line[i] = c.Write(v)
			}
		}
		out = append(out, line)
	}
	return out
}

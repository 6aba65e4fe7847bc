package journal

import (
	"cmp"

	model "regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/query"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/component/table"
	"regatta/ui/kit"
)

const (
	colWhen = iota
	colTitle
	colWhere
	colSteps
	colState
)

func columns() []table.Column {
	return []table.Column{
		{Title: "WHEN", Name: "started", Width: 6, Right: true},
		{Title: "CHANGE", Name: "change", Width: 26, Flex: 2},
		{Title: "WHERE", Name: "where", Width: 14, Flex: 1, Rank: 1},
		{Title: "STEPS", Name: "steps", Width: 9, Right: true},
		{Title: "STATE", Name: "state", Width: 20, Flex: 1},
	}
}

func fields() *query.Schema[Entry] {
	return &query.Schema[Entry]{
		Name: func(r *Entry, yield func(string) bool) bool {
			return yield(r.Title) || yield(r.Plan.Registry+"/"+r.Plan.Repository) || yield(r.ID)
		},
		Is: map[string]func(*Entry) bool{
			"running":     func(r *Entry) bool { return r.State == model.Running },
			"failed":      func(r *Entry) bool { return r.State == model.Partly || r.State == model.Failed },
			"interrupted": func(r *Entry) bool { return r.State == model.Interrupted },
			"undone":      func(r *Entry) bool { return len(r.Undone) > 0 },
		},
	}
}

func compare(int) func(a, b *Entry) int {
	return func(a, b *Entry) int { return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.ID, b.ID)) }
}

type cells struct{ s *Screen }

func (c cells) Cell(row table.Row, column, width int) table.Cell {
	r := c.s.rows[row]
	switch column {
	case colWhen:
		return table.Cell{Role: theme.Dim, Text: text.Age(r.Started, c.s.com.Now())}
	case colTitle:
		return table.Cell{Role: theme.Strong, Text: r.Title}
	case colWhere:
		return table.Cell{Role: theme.Text, Text: r.Plan.Repository, TailRole: theme.Dim, Tail: " " + r.Plan.Registry}
	case colSteps:
		n := r.Result()
		return table.Cell{Role: theme.Text, Text: text.Count(n.Done) + "/" + text.Count(len(n.Steps))}
	}
	return state(r, width)
}

func state(r *Entry, width int) table.Cell {
	switch {
	case r.Paused:
		return table.Cell{Role: theme.Warn, Text: "paused"}
	case r.State == model.Running:
		said := left(r.Progress)
		return table.Cell{
			Role: theme.Bar, Text: bar.Of(max(0, width-len(said)-1), r.Progress.Fraction()),
			TailRole: theme.Dim, Tail: " " + said,
		}
	case len(r.Undone) > 0:
		return table.Cell{Role: theme.Dim, Text: "✓ " + string(r.State) + ", undone"}
	case len(r.UndoneInPart) > 0:
		return table.Cell{Role: theme.Warn, Text: "! " + string(r.State) + ", undone in part"}
	}
	n := r.Result()
	words := map[model.State]table.Cell{
		model.Elsewhere:   {Role: theme.Accent, Text: "runs in another window"},
		model.Interrupted: {Role: theme.Warn, Text: "! interrupted"},
		model.Done:        {Role: theme.OK, Text: "✓ done"},
		model.Partly:      {Role: theme.Danger, Text: "✗ partly: " + n.Failures()},
		model.Failed:      {Role: theme.Danger, Text: "✗ failed"},
		model.Cancelled:   {Role: theme.Warn, Text: "! cancelled: " + n.Failures()},
	}
	said := words[r.State]
	if n.InDoubt > 0 && r.State == model.Cancelled { // the column is too narrow for both
		said.Text = "! " + n.Failures() + ", cancelled"
	}
	return said
}

func left(p plan.Progress) string {
	const width = 8
	out := ""
	if p.BytesPerSecond > 0 {
		out = text.Bytes(int64(p.BytesPerSecond)) + "/s "
	}
	if p.Left <= 0 {
		return out + kit.FitRight("…", width)
	}
	return out + kit.FitRight(text.Took(p.Left), width)
}

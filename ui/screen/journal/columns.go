package journal

import (
	"cmp"

	"regatta/model/column"
	model "regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/query"
	"regatta/model/text"
	"regatta/ui/component/bar"
	"regatta/ui/kit"
)

func (s *Screen) columns() []column.Column[Entry] {
	type of = column.Column[Entry]
	return []of{
		{
			Title: "WHEN", Name: "started", Width: 6, Right: true,
			Value: func(r *Entry) string { return text.RFC3339(r.Started) },
			Cell: func(r *Entry, _ int) column.Cell {
				return column.Cell{Tone: column.Dim, Text: text.Age(r.Started, s.com.Now())}
			},
			Sort: column.Sort[Entry]{Name: "time", Down: true, Compare: func(a, b *Entry) int {
				return cmp.Or(a.Started.Compare(b.Started), cmp.Compare(a.ID, b.ID))
			}},
		},
		{
			Title: "CHANGE", Name: "change", Width: 26, Flex: 2, Tone: column.Strong,
			Value: func(r *Entry) string { return r.Title },
		},
		{
			Title: "WHERE", Name: "where", Width: 14, Flex: 1, Rank: 1,
			Value: func(r *Entry) string { return r.Plan.Registry + "/" + r.Plan.Repository },
			Cell: func(r *Entry, _ int) column.Cell {
				return column.Cell{Text: r.Plan.Repository, TailTone: column.Dim, Tail: " " + r.Plan.Registry}
			},
		},
		{Title: "STEPS", Name: "steps", Width: 9, Right: true, Value: func(r *Entry) string {
			n := r.Result()
			return text.Count(n.Done) + "/" + text.Count(len(n.Steps))
		}},
		{
			Title: "STATE", Name: "state", Width: 20, Flex: 1, Cell: state,
			Value: func(r *Entry) string { return string(r.State) },
		},
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

func state(r *Entry, width int) column.Cell {
	switch {
	case r.Paused:
		return column.Cell{Tone: column.Warn, Text: "paused"}
	case r.State == model.Running:
		said := left(r.Progress)
		return column.Cell{
			Tone: column.Bar, Text: bar.Of(max(0, width-len(said)-1), r.Progress.Fraction()),
			TailTone: column.Dim, Tail: " " + said,
		}
	case len(r.Undone) > 0:
		return column.Cell{Tone: column.Dim, Text: "✓ " + string(r.State) + ", undone"}
	case len(r.UndoneInPart) > 0:
		return column.Cell{Tone: column.Warn, Text: "! " + string(r.State) + ", undone in part"}
	}
	n := r.Result()
	words := map[model.State]column.Cell{
		model.Elsewhere:   {Tone: column.Accent, Text: "runs in another window"},
		model.Interrupted: {Tone: column.Warn, Text: "! interrupted"},
		model.Done:        {Tone: column.OK, Text: "✓ done"},
		model.Partly:      {Tone: column.Danger, Text: "✗ partly: " + n.Failures()},
		model.Failed:      {Tone: column.Danger, Text: "✗ failed"},
		model.Cancelled:   {Tone: column.Warn, Text: "! cancelled: " + n.Failures()},
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

package contexts

import (
	"strings"
	"time"

	"regatta/model/column"
	"regatta/model/query"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/kit"
)

// columns show contexts as the config has them.
func (s *Screen) columns() []column.Column[entry] {
	type of = column.Column[entry]
	state := func(e *entry, _ int) column.Cell { return stateCell(e, s.com.Now()) }
	return []of{
		{Sort: column.Sort[entry]{Name: "config", Turn: 1}},
		{
			Title: "CONTEXT", Name: "context", Width: 14, Flex: 1, Cell: nameCell, Value: whole(nameCell),
			Sort: column.Sort[entry]{Name: "name", Turn: 2, Compare: func(a, b *entry) int {
				return strings.Compare(a.Name, b.Name)
			}},
		},
		{Title: "KIND", Name: "kind", Width: 4, Tone: column.Dim, Value: func(e *entry) string { return e.Kind }},
		{Title: "HOST", Name: "host", Width: 20, Flex: 1, Value: func(e *entry) string { return e.Context.Host }},
		{Title: "IDENTITY", Name: "identity", Width: 12, Flex: 1, Rank: 1, Cell: identity, Value: whole(identity)},
		{Title: "STATE", Name: "state", Width: 18, Flex: 1, Cell: state, Value: whole(state)},
	}
}

// whole is all that a cell says.
func whole(cell func(*entry, int) column.Cell) func(*entry) string {
	return func(e *entry) string {
		said := cell(e, 0)
		return said.Text + said.Tail
	}
}

func identity(e *entry, _ int) column.Cell {
	return column.Cell{Text: e.Identity, TailTone: column.Dim, Tail: from(e)}
}

func fields() *query.Schema[entry] {
	return &query.Schema[entry]{
		Name: func(e *entry, yield func(string) bool) bool { return yield(e.Name) || yield(e.Context.Host) },
		Is: map[string]func(*entry) bool{
			"read-only": func(e *entry) bool { return e.ReadOnly },
			"failed":    func(e *entry) bool { return e.Err != nil },
		},
	}
}

func nameCell(e *entry, _ int) column.Cell {
	cell := column.Cell{Tone: column.Strong, Text: e.Name, TailTone: column.Warn}
	if e.ReadOnly {
		cell.Tail = " read-only"
	}
	if role := theme.ContextRole(e.Color); role >= theme.Red {
		cell.Tone = column.Hue + column.Tone(role-theme.Red)
	}
	return cell
}

func from(e *entry) string {
	if e.From == "" {
		return ""
	}
	return " " + e.From
}

func stateCell(e *entry, now time.Time) column.Cell {
	switch {
	case e.probing:
		return column.Cell{Tone: column.Dim, Text: "asking …"}
	case !e.probed:
		return column.Cell{Tone: column.Dim, Text: column.Unread}
	case e.Err != nil:
		return column.Cell{Tone: column.Danger, Text: "✗ " + kit.KindText(e.Err)}
	}
	tail := " in " + text.Took(e.Took)
	if !e.Expires.IsZero() {
		tail = ", token " + text.Age(now, e.Expires)
	}
	return column.Cell{Tone: column.OK, Text: "✓ answers", TailTone: column.Dim, Tail: tail}
}

package contexts

import (
	"strings"
	"time"

	"regatta/model/query"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/table"
	"regatta/ui/kit"
)

const (
	colName = iota
	colKind
	colHost
	colIdentity
	colState
)

func columns() []table.Column {
	return []table.Column{
		{Title: "CONTEXT", Name: "context", Width: 14, Flex: 1},
		{Title: "KIND", Name: "kind", Width: 4},
		{Title: "HOST", Name: "host", Width: 20, Flex: 1},
		{Title: "IDENTITY", Name: "identity", Width: 12, Flex: 1, Rank: 1},
		{Title: "STATE", Name: "state", Width: 18, Flex: 1},
	}
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

// compare is an order of rows, which come as the config has them.
func compare(by int) func(a, b *entry) int {
	if by == 0 {
		return nil
	}
	return func(a, b *entry) int { return strings.Compare(a.Name, b.Name) }
}

type cells struct{ s *Screen }

func (c cells) Cell(row table.Row, column, _ int) table.Cell {
	e := c.s.rows[row]
	switch column {
	case colName:
		tail := ""
		if e.ReadOnly {
			tail = " read-only"
		}
		role := theme.Strong
		if e.Color != "" && e.Color != "none" {
			role = theme.ContextRole(e.Color)
		}
		return table.Cell{Role: role, Text: e.Name, TailRole: theme.Warn, Tail: tail}
	case colKind:
		return table.Cell{Role: theme.Dim, Text: e.Kind}
	case colHost:
		return table.Cell{Role: theme.Text, Text: e.Context.Host}
	case colIdentity:
		return table.Cell{Role: theme.Text, Text: e.Identity, TailRole: theme.Dim, Tail: from(e)}
	}
	return state(e, c.s.com.Now())
}

func from(e *entry) string {
	if e.From == "" {
		return ""
	}
	return " " + e.From
}

func state(e *entry, now time.Time) table.Cell {
	switch {
	case e.probing:
		return table.Cell{Role: theme.Dim, Text: "asking …"}
	case !e.probed:
		return table.Cell{Role: theme.Dim, Text: "·"}
	case e.Err != nil:
		return table.Cell{Role: theme.Danger, Text: "✗ " + kit.KindText(e.Err)}
	}
	tail := " in " + text.Took(e.Took)
	if !e.Expires.IsZero() {
		tail = ", token " + text.Age(now, e.Expires)
	}
	return table.Cell{Role: theme.OK, Text: "✓ answers", TailRole: theme.Dim, Tail: tail}
}

package access

import (
	"cmp"
	"strings"

	"regatta/model/access"
	"regatta/model/query"
	"regatta/theme"
	"regatta/ui/component/list"
	"regatta/ui/component/table"
)

const (
	colPrincipal = iota
	colPull
	colPush
	colDelete
	colAdminister
	colRemarks
)

func columns() []table.Column {
	return []table.Column{
		{Title: "PRINCIPAL", Name: "principal", Width: 26, Flex: 3},
		{Title: "PULL", Name: "pull", Width: 6},
		{Title: "PUSH", Name: "push", Width: 6},
		{Title: "DELETE", Name: "delete", Width: 6},
		{Title: "ADMIN", Name: "administer", Width: 6},
		{Title: "REMARKS", Name: "remarks", Width: 15, Flex: 1},
	}
}

const (
	byDanger = iota
	byName
)

func orders() []list.Order {
	return []list.Order{
		{Name: "reach", By: byDanger, Column: -1},
		{Name: "principal", By: byName, Column: colPrincipal},
	}
}

func fields() *query.Schema[access.Row] {
	may := func(of func(*access.Row) access.Verdict) func(*access.Row) bool {
		return func(r *access.Row) bool { return of(r) == access.Allow || of(r) == access.Conditional }
	}
	return &query.Schema[access.Row]{
		Name: func(r *access.Row, yield func(string) bool) bool { return yield(r.Name()) },
		Is: map[string]func(*access.Row) bool{
			"public":     func(r *access.Row) bool { return r.Public },
			"foreign":    func(r *access.Row) bool { return r.CrossAccount },
			"puller":     may(func(r *access.Row) access.Verdict { return r.Pull }),
			"pusher":     may(func(r *access.Row) access.Verdict { return r.Push }),
			"deleter":    may(func(r *access.Row) access.Verdict { return r.Delete }),
			"restricted": func(r *access.Row) bool { return len(r.Conditions) > 0 },
		},
	}
}

// compare is an order of rows, which come with those first whose reach is widest.
func compare(by int) func(a, b *access.Row) int {
	if by == byName {
		return func(a, b *access.Row) int { return cmp.Compare(a.Name(), b.Name()) }
	}
	return nil
}

type cells struct{ s *Screen }

func (c cells) at(row table.Row) *access.Row {
	if row < 0 || int(row) >= len(c.s.rows) {
		return nil
	}
	return c.s.rows[row]
}

// Cell implements table.Source.
func (c cells) Cell(row table.Row, column, _ int) table.Cell {
	r := c.at(row)
	if r == nil {
		return table.Cell{}
	}
	switch column {
	case colPrincipal:
		return c.s.principal(r)
	case colPull:
		return verdict(r.Pull, theme.Text)
	case colPush:
		return verdict(r.Push, theme.Warn)
	case colDelete:
		return verdict(r.Delete, theme.Danger)
	case colAdminister:
		return verdict(r.Administer, theme.Danger)
	}
	role := theme.Dim
	switch {
	case r.Public:
		role = theme.Danger
	case r.CrossAccount:
		role = theme.Warn
	}
	return table.Cell{Role: role, Text: remarks(r)}
}

// principal is who it is without what all of them begin with; the foot says it
// in full.
func (s *Screen) principal(r *access.Row) table.Cell {
	name := r.Name()
	account := r.Principal.Account()
	if parts := strings.SplitN(name, ":", arnParts); account != "" && len(r.But) == 0 && len(parts) == arnParts {
		name = parts[arnParts-1]
	}
	cell := table.Cell{Role: theme.Strong, Text: name}
	if r.CrossAccount && name != account {
		cell.TailRole, cell.Tail = theme.Dim, "  of "+account
	}
	return cell
}

// arnParts is how many parts an ARN has (IAM user guide, identifiers).
const arnParts = 6

// verdict is a mark for what is said; a permission that is given is drawn in
// the role of what it puts at risk.
func verdict(v access.Verdict, given theme.Role) table.Cell {
	switch v {
	case access.Allow:
		return table.Cell{Role: given, Text: "yes"}
	case access.Conditional:
		return table.Cell{Role: given, Text: "if"}
	case access.Deny:
		return table.Cell{Role: theme.OK, Text: "denied"}
	case access.DenyIf:
		return table.Cell{Role: theme.Dim, Text: "not if"}
	case access.Unsaid:
	}
	return table.Cell{Role: theme.Dim, Text: "·"}
}

// Value implements table.Source.
func (c cells) Value(row table.Row, column int) string {
	r := c.at(row)
	switch {
	case r == nil:
		return ""
	case column == colPrincipal:
		return r.Name()
	case column == colPull:
		return string(r.Pull)
	case column == colPush:
		return string(r.Push)
	case column == colDelete:
		return string(r.Delete)
	case column == colAdminister:
		return string(r.Administer)
	}
	return remarks(r)
}

// remarks say what to mind of a principal.
func remarks(r *access.Row) string {
	var out []string
	if r.Public {
		out = append(out, "PUBLIC")
	}
	if r.CrossAccount {
		out = append(out, "other account")
	}
	if len(r.Conditions) > 0 {
		out = append(out, "conditions")
	}
	return strings.Join(out, ", ")
}

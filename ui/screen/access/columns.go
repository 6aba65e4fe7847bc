package access

import (
	"cmp"
	"strings"

	"regatta/model/access"
	"regatta/model/column"
	"regatta/model/query"
)

func columns() []column.Column[access.Row] {
	type of = column.Column[access.Row]
	may := func(title, name string, given column.Tone, verdict func(*access.Row) access.Verdict) of {
		return of{
			Title: title, Name: name, Width: 6,
			Value: func(r *access.Row) string { return string(verdict(r)) },
			Cell:  func(r *access.Row, _ int) column.Cell { return verdictCell(verdict(r), given) },
		}
	}
	return []of{
		{Sort: column.Sort[access.Row]{Name: "reach", Turn: 1}}, // they come with those first whose reach is widest
		{
			Title: "PRINCIPAL", Name: "principal", Width: 26, Flex: 3, Value: (*access.Row).Name, Cell: principal,
			Sort: column.Sort[access.Row]{Name: "principal", Turn: 2, Compare: func(a, b *access.Row) int {
				return cmp.Compare(a.Name(), b.Name())
			}},
		},
		may("PULL", "pull", column.Text, func(r *access.Row) access.Verdict { return r.Pull }),
		may("PUSH", "push", column.Warn, func(r *access.Row) access.Verdict { return r.Push }),
		may("DELETE", "delete", column.Danger, func(r *access.Row) access.Verdict { return r.Delete }),
		may("ADMIN", "administer", column.Danger, func(r *access.Row) access.Verdict { return r.Administer }),
		{
			Title: "REMARKS", Name: "remarks", Width: 15, Flex: 1, Value: remarks,
			Cell: func(r *access.Row, _ int) column.Cell { return column.Cell{Tone: gravity(r), Text: remarks(r)} },
		},
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

func gravity(r *access.Row) column.Tone {
	switch {
	case r.Public:
		return column.Danger
	case r.CrossAccount:
		return column.Warn
	}
	return column.Dim
}

// principal is who it is without what all of them begin with; the foot says it
// in full.
func principal(r *access.Row, _ int) column.Cell {
	name := r.Name()
	account := r.Principal.Account()
	if parts := strings.SplitN(name, ":", arnParts); account != "" && len(r.But) == 0 && len(parts) == arnParts {
		name = parts[arnParts-1]
	}
	cell := column.Cell{Tone: column.Strong, Text: name}
	if r.CrossAccount && name != account {
		cell.TailTone, cell.Tail = column.Dim, "  of "+account
	}
	return cell
}

// arnParts is how many parts an ARN has (IAM user guide, identifiers).
const arnParts = 6

// verdictCell is a mark for what is said; a permission that is given is drawn in
// the tone of what it puts at risk.
func verdictCell(v access.Verdict, given column.Tone) column.Cell {
	switch v {
	case access.Allow:
		return column.Cell{Tone: given, Text: "yes"}
	case access.Conditional:
		return column.Cell{Tone: given, Text: "if"}
	case access.Deny:
		return column.Cell{Tone: column.OK, Text: "denied"}
	case access.DenyIf:
		return column.Cell{Tone: column.Dim, Text: "not if"}
	case access.Unsaid:
	}
	return column.Cell{Tone: column.Dim, Text: column.Unread}
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

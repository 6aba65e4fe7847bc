package lifecycle

import (
	"cmp"
	"strconv"

	"regatta/model/catalog"
	"regatta/model/cost"
	"regatta/model/query"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/component/list"
	"regatta/ui/component/table"
)

const (
	colRepository = iota
	colPolicy
	colExpire
	colArchive
	colKeep
	colFrees
	colBar
	colInUse
	colMonth
)

func severalColumns(price cost.Price) []table.Column {
	out := []table.Column{
		{Title: "REPOSITORY", Name: "repository", Width: 16, Flex: 1},
		{Title: "POLICY", Name: "rules", Width: 8, Rank: 2},
		{Title: "EXPIRE", Name: "expire", Width: 7, Right: true},
		{Title: "ARCHIVE", Name: "archive", Width: 7, Right: true, Rank: 1},
		{Title: "KEEP", Name: "keep", Width: 7, Right: true},
		{Title: "FREES", Name: "reclaimedBytes", Width: 8, Right: true},
		{Title: "", Width: 12, Rank: 4},
		{Title: "IN USE", Name: "inUse", Width: 6, Right: true},
	}
	if price.Known() {
		out = append(out, table.Column{Title: "A MONTH", Name: "savesPerMonth", Width: 8, Right: true, Rank: 3})
	}
	return out
}

func severalOrders() []list.Order {
	return []list.Order{
		{Name: "repository", By: colRepository, Column: colRepository},
		{Name: "bytes", By: colFrees, Column: colFrees, Reverse: true},
		{Name: "expire", By: colExpire, Column: colExpire, Reverse: true},
		{Name: "in use", By: colInUse, Column: colInUse, Reverse: true},
	}
}

func severalFields() *query.Schema[repository] {
	return &query.Schema[repository]{
		Name: func(r *repository, yield func(string) bool) bool { return yield(r.name) },
		Size: map[string]func(*repository) int64{"frees": func(r *repository) int64 { return r.sum.ReclaimedBytes }},
		Count: map[string]func(*repository) int64{
			"expire": func(r *repository) int64 { return int64(r.sum.Expire) },
			"keep":   func(r *repository) int64 { return int64(r.sum.Keep) },
		},
		Is: map[string]func(*repository) bool{
			"in-use": func(r *repository) bool { return r.inUse > 0 },
			"failed": func(r *repository) bool { return r.err != nil },
		},
	}
}

type severalData struct{ s *Several }

// Snapshot implements list.Data. What is learned of a repository comes with a
// new row.
func (d severalData) Snapshot() ([]*repository, func(int, bool) catalog.Compare) {
	rows := append([]*repository(nil), d.s.rows...)
	return rows, func(by int, reverse bool) catalog.Compare {
		return func(a, b list.Row) int {
			x, y := rows[a], rows[b]
			first := 0
			switch by {
			case colFrees:
				first = cmp.Compare(x.sum.ReclaimedBytes, y.sum.ReclaimedBytes)
			case colExpire:
				first = cmp.Compare(x.sum.Expire, y.sum.Expire)
			case colInUse:
				first = cmp.Compare(x.inUse, y.inUse)
			case colRepository:
				first = cmp.Compare(x.name, y.name)
			}
			if reverse {
				first = -first
			}
			return cmp.Or(first, cmp.Compare(x.name, y.name))
		}
	}
}

func (severalData) Live(r list.Row) list.Row     { return r }
func (severalData) Keep() func(*repository) bool { return nil }
func (s *Several) current() *repository          { return s.at(s.list.Table.Cursor()) }

// at is what a row of the table is about, nil if there is none.
func (s *Several) at(row table.Row) *repository {
	if row >= 0 && int(row) < len(s.rows) {
		return s.rows[row]
	}
	return nil
}

type severalCells struct{ s *Several }

// Cell implements table.Source.
func (c severalCells) Cell(at table.Row, column, width int) table.Cell {
	r := c.s.at(at)
	switch {
	case r == nil:
		return table.Cell{}
	case column == colRepository:
		return table.Cell{Role: theme.Strong, Text: r.name}
	case r.err != nil && column == colExpire:
		return table.Cell{Role: theme.Danger, Text: "!"}
	case r.err != nil || !r.tried:
		if column == colBar {
			return table.Cell{}
		}
		return table.Cell{Role: theme.Dim, Text: "·"}
	case column == colBar:
		return table.Cell{Role: theme.Bar, Text: bar.Of(width, bar.Share(r.sum.ReclaimedBytes, c.s.most()))}
	}
	return table.Cell{Role: c.role(r, column), Text: c.text(r, column)}
}

// most is how many bytes come back where most do.
func (s *Several) most() int64 {
	var out int64
	for _, r := range s.rows {
		out = max(out, r.sum.ReclaimedBytes)
	}
	return out
}

func (severalCells) role(r *repository, column int) theme.Role {
	switch {
	case column == colExpire && r.sum.Expire > 0, column == colInUse && r.inUse > 0:
		return theme.Danger
	case column == colArchive && r.sum.Transition > 0:
		return theme.Warn
	case column == colPolicy, column == colMonth:
		return theme.Dim
	}
	return theme.Text
}

func (c severalCells) text(r *repository, column int) string {
	switch column {
	case colPolicy:
		if r.text == "" && r.own == "" {
			return "none"
		}
		return text.Plural(r.rules, "rule", "rules")
	case colExpire:
		return text.Count(r.sum.Expire)
	case colArchive:
		return text.Count(r.sum.Transition)
	case colKeep:
		return text.Count(r.sum.Keep)
	case colFrees:
		return text.Bytes(r.sum.ReclaimedBytes)
	case colMonth:
		if m, ok := c.s.wire.Price.Saves(r.sum.ReclaimedBytes, r.sum.Estimated); ok && r.sum.Expire > 0 {
			return m.String()
		}
	case colInUse:
		return text.Count(r.inUse)
	}
	return ""
}

// Value implements table.Source.
func (c severalCells) Value(at table.Row, column int) string {
	r := c.s.at(at)
	switch {
	case r == nil:
		return ""
	case column == colRepository:
		return r.name
	case !r.tried || r.err != nil:
		return ""
	case column == colFrees:
		return strconv.FormatInt(r.sum.ReclaimedBytes, 10)
	case column == colMonth:
		if m, ok := c.s.wire.Price.Saves(r.sum.ReclaimedBytes, r.sum.Estimated); ok {
			return strconv.FormatFloat(m.Rounded(), 'f', -1, 64)
		}
		return ""
	}
	return strconv.Itoa(map[int]int{
		colPolicy: r.rules, colExpire: r.sum.Expire, colArchive: r.sum.Transition, colKeep: r.sum.Keep, colInUse: r.inUse,
	}[column])
}

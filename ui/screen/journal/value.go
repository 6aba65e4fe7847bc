package journal

import (
	"regatta/model/text"
	"regatta/ui/component/table"
)

// Value implements table.Source.
func (c cells) Value(row table.Row, column int) string {
	r := c.s.rows[row]
	switch column {
	case colWhen:
		return text.RFC3339(r.Started)
	case colWhere:
		return r.Plan.Registry + "/" + r.Plan.Repository
	case colState:
		return string(r.State)
	}
	return c.Cell(row, column, 0).Text
}

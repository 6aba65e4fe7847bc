package requests

import (
	"strconv"

	"regatta/model/text"
	"regatta/ui/component/table"
)

// Value implements table.Source.
func (c cells) Value(row table.Row, column int) string {
	if int(row) >= len(c.s.rows) {
		return ""
	}
	r := c.s.rows[row]
	switch column {
	case colAt:
		return text.RFC3339(r.At)
	case colStatus:
		return strconv.Itoa(r.Status)
	case colMethod:
		return r.Method
	case colPath:
		return r.Host + r.Path
	case colTook:
		return strconv.FormatInt(r.Took.Milliseconds(), 10)
	case colWaited:
		return strconv.FormatInt(r.Waited.Milliseconds(), 10)
	}
	return strconv.FormatInt(r.Bytes, 10)
}

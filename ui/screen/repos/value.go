package repos

import (
	"strconv"

	"regatta/model/text"
	"regatta/ui/component/table"
)

// Value implements table.Source.
func (c cells) Value(row table.Row, column int) string {
	r := c.s.set.At(row)
	if r == nil {
		return ""
	}
	switch column {
	case colName:
		return r.Name
	case colTags:
		return known(int64(r.Tags))
	case colImages:
		return known(int64(r.Images))
	case colSize:
		return known(r.Size)
	case colPush:
		return text.RFC3339(r.LastPush)
	}
	return ""
}

func known(n int64) string {
	if n < 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

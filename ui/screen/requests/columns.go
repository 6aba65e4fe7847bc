package requests

import (
	"cmp"
	"strconv"
	"time"

	"regatta/model/query"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/table"
)

const (
	colAt = iota
	colStatus
	colMethod
	colPath
	colTook
	colWaited
	colBytes
)

func columns() []table.Column {
	return []table.Column{
		{Title: "TIME", Name: "time", Width: 8},
		{Title: "STATUS", Name: "status", Width: 7},
		{Title: "METHOD", Name: "method", Width: 6},
		{Title: "REQUEST", Name: "request", Width: 24, Flex: 1},
		{Title: "TOOK", Name: "tookMs", Width: 6, Right: true},
		{Title: "WAITED", Name: "waitedMs", Width: 6, Right: true, Rank: 2},
		{Title: "BYTES", Name: "bytes", Width: 7, Right: true, Rank: 1},
	}
}

func fields() *query.Schema[Request] {
	return &query.Schema[Request]{
		Name:  func(r *Request, yield func(string) bool) bool { return yield(r.Host+r.Path) || yield(r.Method) },
		Count: map[string]func(*Request) int64{"status": func(r *Request) int64 { return int64(r.Status) }},
		Size:  map[string]func(*Request) int64{"size": func(r *Request) int64 { return r.Bytes }},
		Is: map[string]func(*Request) bool{
			"failed":  func(r *Request) bool { return r.Err != "" || r.Status >= 400 },
			"retried": func(r *Request) bool { return r.Attempt > 1 },
			"waited":  func(r *Request) bool { return r.Waited > 0 },
		},
	}
}

func compare(by int) func(a, b *Request) int {
	return []func(a, b *Request) int{
		func(a, b *Request) int { return cmp.Compare(a.ID, b.ID) },
		func(a, b *Request) int { return cmp.Compare(a.Took, b.Took) },
		func(a, b *Request) int { return cmp.Compare(a.Bytes, b.Bytes) },
	}[by]
}

type cells struct{ s *Screen }

func (c cells) Cell(row table.Row, column, _ int) table.Cell {
	if int(row) >= len(c.s.rows) {
		return table.Cell{}
	}
	r := c.s.rows[row]
	switch column {
	case colAt:
		return table.Cell{Role: theme.Dim, Text: r.At.UTC().Format(time.TimeOnly)}
	case colStatus:
		return status(r)
	case colMethod:
		return table.Cell{Role: theme.Text, Text: r.Method}
	case colPath:
		return table.Cell{Role: theme.Text, Text: r.Path, TailRole: theme.Dim, Tail: "  " + r.Host}
	case colTook:
		return table.Cell{Role: theme.Text, Text: text.Took(r.Took)}
	case colWaited:
		if r.Waited <= 0 {
			return table.Cell{}
		}
		return table.Cell{Role: theme.Warn, Text: text.Took(r.Waited)}
	}
	return table.Cell{Role: theme.Text, Text: text.Bytes(r.Bytes)}
}

func status(r *Request) table.Cell {
	tail := ""
	if r.Attempt > 1 {
		tail = " ×" + text.Count(r.Attempt)
	}
	switch {
	case r.Err != "":
		return table.Cell{Role: theme.Danger, Text: "✗", TailRole: theme.Warn, Tail: tail}
	case r.Status == 0:
		return table.Cell{Role: theme.Accent, Text: "…", TailRole: theme.Warn, Tail: tail}
	case r.Status >= 400:
		return table.Cell{Role: theme.Danger, Text: strconv.Itoa(r.Status), TailRole: theme.Warn, Tail: tail}
	}
	return table.Cell{Role: theme.OK, Text: strconv.Itoa(r.Status), TailRole: theme.Warn, Tail: tail}
}

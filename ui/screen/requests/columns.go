package requests

import (
	"cmp"
	"strconv"
	"time"

	"regatta/model/column"
	"regatta/model/query"
	"regatta/model/text"
)

func columns() []column.Column[Request] {
	type of = column.Column[Request]
	type sort = column.Sort[Request]
	ms := func(d time.Duration) string { return strconv.FormatInt(d.Milliseconds(), 10) }
	return []of{
		{
			Title: "TIME", Name: "time", Width: 8, Value: func(r *Request) string { return text.RFC3339(r.At) },
			Cell: func(r *Request, _ int) column.Cell {
				return column.Cell{Tone: column.Dim, Text: r.At.UTC().Format(time.TimeOnly)}
			},
			Sort: sort{Name: "time", Turn: 1, Down: true, Compare: func(a, b *Request) int { return cmp.Compare(a.ID, b.ID) }},
		},
		{
			Title: "STATUS", Name: "status", Width: 7, Cell: statusCell,
			Value: func(r *Request) string { return strconv.Itoa(r.Status) },
			Field: query.Field[Request]{Name: "status", Count: func(r *Request) int64 { return int64(r.Status) }},
		},
		{Title: "METHOD", Name: "method", Width: 6, Value: func(r *Request) string { return r.Method }},
		{
			Title: "REQUEST", Name: "request", Width: 24, Flex: 1, Value: func(r *Request) string { return r.Host + r.Path },
			Cell: func(r *Request, _ int) column.Cell {
				return column.Cell{Text: r.Path, TailTone: column.Dim, Tail: "  " + r.Host}
			},
		},
		{
			Title: "TOOK", Name: "tookMs", Width: 6, Right: true, Value: func(r *Request) string { return ms(r.Took) },
			Cell: func(r *Request, _ int) column.Cell { return column.Cell{Text: text.Took(r.Took)} },
			Sort: sort{Name: "duration", Turn: 2, Down: true, Compare: func(a, b *Request) int {
				return cmp.Compare(a.Took, b.Took)
			}},
		},
		{
			Title: "WAITED", Name: "waitedMs", Width: 6, Right: true, Rank: 2, Cell: waitedCell,
			Value: func(r *Request) string { return ms(r.Waited) },
		},
		column.Size(of{
			Title: "BYTES", Name: "bytes", Width: 7, Rank: 1, Field: query.Field[Request]{Name: "size"},
			Sort: sort{Name: "bytes", Turn: 3, Down: true},
		}, func(r *Request) int64 { return r.Bytes }),
	}
}

func fields() *query.Schema[Request] {
	return &query.Schema[Request]{
		Name: func(r *Request, yield func(string) bool) bool { return yield(r.Host+r.Path) || yield(r.Method) },
		Is: map[string]func(*Request) bool{
			"failed":  func(r *Request) bool { return r.Err != "" || r.Status >= 400 },
			"retried": func(r *Request) bool { return r.Attempt > 1 },
			"waited":  func(r *Request) bool { return r.Waited > 0 },
		},
	}
}

func waitedCell(r *Request, _ int) column.Cell {
	if r.Waited <= 0 {
		return column.Cell{}
	}
	return column.Cell{Tone: column.Warn, Text: text.Took(r.Waited)}
}

func statusCell(r *Request, _ int) column.Cell {
	cell := column.Cell{Tone: column.OK, Text: strconv.Itoa(r.Status), TailTone: column.Warn}
	if r.Attempt > 1 {
		cell.Tail = " ×" + text.Count(r.Attempt)
	}
	switch {
	case r.Err != "":
		cell.Tone, cell.Text = column.Danger, "✗"
	case r.Status == 0:
		cell.Tone, cell.Text = column.Accent, "…"
	case r.Status >= 400:
		cell.Tone = column.Danger
	}
	return cell
}

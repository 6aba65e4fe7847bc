// Package list is a table with a filter, an order and marks over a catalog. It
// works views out off the update loop, as many as there is time for. It imports
// model, theme, kit and the table.
package list

import (
	"cmp"
	"context"
	"slices"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/column"
	"regatta/model/query"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/table"
	"regatta/ui/kit"
)

// Row is the identity of a row.
type Row = catalog.Row

// Data is what a list shows.
type Data[T any] interface {
	// Snapshot is the rows as they are, and how to order them.
	Snapshot() (items []*T, order func(by int, reverse bool) catalog.Compare)
	// Live is where a row is now.
	Live(row Row) Row
	// At is what a row is about, nil if it is there no more.
	At(row Row) *T
	// Keep is a condition beside the filter, nil for none.
	Keep() func(*T) bool
}

// Config is what a list is made of.
type Config[T any] struct {
	ID      string // prefix of its bindings' IDs: "images"
	Group   string // its bindings' section of help: "Images"
	Noun    string // "images"
	Data    Data[T]
	Columns []column.Column[T]
	Schema  *query.Schema[T]  // what rows are found and filtered by beside the columns
	Tie     func(a, b *T) int // what tells apart those that a column does not; nil: as they come
	Marks   bool              // marked rows are what the screen's keys are about: the footer says how to mark
}

// Model is the list.
type Model[T any] struct {
	cfg  Config[T]
	com  kit.Common
	lane *kit.Lane

	Table   *table.Model
	orders  []int // the columns that rows are sorted by, in their turn
	order   int   // of those, the one in force
	reverse bool
	filter  string
	keep    query.Predicate[T]

	total   int // rows before the filter
	busy    bool
	dirty   bool
	cooling bool
	asked   bool // the user asked for the view that is being worked out
}

// New returns a list that belongs to owner.
func New[T any](com kit.Common, owner kit.Screen, cfg Config[T]) *Model[T] {
	cfg.Schema = column.Fields(cfg.Columns, cfg.Schema)
	m := &Model[T]{cfg: cfg, com: com, lane: kit.NewLane(com.Ctx, owner)}
	m.Table = table.New(m.At, cfg.Columns)
	for i, c := range cfg.Columns {
		if c.Sort.Name != "" {
			m.orders = append(m.orders, i)
		}
	}
	slices.SortStableFunc(m.orders, func(a, b int) int {
		return cmp.Compare(cfg.Columns[a].Sort.Turn, cfg.Columns[b].Sort.Turn)
	})
	m.reverse = m.sort(0).Down
	m.showOrder()
	return m
}

// sort is the i-th order.
func (m *Model[T]) sort(i int) column.Sort[T] { return m.cfg.Columns[m.orders[i]].Sort }

// Current is what the cursor is on, nil if it is on nothing.
func (m *Model[T]) Current() *T { return m.At(m.Table.Cursor()) }

// At is what a row is about, nil if it is there no more.
func (m *Model[T]) At(row Row) *T { return m.cfg.Data.At(m.cfg.Data.Live(row)) }

// Close ends the list's work.
func (m *Model[T]) Close() { m.lane.Close() }

type (
	viewMsg struct {
		rows  []Row
		total int
	}
	cooledMsg struct{}
)

// rest is the time between two views: details that stream in must not keep a
// core busy with sorting.
const rest = 150 * time.Millisecond

// Changed says that the data, the filter or the order is not what is shown.
func (m *Model[T]) Changed() tea.Cmd {
	if m.busy || m.cooling {
		m.dirty = true
		return nil
	}
	return m.compute()
}

// Reorder is Changed for what the user did: it is shown without a rest, and the
// rows may move.
func (m *Model[T]) Reorder() tea.Cmd {
	m.asked = true
	if m.busy {
		m.dirty, m.cooling = true, false
		return nil
	}
	return m.compute()
}

func (m *Model[T]) compute() tea.Cmd {
	m.busy, m.dirty = true, false
	items, order := m.cfg.Data.Snapshot()
	by, reverse := m.sort(m.order), m.reverse
	scope, filter := m.cfg.Data.Keep(), m.keep
	return m.lane.Go(func(context.Context) tea.Msg {
		total := 0
		rows := catalog.View(items, func(v *T) bool {
			if scope != nil && !scope(v) {
				return false
			}
			total++
			return filter == nil || filter(v)
		}, m.compare(by, reverse, items, order))
		return viewMsg{rows: rows, total: total}
	})
}

// compare is an order of the rows, by a column that tells how or by what whoever has
// the rows knows.
func (m *Model[T]) compare(
	by column.Sort[T], reverse bool, items []*T, order func(by int, reverse bool) catalog.Compare,
) catalog.Compare {
	if by.Compare == nil {
		return order(by.By, reverse)
	}
	direction := 1
	if reverse {
		direction = -1
	}
	tie := m.cfg.Tie
	return func(a, b Row) int {
		x, y := items[a], items[b]
		if first := direction * by.Compare(x, y); first != 0 || tie == nil {
			return cmp.Or(first, cmp.Compare(a, b))
		}
		return cmp.Or(tie(x, y), cmp.Compare(a, b))
	}
}

// Handle takes the list's own messages. handled is false for all others.
func (m *Model[T]) Handle(msg tea.Msg) (handled bool, cmd tea.Cmd) {
	switch msg := msg.(type) {
	case viewMsg:
		m.busy, m.total = false, msg.total
		m.show(msg.rows)
		if msg.total == 0 && !m.dirty {
			return true, nil // an empty list is no work to rest from: the first rows come at once
		}
		if m.dirty && !m.cooling {
			return true, tea.Batch(m.cool(), m.compute())
		}
		return true, m.cool()
	case cooledMsg:
		m.cooling = false
		if m.dirty && !m.busy {
			return true, m.compute()
		}
		return true, nil
	}
	return false, nil
}

func (m *Model[T]) show(rows []Row) {
	if m.asked && !m.dirty {
		m.asked = false
		m.Table.SetView(rows, m.cfg.Data.Live)
		return
	}
	m.Table.Refresh(rows, m.cfg.Data.Live)
}

func (m *Model[T]) cool() tea.Cmd {
	if m.cooling {
		return nil
	}
	m.cooling = true
	return m.lane.Go(func(ctx context.Context) tea.Msg {
		t := time.NewTimer(rest)
		defer t.Stop()
		select {
		case <-t.C:
		case <-ctx.Done():
		}
		return cooledMsg{}
	})
}

// SetFilter implements filter.Target.
func (m *Model[T]) SetFilter(s string) (tea.Cmd, *query.Error) {
	keep, err := query.Compile(s, m.cfg.Schema, m.com.Now())
	if err != nil {
		return nil, err
	}
	m.filter, m.keep = s, keep
	return m.Reorder(), nil
}

// Filter is the filter in force.
func (m *Model[T]) Filter() string { return m.filter }

// Count implements filter.Target: "12 / 3,431", or "3,431" without a filter.
func (m *Model[T]) Count() string {
	if m.filter == "" {
		return text.Count(m.Table.Len())
	}
	return text.Count(m.Table.Len()) + " / " + text.Count(m.total)
}

// Draw is the table; where the filter leaves nothing, it says so.
func (m *Model[T]) Draw(width, height int) string {
	look := m.com.Look
	table := m.Table.Draw(look)
	if m.Table.Len() > 0 || m.filter == "" || m.busy {
		return table
	}
	head, _, _ := strings.Cut(table, "\n")
	return head + "\n" + look.Message(width, height-1,
		kit.Span{Role: theme.Text, Text: "No " + m.cfg.Noun + " match the filter " + m.filter},
		kit.Span{Role: theme.Dim, Text: "esc clears it"})
}

// Total is the number of rows before the filter.
func (m *Model[T]) Total() int { return m.total }

// Unwind takes back the marks, then the filter.
func (m *Model[T]) Unwind() (done bool, cmd tea.Cmd) {
	if m.Table.ClearMarks() {
		return true, nil
	}
	if m.filter == "" {
		return false, nil
	}
	cmd, _ = m.SetFilter("")
	return true, cmd
}

// Sort orders by the i-th order; again, it turns the direction.
func (m *Model[T]) Sort(i int) tea.Cmd {
	if i == m.order {
		m.reverse = !m.reverse
	} else {
		m.order, m.reverse = i, m.sort(i).Down
	}
	m.showOrder()
	return m.Reorder()
}

// SortColumn orders by the column that was clicked.
func (m *Model[T]) SortColumn(column int) tea.Cmd {
	if i := slices.Index(m.orders, column); i >= 0 {
		return m.Sort(i)
	}
	return nil
}

func (m *Model[T]) showOrder() { m.Table.SetSorted(m.orders[m.order], m.reverse) }

// Ordered is how the list is sorted: "size, largest first" is for people to
// read off the header; this is the name alone.
func (m *Model[T]) Ordered() string { return m.sort(m.order).Name }

package list

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"regatta/model/text"
	"regatta/ui/kit"
	"regatta/ui/overlay/filter"
)

// Bindings are the keys that every list has.
func (m *Model[T]) Bindings() []kit.Binding {
	out := kit.Bind(m.cfg.ID, m.cfg.Group, []kit.Binding{
		{
			ID: "filter", Keys: kit.Keys{"/"}, Desc: "filter", Footer: true, Disabled: m.nothingListed,
			Run: kit.Ask(m.AskFilter),
		},
		{
			ID: "sort", Keys: kit.Keys{"s"}, Desc: "sort by the next column", Short: "sort", Footer: true,
			Disabled: m.whenEmpty, Run: kit.Work(m.SortNext),
		},
		{
			ID: "reverse", Keys: kit.Keys{"S"}, Desc: "reverse the order", Disabled: m.whenEmpty,
			Run: kit.Work(func() tea.Cmd { return m.Sort(m.order) }),
		},
		{
			ID: "mark", Keys: kit.Keys{"space"}, Desc: "mark", Footer: m.cfg.Marks, Disabled: m.whenEmpty,
			Run: kit.Do(func() { m.Table.ToggleMark(); m.Table.Move(1) }),
		},
		{
			ID: "mark-range", Keys: kit.Keys{"v"}, Desc: "mark a range: once at each end", Disabled: m.whenEmpty,
			Run: kit.Ask(m.markRange),
		},
		{
			ID: "mark-all", Keys: kit.Keys{"a"}, Desc: "mark all that the filter shows", Disabled: m.whenEmpty,
			Run: kit.Do(m.Table.MarkAll),
		},
		{
			ID: "clear-marks", Keys: kit.Keys{"ctrl+\\"}, Desc: "clear the marks", Disabled: m.whenEmpty,
			Run: kit.Do(func() { m.Table.ClearMarks() }),
		},
		{ID: "save", Keys: kit.Keys{"ctrl+s"}, Desc: "save the table as CSV", Disabled: m.whenEmpty, Run: m.Save},
	})
	return slices.Concat(out, m.Table.Bindings(m.cfg.ID, m.cfg.Group, m.whenEmpty), m.orderBindings())
}

func (m *Model[T]) orderBindings() []kit.Binding {
	out := make([]kit.Binding, 0, len(m.orders))
	for i := range m.orders {
		name := m.sort(i).Name
		out = append(out, kit.Binding{
			ID: "sort-" + name, Desc: "sort by " + name, Run: kit.Work(func() tea.Cmd { return m.Sort(i) }),
		})
	}
	return kit.Bind(m.cfg.ID, m.cfg.Group, out)
}

func (m *Model[T]) whenEmpty() string {
	if m.Table.Len() == 0 {
		return "there is nothing listed"
	}
	return ""
}

// nothingListed lets a filter that leaves nothing be changed.
func (m *Model[T]) nothingListed() string {
	if m.total == 0 && m.filter == "" {
		return "there is nothing to filter"
	}
	return ""
}

// SortNext orders by the next column.
func (m *Model[T]) SortNext() tea.Cmd { return m.Sort((m.order + 1) % len(m.orders)) }

func (m *Model[T]) markRange() kit.Intent {
	if m.Table.MarkRange() {
		return kit.Toast{Text: "range begins here: move, then v again"}
	}
	return kit.Toast{Text: text.Plural(m.Table.Marks(), "row marked", "rows marked")}
}

// AskFilter asks for a filter.
func (m *Model[T]) AskFilter() kit.Intent {
	return kit.Push{Overlay: filter.New(m.com.Look, m, m.filter, m.hint())}
}

// hint shows the language by examples of the fields that there are.
func (m *Model[T]) hint() string {
	var hint strings.Builder
	hint.WriteString("word  !not  v1.*")
	for _, f := range m.cfg.Schema.Fields() {
		switch f {
		case "size":
			hint.WriteString("  size>100MB")
		case "age":
			hint.WriteString("  age>30d")
		case "platform":
			hint.WriteString("  platform:arm64")
		case "is":
			hint.WriteString("  is:…")
		}
	}
	return hint.String()
}

// WheelLines is how far a turn of the wheel scrolls.
func WheelLines(msg tea.MouseWheelMsg) int {
	const lines = 3
	if msg.Button == tea.MouseWheelUp {
		return -lines
	}
	return lines
}

// Mouse moves, sorts and scrolls. open is true for a click on the row that the
// cursor is on already.
func (m *Model[T]) Mouse(msg tea.MouseMsg) (open bool, cmd tea.Cmd) {
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		m.Table.Scroll(WheelLines(msg))
	case tea.MouseClickMsg:
		if msg.Button != tea.MouseLeft {
			return false, nil
		}
		if msg.Y == 0 {
			return false, m.SortColumn(m.Table.ColumnAt(msg.X))
		}
		if place, ok := m.Table.PlaceAt(msg.Y); ok {
			open = place == m.Table.Place()
			m.Table.To(place)
		}
	}
	return open, nil
}

// MouseBelow is Mouse of a list that is drawn below a head of so many lines.
func (m *Model[T]) MouseBelow(msg tea.MouseMsg, head int) (open bool, cmd tea.Cmd) {
	if click, ok := msg.(tea.MouseClickMsg); ok {
		click.Y -= head
		msg = click
	}
	return m.Mouse(msg)
}

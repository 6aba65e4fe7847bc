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
	out := []kit.Binding{
		m.key("filter", "filter", kit.Ask(m.AskFilter), "/"),
		m.key("sort", "sort by the next column", func() (kit.Intent, tea.Cmd) { return nil, m.SortNext() }, "s"),
		m.key("reverse", "reverse the order", func() (kit.Intent, tea.Cmd) { return nil, m.Sort(m.order) }, "S"),
		m.key("mark", "mark", kit.Do(func() { m.Table.ToggleMark(); m.Table.Move(1) }), "space"),
		m.key("mark-range", "mark a range: once at each end", kit.Ask(m.markRange), "v"),
		m.key("mark-all", "mark all that the filter shows", kit.Do(m.Table.MarkAll), "a"),
		m.key("clear-marks", "clear the marks", kit.Do(func() { m.Table.ClearMarks() }), "ctrl+\\"),
		m.key("save", "save the table as CSV", m.Save, "ctrl+s"),
	}
	out[0].Footer, out[1].Footer, out[3].Footer = true, true, m.cfg.Marks
	out[1].Short = "sort"
	for i := range out {
		out[i].Disabled = m.whenEmpty
	}
	out[0].Disabled = m.nothingListed
	return slices.Concat(out, m.Table.Bindings(m.cfg.ID, m.cfg.Group, m.whenEmpty), m.orderBindings())
}

func (m *Model[T]) orderBindings() []kit.Binding {
	out := make([]kit.Binding, 0, len(m.orders))
	for i := range m.orders {
		name := m.sort(i).Name
		out = append(out, m.key("sort-"+name, "sort by "+name,
			func() (kit.Intent, tea.Cmd) { return nil, m.Sort(i) }))
	}
	return out
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

func (m *Model[T]) key(id, desc string, run func() (kit.Intent, tea.Cmd), keys ...string) kit.Binding {
	return kit.Binding{ID: m.cfg.ID + "." + id, Keys: keys, Desc: desc, Group: m.cfg.Group, Run: run}
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

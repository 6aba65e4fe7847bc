package table

import "regatta/ui/kit"

// Bindings are the keys that move through the rows, named after the screen and
// listed in its group of help. disabled says why they do not work now, empty if
// they do.
func (m *Model) Bindings(screen, group string, disabled func() string) []kit.Binding {
	key := func(id, desc string, run func(), keys ...string) kit.Binding {
		return kit.Binding{
			ID: screen + "." + id, Keys: keys, Desc: desc, Group: group, Disabled: disabled, Run: kit.Do(run),
		}
	}
	return []kit.Binding{
		key("down", "down", func() { m.Move(1) }, "j", "down"),
		key("up", "up", func() { m.Move(-1) }, "k", "up"),
		key("page-down", "page down", func() { m.Page(1) }, "pgdown", "ctrl+f", "."),
		key("page-up", "page up", func() { m.Page(-1) }, "pgup", "ctrl+b", ","),
		key("top", "first row", func() { m.To(0) }, "g", "home"),
		key("bottom", "last row", func() { m.To(m.Len() - 1) }, "G", "end"),
	}
}

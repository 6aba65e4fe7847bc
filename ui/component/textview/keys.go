package textview

import "regatta/ui/kit"

// Bindings are the keys that move through the text, named after the screen and
// listed in its group of help.
func (m *Model) Bindings(screen, group string) []kit.Binding {
	key := func(id, desc string, run func(), keys ...string) kit.Binding {
		return kit.Binding{ID: screen + "." + id, Keys: keys, Desc: desc, Group: group, Run: kit.Do(run)}
	}
	return []kit.Binding{
		key("down", "down", func() { m.Scroll(1) }, "j", "down"),
		key("up", "up", func() { m.Scroll(-1) }, "k", "up"),
		key("page-down", "page down", func() { m.Page(1) }, "pgdown", "space", "ctrl+f"),
		key("page-up", "page up", func() { m.Page(-1) }, "pgup", "ctrl+b"),
		key("top", "to the top", m.Home, "g", "home"),
		key("bottom", "to the end", m.End, "G", "end"),
	}
}

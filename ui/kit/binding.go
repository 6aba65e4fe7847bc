package kit

import (
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"
)

// Binding is one thing a user can do. It feeds dispatch, the footer, help, the
// palette, the generated keys page and read-only mode.
type Binding struct {
	ID        string   // how the config and the palette name it: "images.copy-digest"
	Keys      []string // by tea.KeyPressMsg.String(); the first is the one shown
	Desc      string   // what it does, a few words
	Short     string   // the same for the footer, where Desc is too long for it
	Group     string   // the section of help that it stands in
	Footer    bool     // shown in the footer
	Dangerous bool     // leads to a change: gone in read-only mode
	Disabled  func() string
	Run       func() (Intent, tea.Cmd)
}

// Reason is why the binding does not work now, empty if it does.
func (b Binding) Reason() string {
	if b.Disabled == nil {
		return ""
	}
	return b.Disabled()
}

// Label is what the footer says of the binding.
func (b Binding) Label() string {
	if b.Short != "" {
		return b.Short
	}
	return b.Desc
}

// Key is the key that is shown for the binding.
func (b Binding) Key() string {
	if len(b.Keys) == 0 {
		return ""
	}
	return KeyName(b.Keys[0])
}

// KeyName is how a key is written for people.
func KeyName(key string) string {
	names := map[string]string{
		"up": "↑", "down": "↓", "left": "←", "right": "→", "pgdown": "pgdn", "space": "space",
	}
	if n, ok := names[key]; ok {
		return n
	}
	return key
}

// Do is a binding's Run for what needs no command.
func Do(fn func()) func() (Intent, tea.Cmd) {
	return func() (Intent, tea.Cmd) {
		fn()
		return nil, nil
	}
}

// Ask is a binding's Run for what asks something of the app.
func Ask(fn func() Intent) func() (Intent, tea.Cmd) {
	return func() (Intent, tea.Cmd) { return fn(), nil }
}

// Then is a Run followed by what after gives.
func Then(run func() (Intent, tea.Cmd), after func() tea.Cmd) func() (Intent, tea.Cmd) {
	return func() (Intent, tea.Cmd) {
		intent, cmd := run()
		return intent, tea.Batch(cmd, after())
	}
}

// Work is a binding's Run for work that asks nothing of the app.
func Work(fn func() tea.Cmd) func() (Intent, tea.Cmd) {
	return func() (Intent, tea.Cmd) { return nil, fn() }
}

// Keys are the keys of a binding, the first is the one shown.
type Keys = []string

// Bind names bindings after their screen, and puts them into its section of help.
func Bind(screen, group string, all []Binding) []Binding {
	for i := range all {
		if screen != "" {
			all[i].ID = screen + "." + all[i].ID
		}
		all[i].Group = group
	}
	return all
}

// Tabs are the bindings that turn to a tab by its number.
func Tabs(screen, group string, names []string, to func(i int) func() (Intent, tea.Cmd)) []Binding {
	out := make([]Binding, len(names))
	for i, name := range names {
		id := "tab-" + strings.ReplaceAll(name, " ", "-")
		out[i] = Binding{ID: id, Keys: Keys{strconv.Itoa(i + 1)}, Desc: name, Run: to(i)}
	}
	return Bind(screen, group, out)
}

// Afterwards has each binding bring about after as well.
func Afterwards(after func() tea.Cmd, all []Binding) []Binding {
	for i := range all {
		all[i].Run = Then(all[i].Run, after)
	}
	return all
}

// Unless disables bindings for the reason that there may be.
func Unless(reason func() string, all []Binding) []Binding {
	for i := range all {
		all[i].Disabled = reason
	}
	return all
}

// Find returns the first binding that has the key.
func Find(all []Binding, key string) (Binding, bool) {
	i := slices.IndexFunc(all, func(b Binding) bool { return slices.Contains(b.Keys, key) })
	if i < 0 {
		return Binding{}, false
	}
	return all[i], true
}

// Keymap changes the keys of bindings by ID, as the config asks.
type Keymap map[string][]string

// Apply returns the bindings with their keys as the user wants them, without
// the dangerous ones if readOnly is set.
func (m Keymap) Apply(in []Binding, readOnly bool) []Binding {
	out := make([]Binding, 0, len(in))
	for _, b := range in {
		if b.Dangerous && readOnly {
			continue
		}
		if keys, ok := m[b.ID]; ok {
			b.Keys = keys
		}
		out = append(out, b)
	}
	return out
}

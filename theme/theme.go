// Package theme turns a palette of roles into styles. Colours are named
// nowhere else. It imports lipgloss.
package theme

import (
	"fmt"
	"image/color"
	"slices"
	"strings"

	"charm.land/lipgloss/v2"
)

// Role is what a piece of text is for. Screens name roles, never colours.
type Role uint8

// The roles.
const (
	Text     Role = iota
	Dim           // secondary: separators, units, what is not known yet
	Accent        // the one accent: titles, what leads the eye
	Bar           // bars: quantities are seen, not shouted
	Strong        // the thing itself: names
	Header        // column titles
	OK            // a good state
	Warn          // a state to look at
	Danger        // a bad state, a failure
	Selected      // the row under the cursor
	Marked        // rows that are marked
	Key           // a key in the footer and in help
	Border        // lines between panes
	Input         // what is being typed
	Chip          // a short word on its own ground: read-only
	Red           // the colours that the user gives contexts, to tell them apart
	Orange
	Yellow
	Green
	Blue
	Purple
	roles
)

// Depth is how many colours the terminal has.
type Depth uint8

// The depths.
const (
	Full    Depth = iota // 256 colours or more
	Sixteen              // the terminal's own sixteen
	None                 // NO_COLOR and monochrome terminals: weight and reverse only
)

// Styles are the styles of one theme at one depth.
type Styles struct {
	Name  string
	Depth Depth

	byRole [roles]lipgloss.Style
	escape [roles]struct{ open, shut string }
}

// Of is the style of a role.
func (s *Styles) Of(r Role) lipgloss.Style { return s.byRole[r] }

// Render draws one line of text in a role.
func (s *Styles) Render(r Role, text string) string {
	if text == "" {
		return ""
	}
	e := &s.escape[r]
	return e.open + text + e.shut
}

// Escape is what stands before and behind text in a role.
func (s *Styles) Escape(r Role) (open, shut string) { return s.escape[r].open, s.escape[r].shut }

// prepare draws each style once: a frame then costs concatenations, where
// lipgloss would work each style out anew for every piece of text.
func (s *Styles) prepare() {
	const text = "x"
	for r, style := range s.byRole {
		s.escape[r].open, s.escape[r].shut, _ = strings.Cut(style.Render(text), text)
	}
}

// Names are the themes there are.
func Names() []string { return []string{"dark", "light", "high-contrast", "colour-blind"} }

// New returns the styles of the named theme. "auto" is dark or light, as the
// terminal's background is.
func New(name string, depth Depth, darkBackground bool) (*Styles, error) {
	if name == "auto" || name == "" {
		name = "light"
		if darkBackground {
			name = "dark"
		}
	}
	if !slices.Contains(Names(), name) {
		return nil, fmt.Errorf("no theme %q; there are %v", name, Names())
	}
	s := &Styles{Name: name, Depth: depth}
	switch depth {
	case None:
		s.monochrome()
	case Sixteen:
		s.colour(sixteen(name))
	case Full:
		s.colour(full(name))
	}
	s.prepare()
	return s, nil
}

// palette is the colours that a theme names; everything else follows.
type palette struct {
	text, dim, accent, bar, strong, ok, warn, danger color.Color
	selected, selectedText                           color.Color // the cursor row
	chip, chipText                                   color.Color
}

func (s *Styles) colour(p palette) {
	fg := func(c color.Color) lipgloss.Style {
		if c == nil {
			return lipgloss.NewStyle()
		}
		return lipgloss.NewStyle().Foreground(c)
	}
	s.byRole = [roles]lipgloss.Style{
		Text: fg(p.text), Dim: fg(p.dim), Accent: fg(p.accent), Bar: fg(p.bar), Strong: fg(p.strong).Bold(true),
		Header: fg(p.dim).Bold(true), OK: fg(p.ok), Warn: fg(p.warn), Danger: fg(p.danger).Bold(true),
		Selected: fg(p.selectedText).Background(p.selected).Bold(true), Marked: fg(p.accent).Bold(true),
		Key: fg(p.accent).Bold(true), Border: fg(p.dim), Input: fg(p.strong).Underline(true),
		Chip: fg(p.chipText).Background(p.chip).Bold(true),
	}
	for i, c := range contextColours(s.Depth) {
		s.byRole[Red+Role(i)] = fg(c.text).Background(c.ground).Bold(true)
	}
}

// ContextRole is the role of a context's colour, by the name that the config
// has for it; Chip for none.
func ContextRole(name string) Role {
	i := slices.Index([]string{"red", "orange", "yellow", "green", "blue", "purple"}, name)
	if i < 0 {
		return Chip
	}
	return Red + Role(i) //nolint:gosec // there are six
}

func (s *Styles) monochrome() {
	plain := lipgloss.NewStyle()
	s.byRole = [roles]lipgloss.Style{
		Text: plain, Dim: plain.Faint(true), Accent: plain.Bold(true), Bar: plain, Strong: plain.Bold(true),
		Header: plain.Underline(true), OK: plain, Warn: plain.Bold(true), Danger: plain.Bold(true).Underline(true),
		Selected: plain.Reverse(true), Marked: plain.Bold(true), Key: plain.Bold(true), Border: plain.Faint(true),
		Input: plain.Underline(true), Chip: plain.Reverse(true),
	}
	for r := Red; r < roles; r++ {
		s.byRole[r] = plain.Reverse(true)
	}
}

package table

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"regatta/model/column"
	"regatta/theme"
	"regatta/ui/kit"
)

// Role is how a tone is drawn.
func Role(t column.Tone) theme.Role {
	if t >= column.Hue {
		return theme.Red + theme.Role(t-column.Hue)
	}
	return [...]theme.Role{
		column.Text: theme.Text, column.Dim: theme.Dim, column.Accent: theme.Accent, column.Bar: theme.Bar,
		column.Strong: theme.Strong, column.OK: theme.OK, column.Warn: theme.Warn, column.Danger: theme.Danger,
	}[t]
}

// Draw draws the header and the visible rows, exactly as large as SetSize said.
func (m *Model) Draw(look *kit.Look) string {
	p := painter{look: look}
	p.out.Grow((m.width + 64) * m.height)
	m.header(&p)
	m.blank(&p, m.lead)
	for i, r := range m.Visible() {
		p.newLine()
		m.row(&p, m.top+i, r)
	}
	m.blank(&p, m.rows()-m.lead-len(m.Visible()))
	p.flush()
	return p.out.String()
}

func (m *Model) blank(p *painter, lines int) {
	for range lines {
		p.newLine()
		p.add(theme.Text, strings.Repeat(" ", m.width))
	}
}

// header names the columns. A mark before them says that there are rows above, as rows
// that come there move nothing.
func (m *Model) header(p *painter) {
	above := " "
	if m.top > 0 {
		above = "▴"
	}
	p.add(theme.Header, above+" ")
	used := gutter
	for i, c := range m.columns {
		w := m.widths[i]
		if w == 0 {
			continue
		}
		title := c.title
		if i == m.sorted {
			title = ansi.Truncate(title, w-arrowWidth, "") + map[bool]string{false: "↑", true: "↓"}[m.reverse]
		}
		used += m.draw(p, c, w, used, drawn{role: theme.Header, text: title}, theme.Header)
	}
	p.add(theme.Header, strings.Repeat(" ", max(0, m.width-used)))
}

func (m *Model) row(p *painter, place int, r Row) {
	base, force := theme.Text, false
	cursor, mark := " ", " "
	if m.isMarked(place, r) {
		mark, base, force = "●", theme.Marked, true
	}
	if place == m.at {
		cursor, base, force = "▌", theme.Selected, true
	}
	p.force, p.forced = force, base
	p.add(base, cursor+mark)
	used := gutter
	for i, c := range m.columns {
		if w := m.widths[i]; w > 0 {
			cell := m.cell(r, i, w)
			used += m.draw(p, c, w, used, drawn{Role(cell.Tone), cell.Text, Role(cell.TailTone), cell.Tail}, base)
		}
	}
	p.add(base, strings.Repeat(" ", max(0, m.width-used)))
	p.force = false
}

// drawn is a cell in the roles that it is drawn in.
type drawn struct {
	role     theme.Role
	text     string
	tailRole theme.Role
	tail     string
}

// draw draws one cell and the gap before it, and returns how many it took.
func (*Model) draw(p *painter, c place, width, used int, cell drawn, base theme.Role) int {
	lead := 0
	if used > gutter {
		lead = gap
		p.add(base, "  ")
	}
	text, tail := cell.text, cell.tail
	w := ansi.StringWidth(text)
	if w > width {
		text, tail = ansi.Truncate(text, width, "…"), ""
		w = ansi.StringWidth(text)
	}
	tw := ansi.StringWidth(tail)
	if w+tw > width {
		tail = ansi.Truncate(tail, width-w, "…")
		tw = ansi.StringWidth(tail)
	}
	space := strings.Repeat(" ", width-w-tw)
	if c.right {
		p.add(base, space)
		space = ""
	}
	p.add(cell.role, text)
	p.add(cell.tailRole, tail)
	p.add(base, space)
	return lead + width
}

// painter draws each run of one role at once. While force is set, everything is
// drawn in the role forced: styles do not nest.
type painter struct {
	look   *kit.Look
	out    strings.Builder
	shut   string // what ends the run
	inRun  bool
	role   theme.Role
	force  bool
	forced theme.Role
}

func (p *painter) add(role theme.Role, s string) {
	if s == "" {
		return
	}
	if p.force {
		role = p.forced
	}
	if !p.inRun || role != p.role {
		p.flush()
		var open string
		open, p.shut = p.look.Escape(role)
		p.role, p.inRun = role, true
		p.out.WriteString(open)
	}
	p.out.WriteString(s)
}

func (p *painter) flush() {
	if p.inRun {
		p.out.WriteString(p.shut)
		p.inRun = false
	}
}

func (p *painter) newLine() {
	p.flush()
	p.out.WriteByte('\n')
}

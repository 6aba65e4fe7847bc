package output

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"maps"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"regatta/model/text"
)

// Widest is the width to which a column is padded; a wider cell moves the rest
// of its row.
const Widest = 48

// Grid prints rows of cells under a header, in columns as wide as their cells.
// Every cell is made safe for a terminal.
type Grid struct {
	Header []string
	rows   [][]string
}

// Add adds a row.
func (g *Grid) Add(cells ...string) {
	for i := range cells {
		cells[i] = text.Clean(cells[i])
	}
	g.rows = append(g.rows, cells)
}

// Some reports whether there are rows.
func (g *Grid) Some() bool { return len(g.rows) > 0 }

// Write prints the header and the rows.
func (g *Grid) Write(w io.Writer) { WriteRows(w, g.Header, slices.Values(g.rows)) }

// WriteRows prints rows as a grid does, without keeping them: they are gone through
// twice. Their cells are safe for a terminal.
func WriteRows(w io.Writer, header []string, rows iter.Seq[[]string]) {
	widths := make([]int, len(header))
	measure := func(row []string) {
		for i, cell := range row {
			widths[i] = min(Widest, max(widths[i], ansi.StringWidth(cell)))
		}
	}
	measure(header)
	for row := range rows {
		measure(row)
	}
	out := bufio.NewWriter(w)
	defer out.Flush() //nolint:errcheck // as with any print to it
	if strings.Join(header, "") != "" {
		writeRow(out, widths, header)
	}
	for row := range rows {
		writeRow(out, widths, row)
	}
}

func writeRow(w io.Writer, widths []int, row []string) {
	var b strings.Builder
	for i, cell := range row {
		b.WriteString(cell)
		if i < len(row)-1 {
			b.WriteString(strings.Repeat(" ", max(0, widths[i]-ansi.StringWidth(cell))+2))
		}
	}
	fmt.Fprintln(w, strings.TrimRight(b.String(), " "))
}

// Sheet prints fields below each other, in sections. Fields without a value are
// left out, and every value is made safe for a terminal.
type Sheet struct {
	Out   io.Writer
	Begun bool // a section comes after an empty line from now on
}

// Section begins a section, below an empty line unless it is the first.
func (s *Sheet) Section(name string) {
	if s.Begun {
		fmt.Fprintln(s.Out)
	}
	s.Line(name)
}

// Field prints a name and its value, if it has one.
func (s *Sheet) Field(name, value string) {
	if value = text.Clean(value); value != "" {
		s.Line(fmt.Sprintf("%-14s %s", text.Clean(name), value))
	}
}

// Line prints a line as it is.
func (s *Sheet) Line(line string) {
	s.Begun = true
	fmt.Fprintln(s.Out, line)
}

// Pairs prints a section of names and their values, sorted.
func (s *Sheet) Pairs(title string, m map[string]string) {
	if len(m) == 0 {
		return
	}
	s.Section(title)
	for _, k := range slices.Sorted(maps.Keys(m)) {
		s.Line("  " + text.Clean(k) + "=" + text.Clean(m[k]))
	}
}

// Rows prints a table as a section.
func (s *Sheet) Rows(title string, g Grid) {
	if !g.Some() {
		return
	}
	s.Section(title)
	for i := range g.rows {
		g.rows[i][0] = "  " + g.rows[i][0]
	}
	s.Grid(&g)
}

// Grid prints a table in a section.
func (s *Sheet) Grid(g *Grid) { g.Write(s.Out) }

package cli

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"slices"
	"strings"

	"github.com/charmbracelet/x/ansi"

	"regatta/model/text"
)

// widest is the width to which a column is padded; a wider cell moves the rest
// of its row.
const widest = 48

// grid prints rows of cells under a header, in columns as wide as their cells.
// Every cell is made safe for a terminal.
type grid struct {
	header []string
	rows   [][]string
}

func (g *grid) add(cells ...string) {
	for i := range cells {
		cells[i] = text.Clean(cells[i])
	}
	g.rows = append(g.rows, cells)
}

func (g *grid) write(w io.Writer) { writeRows(w, g.header, slices.Values(g.rows)) }

// writeRows prints rows as a grid does, without keeping them: they are gone through
// twice. Their cells are safe for a terminal.
func writeRows(w io.Writer, header []string, rows iter.Seq[[]string]) {
	widths := make([]int, len(header))
	measure := func(row []string) {
		for i, cell := range row {
			widths[i] = min(widest, max(widths[i], ansi.StringWidth(cell)))
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

// sheet prints fields below each other, in sections. Fields without a value are
// left out, and every value is made safe for a terminal.
type sheet struct {
	w     io.Writer
	begun bool
}

func (s *sheet) section(name string) {
	if s.begun {
		fmt.Fprintln(s.w)
	}
	s.line(name)
}

func (s *sheet) field(name, value string) {
	if value = text.Clean(value); value != "" {
		s.line(fmt.Sprintf("%-14s %s", text.Clean(name), value))
	}
}

func (s *sheet) line(line string) {
	s.begun = true
	fmt.Fprintln(s.w, line)
}

package theme

import (
	"strings"

	"github.com/charmbracelet/x/ansi"
)

// ASCII is the ASCII icon set: it draws a finished frame with ASCII only, cell
// for cell. Glyphs of ours have a stand-in; any other character becomes as many
// question marks as it is wide. Escape sequences pass through.
func ASCII(frame string) string {
	var b strings.Builder
	b.Grow(len(frame))
	for _, r := range frame {
		switch {
		case r < 0x80:
			b.WriteRune(r)
		case standIn(r) != 0:
			b.WriteByte(standIn(r))
		default:
			b.WriteString(strings.Repeat("?", ansi.StringWidth(string(r))))
		}
	}
	return b.String()
}

//nolint:cyclop // a table; as a switch it costs nothing on the way of every frame
func standIn(r rune) byte {
	switch r {
	case '━', '▍', '═', '▅', '⏸':
		return '='
	case '╸', '─', '▎', '▏', '—', '–', '▃':
		return '-'
	case '│', '║':
		return '|'
	case '┌', '┐', '└', '┘', '├', '┤', '┬', '┴', '┼', '╭', '╮', '╰', '╯', '✓', '▆':
		return '+'
	case '█', '▉', '▊', '▋', '▇':
		return '#'
	case '▌', '›', '→', '▸', '≥':
		return '>'
	case '░', '·':
		return '.'
	case '▒':
		return ':'
	case '▓':
		return '%'
	case '▀', '↑', '▴':
		return '^'
	case '▄', '▁', '▂':
		return '_'
	case '…':
		return '~'
	case '‹', '←', '≤':
		return '<'
	case '↓', '▾':
		return 'v'
	case '●', '◆', '★', '•':
		return '*'
	case '○', '◇':
		return 'o'
	case '✗', '×':
		return 'x'
	case '∑':
		return 'S'
	}
	return 0
}

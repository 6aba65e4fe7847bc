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

func standIn(r rune) byte {
	const glyphs = "━╸│─┌┐└┘├┤┬┴┼╭╮╰╯█▉▊▋▌▍▎▏░▒▓▀▄·…›‹→←↑↓●○◆◇✓✗×★▸▾•—–≤≥═║▁▂▃▅▆▇∑⏸"
	const plain = "=-|-+++++++++++++####>=--.:%^_.~><><^v*o*o+xx*>v*--<>=|__-=+#S="
	i := 0
	for _, g := range glyphs {
		if g == r {
			return plain[i]
		}
		i++
	}
	return 0
}

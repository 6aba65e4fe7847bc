package theme

import (
	"image/color"

	"charm.land/lipgloss/v2"
)

func full(name string) palette {
	hex := lipgloss.Color
	switch name {
	case "light":
		return palette{
			text: hex("#24292f"), dim: hex("#6e7781"), accent: hex("#0a5dc2"), bar: hex("#7fa8d8"), strong: hex("#000000"),
			ok: hex("#1a7f37"), warn: hex("#8a5a00"), danger: hex("#cf222e"),
			selected: hex("#cfe3ff"), selectedText: hex("#0b1f3a"), chip: hex("#57606a"), chipText: hex("#ffffff"),
		}
	case "high-contrast":
		return palette{
			text: hex("#ffffff"), dim: hex("#c8c8c8"), accent: hex("#5fd7ff"), bar: hex("#5fd7ff"), strong: hex("#ffffff"),
			ok: hex("#00ff5f"), warn: hex("#ffd700"), danger: hex("#ff5f5f"),
			selected: hex("#ffff00"), selectedText: hex("#000000"), chip: hex("#ffffff"), chipText: hex("#000000"),
		}
	case "colour-blind":
		// Okabe and Ito's palette: told apart with every common colour vision.
		return palette{
			text: hex("#d0d4dc"), dim: hex("#8a919e"), accent: hex("#56b4e9"), bar: hex("#4078a0"), strong: hex("#f4f6fa"),
			ok: hex("#56b4e9"), warn: hex("#f0e442"), danger: hex("#e69f00"),
			selected: hex("#2b3f55"), selectedText: hex("#ffffff"), chip: hex("#0072b2"), chipText: hex("#ffffff"),
		}
	}
	return palette{
		text: hex("#c3c9d5"), dim: hex("#7c8596"), accent: hex("#6cb6ff"), bar: hex("#4a74a8"), strong: hex("#eef2f8"),
		ok: hex("#6bc46d"), warn: hex("#e0b050"), danger: hex("#f47067"),
		selected: hex("#363c4a"), selectedText: hex("#ffffff"), chip: hex("#3d4758"), chipText: hex("#dfe6f0"),
	}
}

// sixteen uses the terminal's own colours, and its own foreground for text:
// greys of a full palette would land on the background.
func sixteen(name string) palette {
	ansi := func(n uint8) color.Color { return lipgloss.ANSIColor(n) }
	p := palette{
		dim: ansi(8), accent: ansi(14), bar: ansi(6), ok: ansi(10), warn: ansi(11), danger: ansi(9),
		selected: ansi(4), selectedText: ansi(15), chip: ansi(6), chipText: ansi(0),
	}
	switch name {
	case "light":
		p.accent, p.ok, p.warn, p.danger = ansi(4), ansi(2), ansi(5), ansi(1)
	case "high-contrast":
		p.dim, p.selected, p.selectedText = ansi(7), ansi(11), ansi(0)
	case "colour-blind":
		p.ok, p.warn, p.danger = ansi(12), ansi(11), ansi(13)
	}
	return p
}

// ground is a colour with text that can be read on it.
type ground struct{ ground, text color.Color }

// contextColours are red, orange, yellow, green, blue and purple.
func contextColours(depth Depth) []ground {
	if depth == Sixteen {
		out := make([]ground, 0, 6)
		for _, n := range []uint8{1, 3, 11, 2, 4, 5} {
			out = append(out, ground{lipgloss.ANSIColor(n), lipgloss.ANSIColor(15)})
		}
		out[2].text = lipgloss.ANSIColor(0)
		return out
	}
	white, black := lipgloss.Color("#ffffff"), lipgloss.Color("#000000")
	return []ground{
		{lipgloss.Color("#b62324"), white},
		{lipgloss.Color("#d9730d"), black},
		{lipgloss.Color("#e3c000"), black},
		{lipgloss.Color("#1a7f37"), white},
		{lipgloss.Color("#0a5dc2"), white},
		{lipgloss.Color("#7a3fbf"), white},
	}
}

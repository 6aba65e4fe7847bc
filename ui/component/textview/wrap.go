package textview

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"regatta/ui/kit"
)

// Stop is a span without text: what goes on after the end of a line stands under what
// follows it, where enough room is left there.
func Stop() kit.Span { return kit.Span{} }

// wrapLine cuts a line into pieces of at most width cells, between words where
// it can. What goes on stands under the line's Stop or its second span, so that values
// stay beside their names.
func wrapLine(l Line, width int) []Line {
	if width <= 0 || bytesOf(l) <= width {
		return []Line{l}
	}
	w := wrapper{width: width, indent: hang(l, width), left: width}
	for _, s := range l {
		w.add(s)
	}
	return append(w.out, w.cur)
}

// hang is how far what goes on is indented.
func hang(l Line, width int) int {
	const least, most, column = 4, 30, 24
	if len(l) < 2 {
		return least
	}
	if n := stop(l); n > 0 && width-n >= column {
		return n
	}
	n := ansi.StringWidth(l[0].Text)
	if n == 0 || n > min(most, width/2) {
		return least
	}
	return n
}

// stop is where the line's Stop stands; 0: it has none.
func stop(l Line) int {
	n := 0
	for _, s := range l {
		if s.Text == "" {
			return n
		}
		n += ansi.StringWidth(s.Text)
	}
	return 0
}

type wrapper struct {
	width, indent, left int
	out                 []Line
	cur                 Line
}

func (w *wrapper) add(s kit.Span) {
	for s.Text != "" {
		head := w.piece(s.Text)
		if head == "" {
			w.next(s)
			if w.left <= 1 {
				return // not even one character fits
			}
			continue
		}
		w.cur = append(w.cur, kit.Span{Role: s.Role, Text: head})
		w.left -= ansi.StringWidth(head)
		s.Text = s.Text[len(head):]
		if s.Text != "" {
			s.Text = strings.TrimPrefix(s.Text, " ")
			w.next(s)
		}
	}
}

// piece is as much of s as fits on the line, up to a space if one is near.
func (w *wrapper) piece(s string) string {
	head := ansi.Truncate(s, w.left, "")
	if len(head) == len(s) {
		return head
	}
	if i := strings.LastIndexByte(head, ' '); i > len(head)/2 && s[len(head)] != ' ' {
		return head[:i]
	}
	if w.left < w.width-w.indent && !strings.ContainsRune(head, ' ') && w.wholeFits(s) {
		return "" // rather on the next line than cut
	}
	return head
}

// wholeFits reports whether the first word of s has room on a line of its own.
func (w *wrapper) wholeFits(s string) bool {
	word, _, _ := strings.Cut(s, " ")
	return ansi.StringWidth(word) <= w.width-w.indent
}

func (w *wrapper) next(s kit.Span) {
	w.out = append(w.out, w.cur)
	w.cur = Line{{Role: s.Role, Text: strings.Repeat(" ", w.indent)}}
	w.left = max(1, w.width-w.indent)
}

func bytesOf(l Line) int {
	n := 0
	for _, s := range l {
		n += len(s.Text)
	}
	return n
}

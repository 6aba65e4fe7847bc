package text

import "strings"

const esc = 0x1b

// scanner finds escape sequences. It remembers that no control string ends in
// the rest of a text, so that many openings do not make as many searches.
type scanner struct{ endless bool }

// sequence is the length of the escape sequence that s starts with, 0 if none
// (ECMA-48, sections 5.4 and 5.6).
func (sc *scanner) sequence(s string) int {
	kind, n := introducer(s)
	switch kind {
	case 0:
		return 0
	case '[':
		return csi(s, n)
	case esc:
		return escape(s, n)
	}
	return sc.controlString(s, n)
}

// introducer recognises the 7-bit and the 8-bit (UTF-8 coded and raw) forms of
// CSI and of what opens a control string. Any other escape is of kind esc.
func introducer(s string) (kind byte, n int) {
	switch {
	case s[0] == esc && len(s) > 1 && opens(s[1]):
		return s[1], 2
	case s[0] == esc:
		return esc, 1
	case s[0] == 0xc2 && len(s) > 1 && opens8(s[1]):
		return s[1] - 0x40, 2
	case opens8(s[0]):
		return s[0] - 0x40, 1
	}
	return 0, 0
}

// opens tells CSI, DCS, OSC, SOS, PM and APC by the byte after the escape; the
// 8-bit form of each is one byte, 0x40 above it.
func opens(c byte) bool { return strings.IndexByte("[P]X^_", c) >= 0 }

func opens8(c byte) bool { return c >= 0x80 && c < 0xa0 && opens(c-0x40) }

func csi(s string, i int) int {
	for i < len(s) && s[i] >= 0x20 && s[i] < 0x40 {
		i++
	}
	if i < len(s) && s[i] >= 0x40 && s[i] < 0x7f {
		i++
	}
	return i
}

// controlString ends at ST or BEL. Without an end only the introducer is
// taken, so that one stray byte does not swallow a whole text.
func (sc *scanner) controlString(s string, start int) int {
	if sc.endless {
		return start
	}
	for i := start; i < len(s); i++ {
		if n := terminator(s[i:]); n > 0 {
			return i + n
		}
	}
	sc.endless = true
	return start
}

func terminator(s string) int {
	switch {
	case s[0] == 0x07:
		return 1
	case strings.HasPrefix(s, "\x1b\\"), strings.HasPrefix(s, "\u009c"):
		return 2
	}
	return 0
}

func escape(s string, i int) int {
	for i < len(s) && s[i] >= 0x20 && s[i] < 0x30 {
		i++
	}
	if i < len(s) && s[i] >= 0x30 && s[i] < 0x7f {
		i++
	}
	return i
}

// Package text makes foreign text safe for a terminal and formats bytes, ages
// and short names. It imports the standard library and go-humanize.
package text

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Clean makes text from a registry safe to draw on one line: escape sequences
// (CSI, OSC, DCS, APC, PM, SOS), control characters, line breaks, bidi controls,
// invisible format characters and invalid UTF-8 are taken out or shown as
// U+FFFD; runs of line breaks and tabs become one space.
func Clean(s string) string {
	if isPlain(s) {
		return s
	}
	return clean(s, false)
}

// CleanLines is Clean for text of several lines: '\n' stays, a tab becomes four
// spaces.
func CleanLines(s string) string {
	if isPlain(s) {
		return s
	}
	return clean(s, true)
}

func isPlain(s string) bool {
	for i := range len(s) {
		if s[i] < 0x20 || s[i] >= 0x7f {
			return false
		}
	}
	return true
}

func clean(s string, lines bool) string {
	var b strings.Builder
	b.Grow(len(s))
	for i := 0; i < len(s); {
		if n := sequence(s[i:]); n > 0 {
			i += n
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		i += n
		switch {
		case r == '\n' && lines:
			b.WriteByte('\n')
		case r == '\t' && lines:
			b.WriteString("    ")
		case r == '\n' || r == '\t' || r == '\u2028' || r == '\u2029' || r == '\u0085':
			if t := b.String(); t != "" && !strings.HasSuffix(t, " ") {
				b.WriteByte(' ')
			}
		case r == '\r', r == '\u200d' && !lines:
		case r == utf8.RuneError && n == 1:
			b.WriteRune(utf8.RuneError)
		case unsafeRune(r):
		default:
			b.WriteRune(r)
		}
	}
	return b.String()
}

// unsafeRune tells control characters, format characters (bidi overrides and
// isolates, zero-width ones, tags) and what no terminal has a width for.
func unsafeRune(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs, unicode.Noncharacter_Code_Point) ||
		r == '\u034f' || r == '\u115f' || r == '\u1160' || r == '\u3164' || r == '\uffa0' || variation(r)
}

func variation(r rune) bool { return r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef }

// sequence is the length of the escape sequence that s starts with, 0 if none
// (ECMA-48, sections 5.4 and 5.6).
func sequence(s string) int {
	kind, n := introducer(s)
	switch kind {
	case '[':
		return csi(s, n)
	case 'P', ']', 'X', '^', '_':
		return controlString(s, n)
	case 'e':
		return escape(s, n)
	}
	return 0
}

// introducer recognises the 7-bit and the 8-bit (UTF-8 coded and raw) forms.
func introducer(s string) (kind byte, n int) {
	c1 := func(c byte) byte {
		switch c {
		case 0x90:
			return 'P'
		case 0x98:
			return 'X'
		case 0x9b:
			return '['
		case 0x9d:
			return ']'
		case 0x9e:
			return '^'
		case 0x9f:
			return '_'
		}
		return 0
	}
	switch {
	case s[0] == 0x1b && len(s) > 1 && strings.IndexByte("[P]X^_", s[1]) >= 0:
		return s[1], 2
	case s[0] == 0x1b:
		return 'e', 1
	case s[0] == 0xc2 && len(s) > 1 && c1(s[1]) != 0:
		return c1(s[1]), 2
	case c1(s[0]) != 0:
		return c1(s[0]), 1
	}
	return 0, 0
}

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
func controlString(s string, start int) int {
	for i := start; i < len(s); i++ {
		switch {
		case s[i] == 0x07:
			return i + 1
		case s[i] == 0x1b && i+1 < len(s) && s[i+1] == '\\':
			return i + 2
		case s[i] == 0xc2 && i+1 < len(s) && s[i+1] == 0x9c:
			return i + 2
		}
	}
	return start
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

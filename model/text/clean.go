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
	var escapes scanner
	for i := 0; i < len(s); {
		if n := escapes.sequence(s[i:]); n > 0 {
			i += n
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:]) // invalid bytes decode to U+FFFD, which stays
		i += n
		switch {
		case isBreak(r):
			writeBreak(&b, r, lines)
		case !unsafeRune(r):
			b.WriteRune(r)
		}
	}
	return b.String()
}

func isBreak(r rune) bool {
	switch r {
	case '\n', '\t', '\u0085', '\u2028', '\u2029':
		return true
	}
	return false
}

func writeBreak(b *strings.Builder, r rune, lines bool) {
	switch t := b.String(); {
	case lines && r == '\n':
		b.WriteByte('\n')
	case lines && r == '\t':
		b.WriteString("    ")
	case t != "" && !strings.HasSuffix(t, " "):
		b.WriteByte(' ')
	}
}

// unsafeRune tells control characters, format characters (bidi overrides and
// isolates, zero-width ones, tags) and what no terminal has a width for.
func unsafeRune(r rune) bool {
	return unicode.IsControl(r) || unicode.In(r, unicode.Cf, unicode.Co, unicode.Cs, unicode.Noncharacter_Code_Point) ||
		r == '\u034f' || r == '\u115f' || r == '\u1160' || r == '\u3164' || r == '\uffa0' || variation(r)
}

func variation(r rune) bool { return r >= 0xfe00 && r <= 0xfe0f || r >= 0xe0100 && r <= 0xe01ef }

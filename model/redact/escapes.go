package redact

import (
	"regexp"
	"strconv"
	"strings"
)

// layers is how often text may have been escaped: JSON within a form within JSON.
const layers = 3

// escape is one letter of text as JSON, percent-encoding and XML write it; the
// backslash of a sign is lost where a header's quotes are taken off.
var escape = regexp.MustCompile(`\\+u00[0-7][0-9A-Fa-f]|\\+x[0-7][0-9A-Fa-f]|u00(?:2[267]|3[AaCcDdEe])` +
	`|\\+/|\\+[nrt]|%[0-7][0-9A-Fa-f]|&(?:lt|gt|quot|apos|amp|#[0-9]{2,3}|#[xX][0-7][0-9A-Fa-f]);`)

// unescaped hides what is a secret only once the letters of s are read as they are
// meant: pass\u0077ord, https%3A%2F%2Fuser%3Asecret%40host. Where it finds one, the text
// is left without its escapes.
func unescaped(s string) string {
	plain := s
	for range layers {
		before := plain
		for _, blanks := range []bool{false, true} {
			next := unescape(plain, blanks)
			if next == plain {
				continue
			}
			if plain = once(next); plain != next {
				s = plain
			}
		}
		if plain == before {
			break
		}
	}
	return s
}

// unescape takes one layer of escapes off. Blanks and ends of lines, which become
// blanks, stay where a value must not end at them. Nothing else that is no printable
// letter comes out of it: the text may have been made safe for a terminal.
func unescape(s string, blanks bool) string {
	if !strings.ContainsAny(s, `\%&`) && !strings.Contains(s, "u00") {
		return s
	}
	return escape.ReplaceAllStringFunc(s, func(m string) string {
		switch c := letterOf(m); {
		case c > ' ' && c <= '~':
			return string(rune(c))
		case blanks && strings.IndexByte(" \t\r\n", c) >= 0:
			return " "
		}
		return m
	})
}

// letterOf is the letter that m stands for, 0 if it is none.
func letterOf(m string) byte {
	if m[0] == '&' {
		return entity(m[1 : len(m)-1])
	}
	if m[0] == '%' {
		return number(m[1:], 16)
	}
	switch rest := strings.TrimLeft(m, `\`); rest[0] {
	case 'n', 'r', 't':
		return ' '
	case '/':
		return '/'
	default:
		return number(rest[1:], 16)
	}
}

// entity is the letter of a name between & and ; in XML.
func entity(name string) byte {
	switch name {
	case "lt":
		return '<'
	case "gt":
		return '>'
	case "quot":
		return '"'
	case "apos":
		return '\''
	case "amp":
		return '&'
	}
	if hex := name[1:]; hex[0] == 'x' || hex[0] == 'X' {
		return number(hex[1:], 16)
	}
	return number(name[1:], 10)
}

func number(digits string, base int) byte {
	n, err := strconv.ParseUint(digits, base, 8)
	if err != nil {
		return 0
	}
	return byte(n)
}

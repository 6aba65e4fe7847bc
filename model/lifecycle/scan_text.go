package lifecycle

import (
	"encoding/json"
	"unicode/utf8"
)

// text reads a string.
func (s *scanner) text() node {
	start := s.i
	for s.i++; s.i < len(s.s); {
		switch c := s.s[s.i]; {
		case c == '"':
			s.i++
			return s.decode(Span{start, s.i})
		case c == '\\':
			s.i = min(s.i+2, len(s.s))
		case c < 0x20:
			return s.fail(Span{start, s.i}, "the string has no end on its line, or a control character in it")
		default:
			r, n := utf8.DecodeRuneInString(s.s[s.i:])
			if r == utf8.RuneError && n == 1 {
				return s.fail(Span{s.i, s.i + 1}, "the text is not UTF-8")
			}
			s.i += n
		}
	}
	return s.fail(Span{start, len(s.s)}, "the string has no end")
}

func (s *scanner) decode(at Span) node {
	n := node{kind: isString, span: at}
	if err := json.Unmarshal([]byte(s.s[at.From:at.To]), &n.text); err != nil {
		return s.fail(at, "the string has an escape that JSON does not know")
	}
	return n
}

// number reads a number as it is written.
func (s *scanner) number() node {
	start := s.i
	for s.i < len(s.s) && isNumeric(s.s[s.i]) {
		s.i++
	}
	at := Span{start, s.i}
	if !json.Valid([]byte(s.s[start:s.i])) {
		return s.fail(at, "this is no number of JSON")
	}
	return node{kind: isNumber, span: at, text: s.s[start:s.i]}
}

func isNumeric(c byte) bool {
	return c >= '0' && c <= '9' || c == '-' || c == '+' || c == '.' || isLetter(c)
}

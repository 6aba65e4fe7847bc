package lifecycle

import (
	"strings"
	"unicode/utf8"
)

// notJSON is what AWS says of a text that is not JSON.
const notJSON = "Could not map policyString into LifecyclePolicy."

// deepest is more than the five levels of a policy.
const deepest = 16

// scanner reads JSON strictly, and past what people leave in it by mistake:
// comments, trailing commas and a byte order mark are violations that do not
// hide the others.
type scanner struct {
	*report

	s      string
	i      int
	depth  int
	failed bool // reading ended where it stands; there is a violation for it
}

// scan reads the whole text as one value.
func scan(r *report) (root node, ok bool) {
	s := &scanner{report: r, s: r.source}
	if strings.HasPrefix(s.s, "\ufeff") {
		s.wrong(Span{0, 3}, "the text begins with a byte order mark; remove it")
		s.i = 3
	}
	s.space()
	root = s.value()
	s.space()
	if !s.failed && s.i < len(s.s) {
		s.fail(Span{s.i, len(s.s)}, "something follows the policy")
	}
	return root, !s.failed
}

// wrong is a violation after which reading goes on.
func (s *scanner) wrong(at Span, detail string) { s.aws(at, notJSON, detail) }

// fail is one after which it does not.
func (s *scanner) fail(at Span, detail string) node {
	if !s.failed {
		s.wrong(at, detail)
	}
	s.failed = true
	return node{span: at}
}

// here is the character at hand, of no length at the end.
func (s *scanner) here() Span {
	_, n := utf8.DecodeRuneInString(s.s[s.i:])
	return Span{s.i, s.i + n}
}

func (s *scanner) peek() byte {
	if s.i < len(s.s) {
		return s.s[s.i]
	}
	return 0
}

// space skips white space and comments.
func (s *scanner) space() {
	for s.i < len(s.s) {
		switch c := s.s[s.i]; {
		case c == ' ' || c == '\t' || c == '\n' || c == '\r':
			s.i++
		case c == '#' || strings.HasPrefix(s.s[s.i:], "//") || strings.HasPrefix(s.s[s.i:], "/*"):
			s.comment()
		default:
			return
		}
	}
}

func (s *scanner) comment() {
	start, end := s.i, "\n"
	if strings.HasPrefix(s.s[s.i:], "/*") {
		end = "*/"
		s.i += 2
	}
	n := strings.Index(s.s[s.i:], end)
	switch {
	case n < 0:
		s.i = len(s.s)
	case end == "\n":
		s.i += n
	default:
		s.i += n + len(end)
	}
	s.wrong(Span{start, s.i}, "JSON has no comments")
}

// value reads any value; white space before it is skipped already.
func (s *scanner) value() node {
	switch c := s.peek(); {
	case s.i >= len(s.s):
		return s.fail(s.here(), "the text ends where a value is wanted")
	case c == '{':
		return s.nested(s.object)
	case c == '[':
		return s.nested(s.array)
	case c == '"':
		return s.text()
	case c == '-' || c >= '0' && c <= '9':
		return s.number()
	}
	return s.word()
}

func (s *scanner) nested(read func() node) node {
	if s.depth++; s.depth > deepest {
		return s.fail(s.here(), "nested too deep")
	}
	defer func() { s.depth-- }()
	return read()
}

// word reads true, false and null.
func (s *scanner) word() node {
	start := s.i
	for s.i < len(s.s) && isLetter(s.s[s.i]) {
		s.i++
	}
	at := Span{start, s.i}
	switch s.s[start:s.i] {
	case "true", "false":
		return node{kind: isBool, span: at}
	case "null":
		return node{kind: isNull, span: at}
	case "":
		return s.fail(s.here(), "a value is wanted here")
	}
	return s.fail(at, "a value is wanted here; strings stand in double quotes")
}

func isLetter(c byte) bool { return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' }

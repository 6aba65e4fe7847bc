package query

import (
	"fmt"
	"strings"
)

// Span is a half-open range of bytes in the text of a query.
type Span struct{ From, To int }

// Error says what is wrong with a query, and where.
type Error struct {
	Span    Span
	Message string
}

// Error implements error.
func (e *Error) Error() string { return e.Message }

func errorAt(from, to int, format string, args ...any) *Error {
	return &Error{Span: Span{from, to}, Message: fmt.Sprintf(format, args...)}
}

// term is one condition as written: [!]field op value, or just [!]value.
type term struct {
	span  Span
	not   bool
	fuzzy bool
	field string
	op    string // "", ":", "=", ">", ">=", "<", "<="
	value string
	exact bool // the value was quoted
}

// parse splits a query into alternatives of terms that must all hold.
func parse(s string) ([][]term, *Error) {
	alternatives := [][]term{nil}
	fuzzy := false
	for i := 0; i < len(s); {
		switch {
		case s[i] == ' ':
			i++
			continue
		case s[i] == '|':
			alternatives = append(alternatives, nil)
			i++
			continue
		case strings.HasPrefix(s[i:], "-f ") || s[i:] == "-f":
			fuzzy = true
			i += 2
			continue
		}
		t, next, err := parseTerm(s, i)
		if err != nil {
			return nil, err
		}
		t.fuzzy = fuzzy && t.field == ""
		last := len(alternatives) - 1
		alternatives[last] = append(alternatives[last], t)
		i = next
	}
	return alternatives, nil
}

func parseTerm(s string, start int) (term, int, *Error) {
	t := term{}
	i := start
	for i < len(s) && s[i] == '!' {
		t.not = !t.not
		i++
	}
	if n := fieldLength(s[i:]); n > 0 {
		t.field = s[i : i+n]
		i += n
		t.op = operator(s[i:])
		i += len(t.op)
	}
	value, next, quoted, err := parseValue(s, i)
	if err != nil {
		return t, 0, err
	}
	t.value, t.exact, t.span = value, quoted, Span{start, next}
	if t.value == "" && !quoted && t.field != "" {
		return t, 0, errorAt(start, next, "%s%s wants a value", t.field, t.op)
	}
	return t, next, nil
}

// fieldLength is the length of the field name that s starts with, if an
// operator follows it.
func fieldLength(s string) int {
	n := 0
	for n < len(s) && (s[n] >= 'a' && s[n] <= 'z' || s[n] >= 'A' && s[n] <= 'Z') {
		n++
	}
	if n == 0 || operator(s[n:]) == "" {
		return 0
	}
	return n
}

func operator(s string) string {
	for _, op := range []string{">=", "<=", ">", "<", "=", ":"} {
		if strings.HasPrefix(s, op) {
			return op
		}
	}
	return ""
}

func parseValue(s string, i int) (value string, next int, quoted bool, err *Error) {
	if i < len(s) && s[i] == '"' {
		end := strings.IndexByte(s[i+1:], '"')
		if end < 0 {
			return "", 0, false, errorAt(i, len(s), "the quote has no end")
		}
		return s[i+1 : i+1+end], i + end + 2, true, nil
	}
	next = i
	for next < len(s) && s[next] != ' ' && s[next] != '|' {
		next++
	}
	return s[i:next], next, false, nil
}

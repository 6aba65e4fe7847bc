package redact

import (
	"regexp"
	"strings"
)

// canonical is a header as it is mostly written: Private-Token, PRIVATE-TOKEN.
var canonical = regexp.MustCompile(`^[A-Z][A-Za-z0-9]*(?:-[A-Z][A-Za-z0-9]*)+$`)

// wholeHeader tells the headers that a secret is the whole value of, whatever word it
// begins with: the name of a scheme is any.
func wholeHeader(name string, sep separator) bool {
	if sep.kind != ':' || sep.quoted {
		return false
	}
	plain := plainName(name)
	return strings.HasSuffix(plain, "authorization") || strings.HasSuffix(plain, "cookie") ||
		len(name) > 2 && strings.EqualFold(name[:2], "x-") || canonical.MatchString(name) && !sep.tight
}

// valueOfHeader is where the value of a header stands that begins at from, and
// whether it is to be hidden; start is where its name does.
func valueOfHeader(s string, start, from int) (int, int, bool) {
	if at := fold(s, from); at > from {
		from = at
	}
	to := endOfHeader(s, start, from)
	value := s[from:to]
	first, _, _ := strings.Cut(value, " ")
	return from, to, !harmlessValue(first) && !prose(value)
}

// endOfHeader is the end of the line, with those that are folded under it, unless the
// end is plain before: a quote around the header, or the one word after a scheme.
func endOfHeader(s string, start, from int) int {
	end := endOfLine(s, from)
	for at := fold(s, end); at > end; at = fold(s, end) {
		end = endOfLine(s, at)
	}
	value := s[from:end]
	if i := strings.LastIndexAny(s[:start], "\"'`") + 1; i == start && i > 0 {
		q := s[len(strings.TrimRight(s[:start-1], `\`)):start]
		if closed := closeQuote(s, q, from); closed < end && len(strings.Fields(s[from:closed])) <= 2 {
			return closed
		}
	}
	if words := strings.Fields(value); len(words) > 2 && oneWord(words[0]) && !startsLine(s, start) &&
		!strings.ContainsAny(words[1], ",=") {
		return from + strings.Index(value[len(words[0]):], words[1]) + len(words[0]) + len(words[1])
	}
	return from + len(strings.TrimRight(value, " \t\r\n"))
}

// oneWord tells the schemes that one word follows.
func oneWord(scheme string) bool {
	return strings.EqualFold(scheme, "basic") || strings.EqualFold(scheme, "bearer")
}

func endOfLine(s string, from int) int {
	if i := strings.IndexAny(s[from:], "\r\n"); i >= 0 {
		return from + i
	}
	return len(s)
}

// fold is where the text of the next line begins if it goes on from i: a header goes
// on where a line begins with a blank.
func fold(s string, i int) int {
	at := i
	if at < len(s) && s[at] == '\r' {
		at++
	}
	if at >= len(s) || s[at] != '\n' {
		return i
	}
	next := blanks(s, at+1)
	if next == at+1 || next == len(s) {
		return i
	}
	return next
}

// prose tells a sentence about a header, of which every word is known, from its
// value.
func prose(value string) bool {
	for word := range strings.FieldsSeq(value) {
		if !saying(word) && !status.MatchString(word) {
			return false
		}
	}
	return true
}

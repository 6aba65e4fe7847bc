package redact

import (
	"regexp"
	"strings"
)

// separator is what stands between a name and its value.
type separator struct {
	kind   byte // '=', ':', ' ' for blanks alone, 0 for none
	end    int  // where the value begins
	quoted bool // the name was in quotes
	tight  bool // nothing stands around the sign
}

// separatorAt reads the separator after a name that ends at i, with the quote
// that closes the name: `": `, `\":`, ` = `, `: `, a tab.
func separatorAt(s string, i int) separator {
	sep := separator{tight: true}
	if q, after := quoteAt(s, i); q != "" {
		sep.quoted, i = true, after
	} else if i < len(s) && s[i] == ']' {
		i++
	}
	at := blanks(s, i)
	switch {
	case at < len(s) && (s[at] == '=' || s[at] == ':'):
		sep.sign(s, i, at)
	case at > i && !sep.quoted:
		sep.kind, sep.end, sep.tight = ' ', at, false
	}
	return sep
}

// sign takes in the sign at at, which may be one of two letters: ":=", "=>".
func (sep *separator) sign(s string, i, at int) {
	sep.kind, sep.end = s[at], at+1
	if sep.end < len(s) && (s[sep.end] == '=' || s[sep.end] == '>') {
		sep.kind, sep.end = '=', sep.end+1
	}
	next := blanks(s, sep.end)
	sep.tight = at == i && next == sep.end
	sep.end = next
}

func blanks(s string, i int) int {
	for i < len(s) && (s[i] == ' ' || s[i] == '\t') {
		i++
	}
	return i
}

// quoteAt is the quote at i with the backslashes before it, as text that was
// quoted more than once has it, and where what it encloses begins.
func quoteAt(s string, i int) (quote string, inner int) {
	at := i
	for at < len(s) && s[at] == '\\' {
		at++
	}
	if at == len(s) || s[at] != '"' && s[at] != '\'' && s[at] != '`' {
		return "", i
	}
	return s[i : at+1], at + 1
}

// closeQuote is where the text that began at i with quote ends. A quote that is
// escaped once more than the opening one is within it. What follows without a
// blank belongs to it in a shell: 'it'\\”s'. Without an end everything belongs.
func closeQuote(s, quote string, i int) int {
	sign, level := quote[len(quote)-1], len(quote)-1
	for slashes := 0; i < len(s); i++ {
		switch {
		case s[i] == '\\':
			slashes++
			continue
		case s[i] == sign && closes(slashes, level, sign):
			if end := i - min(level, slashes); !continued(s, i+1, sign) {
				return end
			}
		}
		slashes = 0
	}
	return len(s)
}

func closes(slashes, level int, sign byte) bool {
	if sign == '`' {
		return true
	}
	return slashes%(2*(level+1)) == level
}

// continued tells a value that goes on after its quote: 'ab'\\”cd', "ab"cd, and
// the doubled quotes of YAML.
func continued(s string, i int, sign byte) bool {
	if i >= len(s) {
		return false
	}
	return s[i] == sign && sign == '\'' || wordByte(s[i]) || sign == '\'' && strings.HasPrefix(s[i:], `\'`)
}

// assignment is the beginning of the next pair: " name=", " name: ".
var assignment = regexp.MustCompile(`[ \t]+"?[A-Za-z][A-Za-z0-9_.-]*"?[ \t]*(?:=|:[ \t])`)

// bareEnd is where a value without quotes ends: at the next blank or, where its
// name begins the line, at the end of the line or before the next pair.
func bareEnd(s, name string, from int, line bool) int {
	rest := s[from:]
	if i := strings.IndexAny(rest, "\r\n"); i >= 0 {
		rest = rest[:i]
	}
	if line {
		if m := assignment.FindStringIndex(rest); m != nil && m[0] > 0 && !header(name) {
			rest = rest[:m[0]]
		}
		return from + len(strings.TrimRight(rest, " \t"))
	}
	end := word(rest, 0)
	if !header(name) {
		return from + end
	}
	for schemeName(rest[:end]) || strings.HasSuffix(rest[:end], ",") || strings.HasSuffix(rest[:end], ";") {
		next := word(rest, blanks(rest, end))
		if next == end {
			break
		}
		end = next
		if strings.LastIndexByte(rest[:end], ' ') < 0 {
			break
		}
	}
	return from + end
}

// word is where the run of letters ends that begins at i.
func word(s string, i int) int {
	for i < len(s) && s[i] != ' ' && s[i] != '\t' {
		i++
	}
	return i
}

func schemeName(s string) bool {
	switch strings.ToLower(s) {
	case "basic", "bearer", "digest", "negotiate", "token", "aws4-hmac-sha256", "ntlm":
		return true
	}
	return false
}

// startsLine reports whether nothing but blanks, a quote, a dash or "export"
// stands before i on its line.
func startsLine(s string, i int) bool {
	before := s[strings.LastIndexAny(s[:i], "\r\n")+1 : i]
	before = strings.Trim(before, " \t\"'`-{>\\")
	return before == "" || before == "export" || before == "set" || strings.HasSuffix(before, "$env:")
}

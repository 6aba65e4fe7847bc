package redact

import (
	"regexp"
	"slices"
	"strings"
)

// field is a field that has the name or the value of something, "name": , Value=, and
// where it stands.
type field struct {
	start, from, to, end int // with its label, what is in it, with its quotes
	name                 bool
}

// fields hides the values that stand beside the names of secrets in fields of their
// own: {"name":"password","value":"…"}, <name>password</name><value>…, in either order.
func fields(s string) string {
	found := fieldsOf(s)
	hide := make([]bool, len(found))
	for i, f := range found {
		if !f.name || !nameOfSecret(s[f.from:f.to]) {
			continue
		}
		for _, j := range []int{i - 1, i + 1} {
			if j >= 0 && j < len(found) && !found[j].name && together(s, found[min(i, j)], found[max(i, j)]) {
				hide[j] = true
			}
		}
	}
	var b strings.Builder
	done := 0
	for i, f := range found {
		if !hide[i] || harmlessValue(s[f.from:f.to]) {
			continue
		}
		b.WriteString(s[done:f.from])
		b.WriteString(Hidden)
		done = f.to
	}
	return b.String() + s[done:]
}

func fieldsOf(s string) []field {
	var found []field
	for at := 0; at < len(s); {
		i := strings.IndexAny(s[at:], ":=>")
		if i < 0 {
			break
		}
		f, ok := fieldAt(s, at, at+i)
		at += i + 1
		if !ok {
			continue
		}
		if q, inner := quoteAt(s, f.from); q != "" {
			f.from, f.to = inner, closeQuote(s, q, inner)
			f.end = min(len(s), f.to+len(q))
		} else {
			f.to = bareField(s, f.from)
			f.end = f.to
		}
		found, at = append(found, f), max(f.end, at)
	}
	return found
}

// fieldAt is the field whose label, which begins after done, ends with the sign at i,
// without what is in it.
func fieldAt(s string, done, i int) (field, bool) {
	end := len(strings.TrimRight(s[:i], " \t\"'`\\"))
	start := end
	for start > done && wordByte(s[start-1]) {
		start--
	}
	if end <= done || start == end || start > 0 && s[start-1] == '/' { // the end of an element
		return field{}, false
	}
	from := len(s) - len(strings.TrimLeft(s[i+1:], " \t\r\n"))
	f := field{start: start, from: from, name: endsWith(s[start:end], namings()...)}
	return f, f.name || endsWith(s[start:end], "value", "val", "data", "content", "default")
}

// namings are what the labels of names end with.
func namings() []string { return []string{"name", "key", "variable", "parameter", "field"} }

func endsWith(label string, endings ...string) bool {
	return slices.ContainsFunc(endings, func(end string) bool {
		return len(label) >= len(end) && strings.EqualFold(label[len(label)-len(end):], end)
	})
}

// bareField is where a field without quotes ends, which may be a list.
func bareField(s string, from int) int {
	stop := ",;}]< \t\r\n"
	if strings.HasPrefix(s[from:], "[") {
		stop = "]"
	}
	if i := strings.IndexAny(s[from:], stop); i >= 0 {
		return from + i
	}
	return len(s)
}

var apart = regexp.MustCompile(`\}|\n\s*-|\n\s*\n`)

// together tells two fields of one object from those of two.
func together(s string, first, second field) bool {
	return first.end <= second.start && !apart.MatchString(s[first.end:second.start])
}

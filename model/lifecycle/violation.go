package lifecycle

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"

	"regatta/model/text"
)

// Span is a half-open range of bytes in the text of a policy.
type Span struct{ From, To int }

// Violation is something that ECR would not accept, and where it is.
type Violation struct {
	Span    Span
	Line    int    // from 1
	Column  int    // in characters, from 1
	Text    string // what stands there: the start of it, safe for a terminal
	Message string // in AWS's words where FromAWS, else in ours
	Detail  string // what exactly is wrong, where the message does not tell; may be empty
	FromAWS bool
}

// String is the message with its detail: "array is too short (at least 1 rule)".
func (v Violation) String() string {
	if v.Detail == "" {
		return v.Message
	}
	return v.Message + " (" + v.Detail + ")"
}

// report collects violations in any order.
type report struct {
	source string
	found  []Violation
}

// own adds a violation in our words.
func (r *report) own(at Span, message string) {
	r.found = append(r.found, Violation{Span: at, Message: message})
}

// aws adds one in AWS's words.
func (r *report) aws(at Span, message, detail string) {
	r.found = append(r.found, Violation{Span: at, Message: message, Detail: detail, FromAWS: true})
}

// sorted is all violations by their place, each with line, column and text.
func (r *report) sorted() []Violation {
	slices.SortStableFunc(r.found, func(a, b Violation) int {
		return cmp.Or(cmp.Compare(a.Span.From, b.Span.From), cmp.Compare(a.Span.To, b.Span.To))
	})
	at, line, column := 0, 1, 1
	for i := range r.found {
		v := &r.found[i]
		between := r.source[at:v.Span.From] // counted on, as a long line may have many
		if n := strings.Count(between, "\n"); n > 0 {
			line, column = line+n, 1
			between = between[strings.LastIndexByte(between, '\n')+1:]
		}
		at, column = v.Span.From, column+utf8.RuneCountInString(between)
		v.Line, v.Column, v.Text = line, column, excerpt(r.source[v.Span.From:v.Span.To])
	}
	return r.found
}

// longest is how many characters of the text a violation quotes.
const longest = 40

// excerpt is the first line of s, cut and made safe.
func excerpt(s string) string {
	s, _, _ = strings.Cut(s[:min(len(s), 4*longest)], "\n")
	out := []rune(text.Clean(s))
	if len(out) > longest {
		return string(out[:longest]) + "…"
	}
	return string(out)
}

// shown is foreign text inside a message.
func shown(s string) string { return excerpt(s) }

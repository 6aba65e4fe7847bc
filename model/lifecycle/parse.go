package lifecycle

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"regatta/model/text"
)

// Parse reads the text of a policy. It returns every violation, by place; the
// policy is the zero one if there are any.
func Parse(source string) (Policy, []Violation) {
	r := &report{source: source}
	drafts := r.read()
	if len(r.found) > 0 {
		return Policy{}, r.sorted()
	}
	p := Policy{rules: make([]Rule, 0, len(drafts))}
	for _, d := range drafts {
		p.rules = append(p.rules, d.rule())
	}
	slices.SortFunc(p.rules, func(a, b Rule) int { return cmp.Compare(a.Priority, b.Priority) })
	return p, nil
}

func (r *report) read() []*ruleDraft {
	if strings.TrimSpace(r.source) == "" {
		r.own(Span{}, "the policy is empty")
		return nil
	}
	length := utf8.RuneCountInString(r.source)
	switch {
	case length < MinText:
		r.own(Span{}, fmt.Sprintf("the policy has %s; the least is %d",
			text.Plural(length, "character", "characters"), MinText))
	case length > MaxText:
		r.own(Span{}, fmt.Sprintf("the policy has %s characters; the most is %s", text.Count(length), text.Count(MaxText)))
	}
	if length > 8*MaxText {
		return nil // whatever this is, it is not worth a walk
	}
	root, ok := scan(r)
	if !ok {
		return nil
	}
	drafts := r.root(root)
	for _, d := range drafts {
		r.consistent(d)
	}
	r.together(drafts)
	return drafts
}

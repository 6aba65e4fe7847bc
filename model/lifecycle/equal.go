package lifecycle

import "slices"

// Equal reports whether two policies say the same, descriptions included: the
// order of rules and of tags in a list, white space and defaults do not count.
func (p Policy) Equal(q Policy) bool {
	return slices.EqualFunc(p.rules, q.rules, func(a, b Rule) bool {
		return a.Description == b.Description && a.sameEffect(b)
	})
}

// SameEffect reports whether two policies do the same to every repository as
// far as their rules tell: Equal, whatever the descriptions say.
func (p Policy) SameEffect(q Policy) bool { return slices.EqualFunc(p.rules, q.rules, Rule.sameEffect) }

func (r Rule) sameEffect(o Rule) bool {
	a, b := r.Selection, o.Selection
	return r.Priority == o.Priority && r.Action == o.Action &&
		a.TagStatus == b.TagStatus && a.Class == b.Class && a.CountType == b.CountType && a.CountNumber == b.CountNumber &&
		slices.Equal(set(a.Prefixes), set(b.Prefixes)) && slices.Equal(set(a.Patterns), set(b.Patterns))
}

// SameText reports whether two texts are of policies that mean the same. Texts
// that are no policies only equal themselves.
func SameText(a, b string) bool {
	if a == b {
		return true
	}
	p, wrong := Parse(a)
	q, also := Parse(b)
	return len(wrong) == 0 && len(also) == 0 && p.Equal(q)
}

// Canonical is a policy's text in the form that Policy.Text has, so that texts
// which mean the same are the same. A text that is no policy stays as it is.
func Canonical(text string) string {
	if p, violations := Parse(text); len(violations) == 0 {
		return p.Text()
	}
	return text
}

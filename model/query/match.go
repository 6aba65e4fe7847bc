package query

import "strings"

// textPredicate keeps rows of which one text matches the term.
func textPredicate[T any](each func(*T, func(string) bool) bool, t term) Predicate[T] {
	match := matcher(t)
	return func(v *T) bool { return each(v, match) }
}

func matcher(t term) func(string) bool {
	want := strings.ToLower(t.value)
	switch {
	case t.fuzzy:
		return func(s string) bool { return subsequence(strings.ToLower(s), want) }
	case t.op == "=":
		return func(s string) bool { return strings.EqualFold(s, t.value) }
	case !t.exact && strings.ContainsAny(want, "*?"):
		return func(s string) bool { return Glob(want, strings.ToLower(s)) }
	}
	return func(s string) bool { return strings.Contains(strings.ToLower(s), want) }
}

func subsequence(s, want string) bool {
	for _, r := range want {
		i := strings.IndexRune(s, r)
		if i < 0 {
			return false
		}
		s = s[i+len(string(r)):]
	}
	return true
}

// Glob reports whether the whole of s matches the pattern, in which '*' stands
// for any run of characters and '?' for any one byte. It takes time
// proportional to the product of the lengths at worst.
func Glob(pattern, s string) bool {
	p, i, star, mark := 0, 0, -1, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, mark = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			mark++
			p, i = star+1, mark
		default:
			return false
		}
	}
	for p < len(pattern) && pattern[p] == '*' {
		p++
	}
	return p == len(pattern)
}

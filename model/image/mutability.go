package image

import "strings"

// Mutability says which tags of a repository may be moved once they exist. The
// zero one lets all be moved.
type Mutability struct {
	Immutable bool     // tags may not be moved
	Except    []string // tags for which it is the other way, where * stands for anything
}

// Fixed tells that a tag that exists may not be moved.
func (m Mutability) Fixed(tag string) bool {
	for _, pattern := range m.Except {
		if wild(pattern, tag) {
			return !m.Immutable
		}
	}
	return m.Immutable
}

// String is the setting in words: "immutable but dev-*, latest".
func (m Mutability) String() string {
	word := "mutable"
	if m.Immutable {
		word = "immutable"
	}
	if len(m.Except) == 0 {
		return word
	}
	return word + " but " + strings.Join(m.Except, ", ")
}

// wild matches the whole of s against a pattern in which * stands for anything.
func wild(pattern, s string) bool {
	pieces := strings.Split(pattern, "*")
	last := len(pieces) - 1
	if last == 0 {
		return pattern == s
	}
	rest, ok := strings.CutPrefix(s, pieces[0])
	if !ok {
		return false
	}
	for _, piece := range pieces[1:last] {
		_, after, found := strings.Cut(rest, piece)
		if !found {
			return false
		}
		rest = after
	}
	return strings.HasSuffix(rest, pieces[last])
}

package lifecycle

import (
	"math/bits"
	"strings"
)

// ruleSet is a set of rules of a policy, by their place: MaxRules fit into it.
type ruleSet uint64

// matcher tells which rules' tagging requirements an image meets. Each distinct
// prefix and pattern is tried once for a tag, and only those that may begin as
// it does. It is not safe for concurrent use.
type matcher struct {
	foldCase bool
	patterns []pattern
	byFirst  [256][]int // patterns that begin with a byte
	loose    []int      // those that begin with anything
	needs    [][]int    // by rule: the patterns of a tagged one
	neededBy []ruleSet  // by pattern
	always   ruleSet    // any
	untagged ruleSet

	met   []bool // by pattern, of the image at hand
	dirty []int  // what is set in met
}

func newMatcher(policy Policy, foldCase bool) *matcher {
	m := &matcher{foldCase: foldCase, needs: make([][]int, len(policy.rules))}
	seen := map[string]int{}
	for at, r := range policy.rules {
		switch r.Selection.TagStatus {
		case Any:
			m.always |= 1 << at
		case Untagged:
			m.untagged |= 1 << at
		case Tagged:
			for _, s := range r.Selection.Prefixes {
				m.need(at, seen, "prefix "+s, pattern{prefix: m.fold(s), wildcard: true})
			}
			for _, s := range r.Selection.Patterns {
				m.need(at, seen, "pattern "+s, compilePattern(m.fold(s)))
			}
		}
	}
	m.met = make([]bool, len(m.patterns))
	return m
}

func (m *matcher) need(rule int, seen map[string]int, key string, p pattern) {
	at, ok := seen[key]
	if !ok {
		at = len(m.patterns)
		seen[key] = at
		m.patterns, m.neededBy = append(m.patterns, p), append(m.neededBy, 0)
		if p.prefix == "" {
			m.loose = append(m.loose, at)
		} else {
			m.byFirst[p.prefix[0]] = append(m.byFirst[p.prefix[0]], at)
		}
	}
	m.needs[rule] = append(m.needs[rule], at)
	m.neededBy[at] |= 1 << rule
}

func (m *matcher) fold(s string) string {
	if m.foldCase {
		return strings.ToLower(s)
	}
	return s
}

// match is the rules, of any storage class, whose tagging requirements an image
// with these tags meets.
func (m *matcher) match(tags []string) ruleSet {
	if len(tags) == 0 {
		return m.always | m.untagged
	}
	for _, tag := range tags {
		tag = m.fold(tag)
		if tag != "" {
			m.try(m.byFirst[tag[0]], tag)
		}
		m.try(m.loose, tag)
	}
	found := m.always | m.complete()
	for _, at := range m.dirty {
		m.met[at] = false
	}
	m.dirty = m.dirty[:0]
	return found
}

func (m *matcher) try(candidates []int, tag string) {
	for _, at := range candidates {
		if !m.met[at] && m.patterns[at].match(tag) {
			m.met[at] = true
			m.dirty = append(m.dirty, at)
		}
	}
}

// complete is the rules of which every pattern is met.
func (m *matcher) complete() ruleSet {
	var found ruleSet
	for _, at := range m.dirty {
		found |= m.neededBy[at]
	}
	for rest := found; rest != 0; rest &= rest - 1 {
		rule := bits.TrailingZeros64(uint64(rest))
		for _, at := range m.needs[rule] {
			if !m.met[at] {
				found &^= 1 << rule
			}
		}
	}
	return found
}

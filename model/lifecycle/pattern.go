package lifecycle

import "strings"

// pattern is a prefix or a tag pattern made ready: the literal texts between
// its wildcards. Matching takes the first place for each of them from left to
// right, which is enough and never goes back.
type pattern struct {
	prefix   string
	middle   []string
	suffix   string
	wildcard bool
}

func compilePattern(s string) pattern {
	parts := strings.Split(s, "*")
	if len(parts) == 1 {
		return pattern{prefix: s}
	}
	last := len(parts) - 1
	p := pattern{prefix: parts[0], suffix: parts[last], wildcard: true}
	for _, part := range parts[1:last] {
		if part != "" {
			p.middle = append(p.middle, part)
		}
	}
	return p
}

func (p *pattern) match(tag string) bool {
	if !p.wildcard {
		return tag == p.prefix
	}
	if !strings.HasPrefix(tag, p.prefix) {
		return false
	}
	tag = tag[len(p.prefix):]
	for _, part := range p.middle {
		i := strings.Index(tag, part)
		if i < 0 {
			return false
		}
		tag = tag[i+len(part):]
	}
	return strings.HasSuffix(tag, p.suffix)
}

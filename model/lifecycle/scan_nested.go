package lifecycle

import "fmt"

func (s *scanner) array() node {
	n := node{kind: isArray}
	start := s.i
	n.span = s.entries(']', func() { n.items = append(n.items, s.value()) })
	n.span.From = start
	return n
}

func (s *scanner) object() node {
	n := node{kind: isObject}
	start := s.i
	seen := map[string]bool{}
	n.span = s.entries('}', func() {
		if s.peek() != '"' {
			s.fail(s.here(), "a key in double quotes is wanted here")
			return
		}
		key := s.text()
		s.space()
		if s.failed {
			return
		}
		if s.peek() != ':' {
			s.fail(s.here(), fmt.Sprintf("a colon is wanted after %q", shown(key.text)))
			return
		}
		s.i++
		s.space()
		if seen[key.text] {
			s.own(key.span, fmt.Sprintf("the key %q is there twice", shown(key.text)))
		}
		seen[key.text] = true
		n.members = append(n.members, member{key: key.text, at: key.span, value: s.value()})
	})
	n.span.From = start
	return n
}

// entries reads what stands between brackets and commas.
func (s *scanner) entries(end byte, entry func()) Span {
	s.i++ // the opening bracket
	comma := Span{}
	for first := true; ; first = false {
		s.space()
		if s.peek() == end {
			if comma.To > 0 {
				s.wrong(comma, "nothing follows the comma")
			}
			s.i++
			return Span{To: s.i}
		}
		if !first && comma.To == 0 {
			s.fail(s.here(), s.missing(end))
			return Span{To: s.i}
		}
		entry()
		s.space()
		comma = Span{}
		if s.failed {
			return Span{To: s.i}
		}
		if s.peek() == ',' {
			comma = s.here()
			s.i++
		}
	}
}

func (s *scanner) missing(end byte) string {
	if s.i >= len(s.s) {
		return fmt.Sprintf("the text ends where a comma or %c is wanted", end)
	}
	return fmt.Sprintf("a comma or %c is wanted here", end)
}

package compare

import (
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/kit"
)

const (
	headHeight = 2              // the two references
	above      = headHeight + 2 // and the tabs with a gap
)

// View implements kit.Screen.
func (s *Screen) View(width, height int) string {
	look := s.com.Look
	return s.side(width, -1, s.wire.From, s.index.From) + "\n" + s.side(width, 1, s.wire.To, s.index.To) + "\n" +
		s.tabLine().Draw(look, width) + "\n" + look.Line(width) + "\n" + s.body(width, height-above)
}

// side names one of the two.
func (s *Screen) side(width, side int, r ref.Reference, d ref.Digest) string {
	name := r.Repository
	if r.Host != s.wire.Context.Host {
		name = r.Host + "/" + name
	}
	if r.Tag != "" {
		name += ":" + r.Tag
	}
	if d == "" {
		d = r.Digest
	}
	return s.com.Look.Line(width, sign(side), kit.Span{Role: theme.Strong, Text: name},
		kit.Span{Role: theme.Dim, Text: "  " + d.Short()})
}

func (s *Screen) body(width, height int) string {
	look := s.com.Look
	fail := func(err error) string {
		return look.Message(width, height, kit.Span{Role: theme.Danger, Text: err.Error()},
			kit.Span{Role: theme.Text, Text: kit.Advice(err)})
	}
	switch {
	case s.err != nil:
		return fail(s.err)
	case !s.ready:
		return look.Message(width, height, kit.Span{Role: theme.Dim, Text: "reading both images …"})
	}
	if p, begun := s.current(); begun {
		switch {
		case p.err != nil:
			return fail(p.err)
		case !p.done:
			return look.Message(width, height, kit.Span{Role: theme.Dim, Text: "reading " + s.tabs[s.tab].name + " of both …"})
		}
	}
	return s.view.View(look)
}

// Status implements kit.Reporter.
func (s *Screen) Status() kit.Status {
	p, begun := s.current()
	switch {
	case s.err != nil:
		return kit.Status{Err: s.err}
	case begun && p.err != nil:
		return kit.Status{Err: p.err}
	}
	line := "comparing"
	if i, ok := s.image(); s.ready && ok && i.Platform != "" {
		line = i.Platform
		if n := len(s.index.Images); n > 1 {
			line += ", " + text.Count(s.platform+1) + " of " + text.Count(n) + " platforms"
		}
	}
	return kit.Status{Text: line, Busy: !s.ready || begun && !p.done}
}

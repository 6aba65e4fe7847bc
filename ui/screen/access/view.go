package access

import (
	"strings"

	"regatta/model/access"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/textview"
	"regatta/ui/kit"
)

// View implements kit.Screen.
func (s *Screen) View(width, height int) string {
	look := s.com.Look
	return s.tabLine().Draw(look, width) + "\n" + look.Line(width) + "\n" + s.body(width, height-above)
}

func (s *Screen) body(width, height int) string {
	look := s.com.Look
	if err := s.tabErr(); err != nil {
		return look.Message(width, height, kit.Span{Role: theme.Danger, Text: err.Error()},
			kit.Span{Role: theme.Text, Text: kit.Advice(err)})
	}
	switch {
	case s.tab == tabSettings && !s.setRead, s.tab != tabSettings && !s.judged:
		return look.Message(width, height, kit.Span{Role: theme.Dim, Text: "reading policies and settings …"})
	case s.tab == tabWho && len(s.rows) == 0:
		return look.Message(width, height, s.nobody()...)
	case s.tab == tabWho:
		return s.list.Draw(width, max(0, height-footHeight)) + "\n" + s.foot(width)
	case s.tab == tabRepository && s.report.Repository.Text == "":
		return look.Message(width, height, kit.Span{Role: theme.Dim, Text: "The repository has no policy."})
	case s.tab == tabRegistry && s.report.Registry.Text == "":
		return look.Message(width, height, kit.Span{Role: theme.Dim, Text: "The registry has no policy."})
	}
	return s.texts[s.tab].View(look)
}

// tabErr is what keeps the tab from showing anything. A policy that is no JSON
// is shown as it is written.
func (s *Screen) tabErr() error {
	switch r := s.report; s.tab {
	case tabSettings:
		return s.setErr
	case tabRepository:
		return unlessWritten(r.Repository)
	case tabRegistry:
		return unlessWritten(r.Registry)
	case tabWho:
		if r.Repository.Err != nil && r.Registry.Err != nil {
			return r.Repository.Err
		}
	}
	return nil
}

func unlessWritten(w access.Written) error {
	if w.Text != "" {
		return nil
	}
	return w.Err
}

func (s *Screen) nobody() []kit.Span {
	out := []kit.Span{
		{Role: theme.Dim, Text: "No policy names anyone for " + s.wire.Repository + "."},
		{Role: theme.Dim, Text: s.within()},
	}
	if err := s.unread(); err != nil {
		out[0] = kit.Span{Role: theme.Warn, Text: "Not every policy could be read: " + text.Clean(err.Error())}
	}
	return out
}

// within is what no policy of a registry says.
func (s *Screen) within() string {
	return "Identities of the account " + s.wire.Account + " may what their own IAM policies allow."
}

// unread is why a policy is not known.
func (s *Screen) unread() error {
	if err := s.report.Repository.Err; err != nil {
		return err
	}
	return s.report.Registry.Err
}

// footHeight is how many lines there are under the table.
const footHeight = 5

// foot is what the row says in full.
func (s *Screen) foot(width int) string {
	p := kit.NewPane(s.com.Look, width)
	p.Gap()
	if r := s.current(); r != nil {
		p.Text(theme.Strong, text.Clean(r.Name()))
		if len(r.Conditions) > 0 {
			p.Text(theme.Warn, "if "+text.Clean(strings.Join(r.Conditions, ", ")))
		}
	}
	if err := s.unread(); err != nil {
		p.Text(theme.Warn, "! "+text.Clean(err.Error()))
	} else {
		p.Text(theme.Dim, s.within())
	}
	return p.Draw(footHeight)
}

func (s *Screen) settingLines() []textview.Line {
	const nameWidth = 15
	var out []textview.Line
	for _, f := range s.set.Fields(s.wire.Account) {
		out = append(out, textview.Line{
			{Role: theme.Dim, Text: " " + kit.Fit(f.Name, nameWidth)}, {Role: theme.Text, Text: text.Clean(f.Value)},
		})
	}
	for _, err := range s.set.Missing {
		out = append(out, textview.Line{}, textview.Line{{Role: theme.Warn, Text: " ! " + text.Clean(err.Error())}})
	}
	return out
}

// Status implements kit.Reporter.
func (s *Screen) Status() kit.Status {
	if err := s.tabErr(); err != nil {
		return kit.Status{Err: err}
	}
	line := text.Plural(len(s.rows), "principal", "principals") + " of the policies of " + s.wire.Repository
	if s.tab == tabWho && len(s.rows) > 0 {
		line = s.list.Count() + " principals of the policies of " + s.wire.Repository
	}
	return kit.Status{Text: line, Busy: !s.judged || !s.setRead}
}

package compare

import (
	"strings"

	"regatta/model/diff"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/component/textview"
	"regatta/ui/kit"
)

const nameWidth = 14

func field(name string, spans ...kit.Span) textview.Line {
	return append(textview.Line{{Role: theme.Dim, Text: " " + kit.Fit(name, nameWidth)}}, spans...)
}

// overview is what differs in all platforms.
func (s *Screen) overview() []textview.Line {
	d := s.index
	if d.From == d.To {
		return []textview.Line{plain(theme.Text, "They are the same image: "+string(d.From))}
	}
	const width = 24
	most := max(d.FromSize, d.ToSize)
	quantity := func(n int64) []kit.Span {
		return []kit.Span{
			{Role: theme.Text, Text: kit.FitRight(text.Bytes(n), sizeWidth) + "  "},
			{Role: theme.Bar, Text: bar.Of(width, bar.Share(n, most))},
		}
	}
	lacking := kit.Span{Role: theme.Dim, Text: "  what the first does not have"}
	out := []textview.Line{
		field("size before", quantity(d.FromSize)...), field("size after", quantity(d.ToSize)...),
		append(field("to transfer", quantity(d.Transfer)...), lacking),
		{},
	}
	for _, name := range d.Lost {
		out = append(out, changed(-1, "platform "+name))
	}
	for _, name := range d.Gained {
		out = append(out, changed(1, "platform "+name))
	}
	for at, i := range d.Images {
		out = append(out, s.imageLine(at, i))
	}
	if i, ok := s.image(); ok && i.From != i.To {
		out = append(out, s.summary(i)...)
	}
	return out
}

func (s *Screen) imageLine(at int, i diff.Image) textview.Line {
	name := i.Platform
	if name == "" {
		name = "image"
	}
	role := theme.Text
	if at == s.platform && len(s.index.Images) > 1 {
		role = theme.Accent
	}
	line := textview.Line{{Role: role, Text: " " + kit.Fit(name, nameWidth+2)}}
	if i.From == i.To {
		return append(line, kit.Span{Role: theme.Dim, Text: "the same"})
	}
	l := i.Layers
	return append(line, kit.Span{Role: theme.Text, Text: text.Plural(len(l.Common), "layer", "layers") + " kept"},
		kit.Span{Role: theme.OK, Text: "  +" + text.Count(len(l.Added)) + " " + text.Bytes(l.AddedBytes)},
		kit.Span{Role: theme.Danger, Text: "  -" + text.Count(len(l.Removed)) + " " + text.Bytes(l.RemovedBytes)})
}

// summary says what the other tabs are about.
func (s *Screen) summary(i diff.Image) []textview.Line {
	out := []textview.Line{{}, plain(theme.Header, "DIFFERS IN "+i.Platform)}
	add := func(name, value string) {
		if value != "" {
			out = append(out, field(name, kit.Span{Role: theme.Text, Text: value}))
		}
	}
	for _, v := range i.Labels {
		if short, ok := strings.CutPrefix(v.Name, "org.opencontainers.image."); ok {
			v.Name = short
			add(short, strings.TrimPrefix(v.String(), short+": "))
		}
	}
	var settings []string
	for _, v := range i.Settings {
		settings = append(settings, v.Name)
	}
	add("settings", strings.Join(settings, ", "))
	add("environment", counts(diff.NamesOf(i.Env)))
	add("labels", counts(diff.NamesOf(i.Labels)))
	add("ports", counts(i.Ports))
	add("history", counts(i.History))
	return out
}

func counts(n diff.Names) string {
	var out []string
	for _, one := range []struct {
		n    int
		verb string
	}{{len(n.Added), "added"}, {len(n.Removed), "removed"}, {len(n.Changed), "changed"}} {
		if one.n > 0 {
			out = append(out, text.Count(one.n)+" "+one.verb)
		}
	}
	return strings.Join(out, ", ")
}

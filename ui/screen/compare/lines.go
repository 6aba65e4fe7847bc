package compare

import (
	"slices"
	"strings"

	"regatta/model/diff"
	"regatta/model/finding"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/component/textview"
	"regatta/ui/kit"
)

func plain(role theme.Role, s string) textview.Line {
	return textview.Line{{Role: role, Text: " " + s}}
}

func same(common bool) []textview.Line {
	if !common {
		return []textview.Line{plain(theme.Dim, "The two have no platform in common.")}
	}
	return []textview.Line{plain(theme.Dim, "It is the same image on both sides.")}
}

// sign is the mark of a side, and its role: what goes is not good or bad, but
// it is what one looks for.
func sign(side int) kit.Span {
	switch {
	case side < 0:
		return kit.Span{Role: theme.Danger, Text: " - "}
	case side > 0:
		return kit.Span{Role: theme.OK, Text: " + "}
	}
	return kit.Span{Text: "   "}
}

func changed(side int, s string) textview.Line {
	return textview.Line{sign(side), {Role: theme.Text, Text: s}}
}

const sizeWidth = 9

func layerLines(i diff.Image) []textview.Line {
	l := i.Layers
	out := []textview.Line{
		plain(theme.Text, text.Count(len(l.Common))+" kept ("+text.Bytes(l.CommonBytes)+"), "+text.Count(len(l.Added))+
			" added ("+text.Bytes(l.AddedBytes)+"), "+text.Count(len(l.Removed))+" removed ("+text.Bytes(l.RemovedBytes)+")"),
		{},
	}
	var most int64
	for _, c := range l.Changes {
		most = max(most, c.Size)
	}
	for _, c := range l.Changes {
		role := theme.Text
		if c.Side == 0 {
			role = theme.Dim
		}
		out = append(out, textview.Line{
			sign(c.Side),
			{Role: role, Text: kit.FitRight(text.Bytes(c.Size), sizeWidth) + "  "},
			{Role: theme.Bar, Text: bar.Of(14, bar.Share(c.Size, most)) + "  "},
			{Role: theme.Dim, Text: c.Digest.Short() + "  "},
			{Role: role, Text: c.By},
		})
	}
	return out
}

func configLines(i diff.Image) []textview.Line {
	var out []textview.Line
	section := func(title string, all []textview.Line) {
		if len(all) > 0 {
			out = append(append(out, plain(theme.Header, title)), all...)
			out = append(out, textview.Line{})
		}
	}
	section("SETTINGS", valueLines(i.Settings))
	section("ENVIRONMENT", valueLines(i.Env))
	section("LABELS", valueLines(i.Labels))
	section("PORTS", nameLines(i.Ports))
	if len(out) == 0 {
		return []textview.Line{plain(theme.Dim, "The configurations say the same.")}
	}
	return out
}

func valueLines(all []diff.Value) []textview.Line {
	var out []textview.Line
	line := func(side int, name, value string) {
		out = append(out, textview.Line{
			sign(side), {Role: theme.Strong, Text: name}, {Role: theme.Dim, Text: "="}, {Role: theme.Text, Text: value},
		})
	}
	for _, v := range all {
		if v.From != nil {
			line(-1, v.Name, *v.From)
		}
		if v.To != nil {
			line(1, v.Name, *v.To)
		}
	}
	return out
}

func nameLines(n diff.Names) []textview.Line {
	var out []textview.Line
	for _, name := range n.Removed {
		out = append(out, changed(-1, name))
	}
	for _, name := range n.Added {
		out = append(out, changed(1, name))
	}
	return out
}

func historyLines(i diff.Image) []textview.Line {
	if i.History.Empty() {
		return []textview.Line{plain(theme.Dim, "Both were built by the same steps.")}
	}
	return nameLines(i.History)
}

func findingLines(f diff.Findings) []textview.Line {
	if !f.Known() {
		out := []textview.Line{plain(theme.Dim, "Findings can be compared where both images were scanned."), {}}
		for i, r := range []finding.Report{f.From, f.To} {
			if !r.Scanned() {
				out = append(out, changed(2*i-1, r.Missing()))
			}
		}
		return out
	}
	out := []textview.Line{
		plain(theme.Text, f.From.Counts.String()+" → "+f.To.Counts.String()), {},
	}
	if len(f.Gone)+len(f.New) == 0 {
		return append(out, plain(theme.Dim, "None comes, none goes."))
	}
	return slices.Concat(out, findingsOf(1, f.New), findingsOf(-1, f.Gone))
}

func findingsOf(side int, all []finding.Finding) []textview.Line {
	var out []textview.Line
	for _, f := range all {
		role := theme.Text
		if f.Severity <= finding.High {
			role = theme.Danger
		}
		var in []string
		for _, p := range f.Packages {
			in = append(in, p.Name+" "+p.Version)
		}
		out = append(out, textview.Line{
			sign(side),
			{Role: role, Text: kit.Fit(f.Severity.String(), 14)},
			{Role: theme.Strong, Text: kit.Fit(f.Name, 18)},
			{Role: theme.Dim, Text: strings.Join(in, ", ")},
		})
	}
	return out
}

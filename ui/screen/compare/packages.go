package compare

import (
	"strconv"

	"regatta/model/diff"
	"regatta/model/sbom"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/textview"
	"regatta/ui/kit"
)

func packageLines(p diff.Packages) []textview.Line {
	counted := strconv.Itoa(p.From) + " → " + text.Plural(p.To, "package", "packages") + ": " +
		text.Count(len(p.Added)) + " added, " + text.Count(len(p.Removed)) + " removed, " +
		text.Count(len(p.Changed)) + " changed"
	out := []textview.Line{plain(theme.Text, counted), {}}
	for _, one := range p.Added {
		out = append(out, packageLine(1, one, one.Version))
	}
	for _, one := range p.Removed {
		out = append(out, packageLine(-1, one, one.Version))
	}
	for _, c := range p.Changed {
		version := c.To.Version
		if c.From.Version != c.To.Version {
			version = c.From.Version + " → " + c.To.Version
		}
		line := packageLine(0, c.To, version)
		line[0] = kit.Span{Role: theme.Warn, Text: " ~ "}
		if c.Licence() {
			line = append(line, kit.Span{Role: theme.Warn, Text: "  " + c.From.Licence + " → " + c.To.Licence})
		}
		out = append(out, line)
	}
	return out
}

func packageLine(side int, p sbom.Package, version string) textview.Line {
	return textview.Line{
		sign(side),
		{Role: theme.Strong, Text: kit.Fit(p.Name, 28) + " "},
		{Role: theme.Dim, Text: kit.Fit(p.Type, 8) + " "},
		{Role: theme.Text, Text: version},
	}
}

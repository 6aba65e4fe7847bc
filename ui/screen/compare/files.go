package compare

import (
	"regatta/model/diff"
	"regatta/model/file"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/textview"
	"regatta/ui/kit"
)

func fileLines(f diff.Files) []textview.Line {
	out := []textview.Line{plain(theme.Text, text.Count(len(f.Added))+" added ("+text.Bytes(f.AddedBytes)+"), "+
		text.Count(len(f.Removed))+" removed ("+text.Bytes(f.RemovedBytes)+"), "+text.Count(len(f.Changed))+" changed"), {}}
	for _, n := range f.Added {
		out = append(out, fileLine(1, n, text.Bytes(n.Entry.Size)))
	}
	for _, n := range f.Removed {
		out = append(out, fileLine(-1, n, text.Bytes(n.Entry.Size)))
	}
	for _, c := range f.Changed {
		size := text.Bytes(c.To.Entry.Size)
		if c.From.Entry.Size != c.To.Entry.Size {
			size = text.Bytes(c.From.Entry.Size) + " → " + size
		}
		line := fileLine(0, c.To, size)
		line[0] = kit.Span{Role: theme.Warn, Text: " ~ "}
		out = append(out, append(line, kit.Span{Role: theme.Dim, Text: changes(c)}))
	}
	return out
}

func fileLine(side int, n *file.Node, size string) textview.Line {
	name := "/" + n.Entry.Name()
	if n.IsDir() {
		name, size = name+"/", ""
	}
	return textview.Line{
		sign(side), {Role: theme.Dim, Text: kit.FitRight(size, 20) + "  "}, {Role: theme.Text, Text: name},
	}
}

// changes says in what way a file is another, where that is not its content.
func changes(c diff.FileChange) string {
	switch {
	case c.Kind():
		return "  another kind of file"
	case !c.Content() && c.Owner():
		return "  " + c.From.Entry.Perm() + " → " + c.To.Entry.Perm()
	case c.Owner():
		return "  and mode or owner"
	}
	return ""
}

package image

import (
	"bytes"
	"encoding/json"
	"strings"

	"regatta/model/image"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/textview"
)

// rawLines is the manifest as the registry sent it, indented where it is JSON.
func rawLines(m image.Manifest) []textview.Line {
	raw := m.Raw
	var pretty bytes.Buffer
	if json.Indent(&pretty, raw, "", "  ") == nil {
		raw = pretty.Bytes()
	}
	var out []textview.Line
	for line := range strings.SplitSeq(text.CleanLines(string(raw)), "\n") {
		out = append(out, jsonLine(line))
	}
	return out
}

// jsonLine tells keys from values.
func jsonLine(line string) textview.Line {
	indent := len(line) - len(strings.TrimLeft(line, " "))
	rest := line[indent:]
	end := strings.Index(rest, `": `)
	if !strings.HasPrefix(rest, `"`) || end < 0 {
		return textview.Line{{Role: theme.Text, Text: " " + line}}
	}
	key, value := rest[:end+1], rest[end+1:]
	return textview.Line{
		{Text: " " + line[:indent]}, {Role: theme.Accent, Text: key}, {Role: theme.Text, Text: value},
	}
}

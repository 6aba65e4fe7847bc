package textview

import (
	"bytes"
	"encoding/json"
	"strings"

	"regatta/model/text"
	"regatta/theme"
)

// JSON is a document as it was written, indented if it is JSON, with its keys
// told from its values.
func JSON(raw []byte) []Line {
	var pretty bytes.Buffer
	if json.Indent(&pretty, raw, "", "  ") == nil {
		raw = pretty.Bytes()
	}
	var out []Line
	for line := range strings.SplitSeq(text.CleanLines(string(raw)), "\n") {
		out = append(out, jsonLine(line))
	}
	return out
}

func jsonLine(line string) Line {
	indent := len(line) - len(strings.TrimLeft(line, " "))
	rest := line[indent:]
	end := strings.Index(rest, `": `)
	if !strings.HasPrefix(rest, `"`) || end < 0 {
		return Line{{Role: theme.Text, Text: " " + line}}
	}
	key, value := rest[:end+1], rest[end+1:]
	return Line{{Text: " " + line[:indent]}, {Role: theme.Accent, Text: key}, {Role: theme.Text, Text: value}}
}

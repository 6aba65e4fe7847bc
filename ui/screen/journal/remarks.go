package journal

import (
	"regatta/theme"
	"regatta/ui/component/textview"
	"regatta/ui/kit"
)

// remarkLines are what was found out about the run besides its steps.
func remarkLines(run Entry) []textview.Line {
	var out []textview.Line
	for _, m := range run.Remarks {
		mark, role := level(m.Level)
		out = append(out, textview.Line{
			{Role: role, Text: " " + mark + " "}, {Role: theme.Dim, Text: kit.Fit(string(m.About), 10)}, {Text: m.Sentence()},
		})
	}
	if len(out) > 0 {
		out = append([]textview.Line{{}}, out...)
	}
	return out
}

// level is how a remark's is shown, which is one of the checks before a change or of
// those after it.
func level(l string) (mark string, role theme.Role) {
	switch l {
	case "ok":
		return "✓", theme.OK
	case "warn":
		return "!", theme.Warn
	case "unknown":
		return "?", theme.Dim
	case "block", "failed":
		return "✗", theme.Danger
	}
	return "·", theme.Dim
}

package rollback

import (
	"fmt"
	"slices"

	"regatta/model/deploy"
	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/component/textview"
)

// running are how many tasks or pods run what, with a bar for each image.
func running(counts []deploy.Count, all int, noun string, wanted []ref.Digest) []textview.Line {
	const width = 12
	var out []textview.Line
	for _, c := range counts {
		name, role := c.String(), theme.Text
		switch {
		case c.Digest == "":
		case slices.Contains(wanted, c.Digest):
			name, role = name+", the image", theme.OK
		default:
			name += ", what ran before"
		}
		out = append(out, textview.Line{
			{Text: "      "},
			{Role: theme.Bar, Text: bar.Of(width, float64(c.Tasks)/float64(all))},
			{Role: role, Text: fmt.Sprintf(" %d of %s %s", c.Tasks, text.Plural(all, noun, noun+"s"), name)},
		})
	}
	return out
}

// behind reports whether a workload does not run the image.
func behind(w rollback.Workload) bool { return w.Verdict != deploy.Settled }

func (s *AfterScreen) workloads() []textview.Line {
	var out []textview.Line
	for _, w := range s.sight.Workloads {
		glyph, role := verdictMark(w.Verdict, s.sight.Watching)
		out = append(out, textview.Line{
			{Role: role, Text: "  " + glyph + " "}, {Role: theme.Strong, Text: w.Name + "  "}, {Text: w.Text},
		})
		if w.Err != nil && behind(w) {
			out = append(out, textview.Line{{Role: theme.Danger, Text: "    " + text.Clean(w.Err.Error())}})
		}
		pods := w.Pods.Running
		if w.Pods.Waiting > 0 {
			pods = append(slices.Clone(pods), deploy.Count{Tasks: w.Pods.Waiting, Starting: true})
		}
		out = append(out, running(pods, w.Pods.Total(), "pod", w.Wanted)...)
		if behind(w) {
			out = append(out, textview.Line{
				{Role: theme.Dim, Text: "      restart it with "}, {Role: theme.Accent, Text: w.Restart},
			})
			if w.Caution != "" {
				out = append(out, textview.Line{{Role: theme.Warn, Text: "      ! "}, {Text: w.Caution}})
			}
		}
	}
	return out
}

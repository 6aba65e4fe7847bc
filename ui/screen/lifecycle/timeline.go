package lifecycle

import (
	"strings"

	"regatta/model/lifecycle"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/kit"
)

// timelineStep is how many days a line of the timeline is about.
const timelineStep = 5

// drawTimeline shows what is stored over the next days, with the policy and
// without, if pushes go on as they were, and what expires when.
func (s *Screen) drawTimeline(width, height int) string {
	look := s.com.Look
	lines := []string{look.Line(width, kit.Span{Role: theme.Header, Text: timelineHead(width)})}
	if !s.seen() {
		lines = append(lines, look.Line(width, kit.Span{Role: theme.Dim, Text: " working it out …"}))
	} else {
		days := s.ahead.future.Going
		var most int64
		for _, d := range days {
			most = max(most, d.Without, d.Standard+d.Archive)
		}
		for at := 0; at < len(days); at += timelineStep {
			lines = append(lines, s.day(width, days, at, most))
		}
		lines = append(lines, look.Line(width), look.Line(width, kit.Span{Role: theme.Dim, Text: s.rate()}))
	}
	return kit.Block(lines, width, height)
}

func timelineHead(width int) string {
	const what = "WITH THE POLICY, OF WITHOUT IT"
	return " " + kit.Fit("5 DAYS FROM", 11) + kit.FitRight("EXPIRE", 7) + kit.FitRight("ARCHIVE", 9) +
		kit.FitRight("STORED", 9) + "  " + kit.Fit(what, max(0, width-50)) +
		kit.FitRight("WITHOUT", 9)
}

func (s *Screen) day(width int, days []lifecycle.Day, at int, most int64) string {
	d := days[at]
	expire, archive := 0, 0
	for _, x := range days[at:min(at+timelineStep, len(days))] {
		expire, archive = expire+x.Expire, archive+x.Transition
	}
	stored := d.Standard + d.Archive
	room := max(0, width-50)
	with := int(bar.Share(stored, most)*float64(room) + 0.5)
	without := int(bar.Share(d.Without, most)*float64(room) + 0.5)
	label := "today"
	if at > 0 {
		label = d.At.UTC().Format("2006-01-02")
	}
	return s.com.Look.Line(width,
		kit.Span{Role: theme.Text, Text: " " + kit.Fit(label, 11)},
		kit.Span{Role: count(expire, theme.Danger), Text: kit.FitRight(text.Count(expire), 7)},
		kit.Span{Role: count(archive, theme.Warn), Text: kit.FitRight(text.Count(archive), 9)},
		kit.Span{Role: theme.Text, Text: kit.FitRight(text.Bytes(stored), 9) + "  "},
		kit.Span{Role: theme.Bar, Text: bar.Of(with, 1)},
		kit.Span{Role: theme.Dim, Text: strings.Repeat("·", max(0, without-with))},
		kit.Span{Text: strings.Repeat(" ", max(0, room-max(with, without)))},
		kit.Span{Role: theme.Dim, Text: kit.FitRight(text.Bytes(d.Without), 9)})
}

func count(n int, role theme.Role) theme.Role {
	if n == 0 {
		return theme.Dim
	}
	return role
}

// rate says on what the timeline rests.
func (s *Screen) rate() string {
	perWeek := s.ahead.future.PerDay * 7
	return " If pushes go on as in the last 30 days: about " + text.Count(int(perWeek+0.5)) +
		" a week. Sizes count shared layers for each image."
}

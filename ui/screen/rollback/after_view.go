package rollback

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"regatta/model/deploy"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/rollback"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/textview"
	"regatta/ui/kit"
)

// lastEvents is how much of what happened is shown of each service.
const lastEvents = 4

func (s *AfterScreen) lines() []textview.Line {
	var out []textview.Line
	section := func(title string, rows []textview.Line) {
		if len(rows) == 0 {
			return
		}
		if len(out) > 0 {
			out = append(out, textview.Line{})
		}
		out = append(out, textview.Line{{Role: theme.Header, Text: " " + title}})
		out = append(out, rows...)
	}
	section("CHANGE", s.change())
	verified := "VERIFIED"
	if said := s.reverted(); said != "" {
		verified = strings.ToUpper(said)
	}
	section(verified, s.checks())
	section("ECS", s.services())
	section("KUBERNETES", s.workloads())
	section("NOW", s.advice())
	return out
}

func mark(l rollback.Level) (string, theme.Role) {
	switch l {
	case rollback.Block:
		return "✗", theme.Danger
	case rollback.Warn:
		return "!", theme.Warn
	case rollback.Unknown:
		return "?", theme.Dim
	case rollback.OK:
	}
	return "✓", theme.OK
}

// change is what became of the steps: those that were not done by name.
func (s *AfterScreen) change() []textview.Line {
	r := s.sight.Run
	n := r.Result()
	said := fmt.Sprintf("  %s · %d of %s", r.State, n.Done, text.Plural(len(n.Steps), "step", "steps"))
	if how := s.reverted(); how != "" {
		said += " · " + how
	}
	if len(r.UndoneInPart) > 0 {
		said += ": J shows how that went"
	}
	out := []textview.Line{{{Text: said}}}
	for i, step := range n.Steps {
		glyph, role := "✗", theme.Danger
		switch {
		case r.InDoubt(i):
			glyph, role = "?", theme.Warn
		case step.Outcome != plan.Failed && step.Outcome != plan.Skipped:
			continue
		}
		out = append(out, textview.Line{
			{Role: role, Text: "  " + glyph + " " + string(step.Kind) + " " + step.Reference + ": "},
			{Text: text.Clean(step.Error)},
		})
	}
	for _, why := range r.About(journal.Why) {
		out = append(out, textview.Line{{Role: theme.Dim, Text: "  because: "}, {Text: why.Text}})
	}
	return out
}

func (s *AfterScreen) checks() []textview.Line {
	var out []textview.Line
	for _, v := range s.sight.Tags {
		if len(s.sight.Tags) > 1 {
			out = append(out, textview.Line{
				{Role: theme.Strong, Text: "  " + v.Tag.Repository + ":" + v.Tag.Tag},
				{Role: theme.Dim, Text: " " + v.Digest.Short()},
			})
		}
		for _, c := range v.Checks {
			glyph, role := mark(c.Level)
			out = append(out, textview.Line{
				{Role: role, Text: "  " + glyph + " "}, {Role: theme.Dim, Text: kit.Fit(c.Name, 11)}, {Text: c.Text},
			})
		}
		if len(v.Checks) == 0 {
			out = append(out, s.unchecked())
		}
	}
	return out
}

// unchecked is what is said of a tag that was not read back.
func (s *AfterScreen) unchecked() textview.Line {
	if s.notEnded() != "" || s.reverted() == reverting {
		return textview.Line{{Role: theme.Dim, Text: "  · waits for the change"}}
	}
	return textview.Line{{Role: theme.Danger, Text: "  ✗ "}, {Text: "it did not go back"}}
}

func verdictMark(v deploy.Verdict, watching bool) (string, theme.Role) {
	switch {
	case v == deploy.Settled:
		return "✓", theme.OK
	case v == deploy.Broken:
		return "✗", theme.Danger
	case watching:
		return "…", theme.Accent
	}
	return "·", theme.Dim
}

func (s *AfterScreen) services() []textview.Line {
	var out []textview.Line
	for _, one := range s.sight.Services {
		glyph, role := verdictMark(one.Verdict, s.sight.Watching)
		said := textview.Line{
			{Role: role, Text: "  " + glyph + " "},
			{Role: theme.Strong, Text: one.State.Service.Place() + "  "},
			{Text: one.Text},
		}
		out = append(out, said)
		if one.Err != nil {
			out = append(out, textview.Line{{Role: theme.Danger, Text: "    " + text.Clean(one.Err.Error())}})
		}
		if one.Obstacle != "" && one.Verdict != deploy.Settled {
			out = append(out, textview.Line{{Role: theme.Warn, Text: "      ! "}, {Text: one.Obstacle}})
		}
		out = append(out, running(one.State.Digests(), len(one.State.Tasks), "task", one.Wanted)...)
		events := one.State.Since(one.Since)
		for _, e := range events[max(0, len(events)-lastEvents):] {
			out = append(out, textview.Line{
				{Role: theme.Dim, Text: "      " + e.At.UTC().Format("15:04:05") + " "}, {Text: e.Text},
			})
		}
	}
	return out
}

// advice is what to do next.
func (s *AfterScreen) advice() []textview.Line {
	var said []string
	if s.notEnded() != "" {
		return nil
	}
	switch {
	case s.broken() && s.sight.Next != "":
		said = append(said, "it does not run: b goes back to the next candidate, "+s.sight.Next)
	case s.notDeployable() == "" && !s.sight.Deployed:
		said = append(said, "d deploys what follows the tag")
	}
	if slices.ContainsFunc(s.sight.Workloads, behind) {
		said = append(said, "c copies what restarts the pods")
		if !s.sight.Watching {
			said = append(said, "r looks again")
		}
	}
	if s.notRevertible() == "" {
		said = append(said, "Z reverts it")
	}
	leave := "esc leaves"
	if s.sight.Watching && s.sight.Deployed {
		leave += "; the deployment continues"
	}
	said = append(said, "m copies the record", leave)
	return []textview.Line{{{Role: theme.Dim, Text: "  " + strings.Join(said, " · ")}}}
}

// title is what was done, and whether it still stands.
func (s *AfterScreen) title() string {
	if r := s.reverted(); r != "" {
		return r + ": the rollback of " + s.wire.What
	}
	return "rolled back " + s.wire.What
}

// broken reports whether a service will not come to run the image by itself.
func (s *AfterScreen) broken() bool {
	return slices.ContainsFunc(s.sight.Services, func(one rollback.Service) bool { return one.Verdict == deploy.Broken })
}

func blocked(v rollback.Verified) bool { return len(rollback.Blocked(v.Checks)) > 0 }

// Status implements kit.Reporter.
func (s *AfterScreen) Status() kit.Status {
	switch {
	case s.err != nil:
		return kit.Status{Err: s.err}
	case !s.ready:
		return kit.Status{Text: "carrying it out", Busy: true}
	case s.notEnded() != "":
		return kit.Status{Text: string(s.sight.Run.State), Busy: true}
	case s.reverted() == reverting:
		return kit.Status{Text: reverting, Busy: true}
	case slices.ContainsFunc(s.sight.Tags, blocked):
		return kit.Status{Text: cmp.Or(s.reverted(), "carried out") + ", and not well"}
	case s.sight.Watching:
		return kit.Status{Text: cmp.Or(s.reverted(), "verified") + " · watching what follows the tag", Busy: true}
	case s.verified() && s.broken():
		return kit.Status{Text: cmp.Or(s.reverted(), "verified") + ", and it does not run"}
	case s.verified():
		return kit.Status{Text: cmp.Or(s.reverted(), "verified")}
	}
	return kit.Status{Text: string(s.sight.Run.State)}
}

// View implements kit.Screen.
func (s *AfterScreen) View(width, height int) string {
	look := s.com.Look
	if !s.ready && s.err != nil {
		return look.Message(width, height, kit.Span{Role: theme.Danger, Text: s.err.Error()},
			kit.Span{Role: theme.Dim, Text: "J shows what was done."})
	}
	return look.Line(width, kit.Span{Role: theme.Strong, Text: " " + s.title()}) + "\n" + s.view.View(look)
}

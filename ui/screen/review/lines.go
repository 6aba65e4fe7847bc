package review

import (
	"strings"

	"github.com/charmbracelet/x/ansi"

	"regatta/model/plan"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/textview"
	"regatta/ui/kit"
)

// lines is the plan in words: what cannot be undone and what to be careful about
// first, then the steps, then what stays.
func lines(p plan.Plan) []textview.Line {
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
	section("CANNOT BE UNDONE", lost(p, false))
	section("MAY NOT COME BACK", lost(p, true))
	section("CAREFUL", risks(p))
	section("STEPS", steps(p))
	section("KEPT", kept(p))
	section("NOTES", notes(p))
	return out
}

func risks(p plan.Plan) []textview.Line {
	out := make([]textview.Line, 0, len(p.Risks))
	for _, r := range p.Risks {
		out = append(out, textview.Line{{Role: theme.Warn, Text: "  ! "}, {Text: r.Reason}})
	}
	return out
}

func steps(p plan.Plan) []textview.Line {
	out := make([]textview.Line, 0, len(p.Steps))
	width := subjectWidth(p)
	for _, s := range p.Steps {
		mark, role := "  ", theme.Strong
		if s.Collateral {
			mark, role = "+ ", theme.Text
		}
		free, weight := "", theme.Accent
		switch {
		case s.ReclaimedBytes > 0:
			free = text.Bytes(s.ReclaimedBytes)
		case s.Size > 0:
			free, weight = text.Bytes(s.Size), theme.Text
		}
		out = append(out, textview.Line{
			{Role: theme.Dim, Text: "  " + mark + kit.Fit(string(s.Kind), 17)},
			{Role: role, Text: kit.Fit(subject(p, s), width)},
			{Role: weight, Text: kit.FitRight(free, 8)},
			{Text: "  "},
			textview.Stop(),
			{Role: theme.Dim, Text: s.Reason},
		})
	}
	return out
}

// subjectWidth is the width of the column of subjects.
func subjectWidth(p plan.Plan) int {
	const most = 36
	w := 0
	for _, s := range p.Steps {
		w = max(w, ansi.StringWidth(subject(p, s)))
	}
	return min(w, most)
}

// subject names what a step changes: tags by name, manifests by short digest
// with the tags that go with them.
func subject(p plan.Plan, s plan.Step) string {
	name := s.Reference.Tag
	if name == "" {
		name = s.Digest.Short()
	}
	if s.Reference.Repository != p.Repository {
		name = s.Reference.Repository + ":" + name
	}
	switch s.Kind {
	case plan.Retag:
		name += " → " + s.Digest.Short()
	case plan.Delete:
		if len(s.Tags) > 0 {
			name += " (" + strings.Join(s.Tags, " ") + ")"
		}
	case plan.Untag, plan.UntagByDummy:
		name += " of " + s.Digest.Short()
	case plan.LifecyclePolicy:
		name = p.Repository + " → " + s.Digest.Short()
	case plan.Deploy:
		name = s.Service() + " ← " + s.Reference.Tag
	case plan.Put, plan.CopyBlob, plan.Pull, plan.Archive, plan.Restore:
	}
	return name
}

func kept(p plan.Plan) []textview.Line {
	out := make([]textview.Line, 0, len(p.Kept))
	for _, k := range p.Kept {
		name := k.Digest.Short()
		if len(k.Tags) > 0 {
			name += " (" + strings.Join(k.Tags, " ") + ")"
		}
		out = append(out, reasoned(theme.OK, "  = "+name, k.Reason))
	}
	return out
}

func lost(p plan.Plan, maybe bool) []textview.Line {
	out := make([]textview.Line, 0, len(p.Lost))
	for _, l := range p.Lost {
		if l.Maybe != maybe {
			continue
		}
		name := l.Digest.Short() + " " + strings.Join(l.Tags, " ")
		out = append(out, reasoned(theme.Danger, "  × "+name, l.Reason))
	}
	return out
}

// reasoned is what something is, and why in a column of its own.
func reasoned(role theme.Role, what, why string) textview.Line {
	return textview.Line{{Role: role, Text: what + "  "}, textview.Stop(), {Role: theme.Dim, Text: why}}
}

func notes(p plan.Plan) []textview.Line {
	out := make([]textview.Line, 0, len(p.Notes))
	for _, n := range p.Notes {
		out = append(out, textview.Line{{Role: theme.Dim, Text: "    "}, {Text: n}})
	}
	return out
}

package ui

import (
	"strconv"
	"strings"
	"time"

	"github.com/charmbracelet/x/ansi"

	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/kit"
)

// page is the screen on top with header, status line and footer.
func (a *App) page() string {
	size := a.bodySize()
	return strings.Join([]string{
		a.header(), a.top().View(size.Width, size.Height), a.status(), a.footer(),
	}, "\n")
}

func (a *App) windowTitle() string {
	parts := []string{"regatta"}
	for _, s := range a.screens {
		if t, ok := s.(kit.Titled); ok {
			parts = append(parts, t.Title())
		}
	}
	return strings.Join(parts, " › ")
}

// header is the breadcrumbs, and on the right what matters of the context and
// of the work below.
func (a *App) header() string {
	right := append(a.gaugeSpans(), a.badges()...)
	width := 0
	for _, s := range right {
		width += ansi.StringWidth(s.Text)
	}
	width = min(width, a.width*2/3)
	return a.crumbs(a.width-width) + a.look.Line(width, right...)
}

// crumbs are the titles of the screens; where there is no room for all, the
// first ones go.
func (a *App) crumbs(width int) string {
	var titles []string
	for _, s := range a.screens {
		if t, ok := s.(kit.Titled); ok && t.Title() != "" {
			titles = append(titles, t.Title())
		}
	}
	lead := " regatta"
	for len(titles) > 1 && ansi.StringWidth(lead+strings.Join(titles, " › "))+3 > width {
		titles, lead = titles[1:], " …"
	}
	out := []kit.Span{{Role: theme.Accent, Text: lead}}
	for i, t := range titles {
		role := theme.Text
		if i == len(titles)-1 {
			role = theme.Strong
		}
		out = append(out, kit.Span{Role: theme.Dim, Text: " › "}, kit.Span{Role: role, Text: t})
	}
	return a.look.Line(width, out...)
}

func (a *App) badges() []kit.Span {
	var out []kit.Span
	if b, ok := a.top().(kit.Badged); ok {
		out = b.Badges()
	}
	if a.opts.Common.ReadOnly {
		out = append(out, kit.Span{Text: " "}, kit.Span{Role: theme.Chip, Text: " read-only "})
	}
	return append(out, kit.Span{Text: " "})
}

// gaugeSpans are what matters of the work below, with a gap before each.
func (a *App) gaugeSpans() []kit.Span {
	g := a.gauge
	var out []kit.Span
	add := func(role theme.Role, text string) {
		out = append(out, kit.Span{Text: "  "}, kit.Span{Role: role, Text: text})
	}
	if g.Notice != "" {
		add(theme.Warn, g.Notice)
	}
	for _, r := range g.Runs {
		if !r.Ended {
			add(theme.Accent, "● "+r.Title+" "+strconv.Itoa(int(100*r.Fraction))+"%")
		}
	}
	if g.Budget != "" {
		add(theme.Dim, g.Budget)
	}
	const soon = 2 * time.Minute
	switch {
	case g.Waiting > soon:
		add(theme.Warn, "rate limited until "+a.opts.Common.Now().Add(g.Waiting).UTC().Format("15:04")+" UTC")
	case g.Waiting > 0:
		add(theme.Warn, "rate limited "+strconv.Itoa(int(g.Waiting.Seconds()+0.999))+"s")
	case g.InFlight > 0:
		add(theme.Dim, "↓"+text.Count(g.InFlight))
	}
	return append(out, kit.Span{Text: "  "})
}

// status is the message of the moment, else what the screen says of itself.
func (a *App) status() string {
	if a.toast.shown() {
		return a.look.Line(a.width, a.toastSpans()...)
	}
	r, ok := a.top().(kit.Reporter)
	if !ok {
		return a.look.Line(a.width)
	}
	s := r.Status()
	if s.Err != nil {
		return a.look.Line(a.width, a.errorSpans(s.Err)...)
	}
	spans := []kit.Span{{Role: theme.Dim, Text: " " + s.Text}}
	if s.Busy {
		spans = append(spans, kit.Span{Role: theme.Accent, Text: " …"})
	}
	return a.look.Line(a.width, spans...)
}

func (a *App) toastSpans() []kit.Span {
	if a.toast.Err != nil && a.toast.Level == kit.Failure {
		return a.errorSpans(a.toast.Err)
	}
	said := a.toast.Text
	if a.toast.Err != nil {
		said = text.Clean(a.toast.Err.Error())
	}
	role, word := theme.Text, ""
	switch a.toast.Level {
	case kit.Success:
		role, word = theme.OK, "✓ "
	case kit.Warning:
		role, word = theme.Warn, "! "
	case kit.Failure:
		role, word = theme.Danger, "✗ "
	case kit.Info:
	}
	return []kit.Span{{Role: role, Text: " " + word + said}}
}

// errorSpans is an error and what to do about it. The advice stays whole: the
// error's full text is one key away.
func (a *App) errorSpans(err error) []kit.Span {
	said, advice := " ✗ "+kit.Sentence(err), kit.Advice(err)
	if advice != "" {
		advice = " · " + advice + " "
		room := max(a.width/2, a.width-ansi.StringWidth(advice))
		said = ansi.Truncate(said, room, "…")
	}
	return []kit.Span{{Role: theme.Danger, Text: said}, {Role: theme.Dim, Text: advice}}
}

// footer is the keys that work right now. Where there is no room for all, the
// screen's last ones go: help and quit stay.
func (a *App) footer() string {
	if len(a.overlays) > 0 {
		hint := "esc closes"
		if h, ok := a.overlays[len(a.overlays)-1].(kit.Hinted); ok {
			hint = h.Hint()
		}
		return a.look.Line(a.width, kit.Span{Role: theme.Dim, Text: " " + hint})
	}
	own, everywhere := a.footerKeys(a.screenBindings()), a.footerKeys(a.appBindings())
	room := a.width - 1
	for _, k := range everywhere {
		room -= k.width
	}
	var spans []kit.Span
	for _, k := range own {
		if room -= k.width; room < 0 {
			break
		}
		spans = append(spans, k.spans...)
	}
	for _, k := range everywhere {
		spans = append(spans, k.spans...)
	}
	return a.look.Line(a.width, spans...)
}

type footerKey struct {
	spans []kit.Span
	width int
}

func (a *App) footerKeys(bindings []kit.Binding) []footerKey {
	var out []footerKey
	for _, b := range bindings {
		if !b.Footer || len(b.Keys) == 0 || b.Reason() != "" {
			continue
		}
		out = append(out, footerKey{
			spans: []kit.Span{
				{Role: theme.Text, Text: " "}, {Role: theme.Key, Text: b.Key()}, {Role: theme.Dim, Text: " " + b.Label() + " "},
			},
			width: ansi.StringWidth(b.Key()) + ansi.StringWidth(b.Label()) + 3,
		})
	}
	return out
}

func (a *App) tooSmall() string {
	lines := []string{
		"regatta needs 80×24,",
		"this terminal has " + text.Count(a.width) + "×" + text.Count(a.height) + ".",
		"Make it larger, or press q.",
	}
	if n := a.running(); n > 0 && a.asksAlready() {
		lines[2] = text.Plural(n, "change is", "changes are") + " under way: q again quits."
	}
	for i := range lines {
		lines[i] = kit.Fit(lines[i], a.width)
	}
	return kit.Block(lines[:min(len(lines), a.height)], a.width, a.height)
}

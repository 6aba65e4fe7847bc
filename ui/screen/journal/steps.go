package journal

import (
	"context"
	"strings"
	"time"

	tea "charm.land/bubbletea/v2"

	model "regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/textview"
	"regatta/ui/kit"
)

// StepsScreen shows what became of each step of a run.
type StepsScreen struct {
	com  kit.Common
	runs Runs
	undo func(Entry) kit.Screen
	run  Entry
	lane *kit.Lane
	view textview.Model
	err  error
	poll poll
}

// NewSteps returns the screen of one run; undo leads to the plan that undoes it.
func NewSteps(com kit.Common, runs Runs, undo func(Entry) kit.Screen, run Entry) *StepsScreen {
	s := &StepsScreen{com: com, runs: runs, undo: undo, run: run}
	s.lane = kit.NewLane(com.Ctx, s)
	return s
}

type runMsg struct {
	version uint64
	run     Entry
	err     error
}

// Init implements kit.Screen.
func (s *StepsScreen) Init() tea.Cmd { return s.look() }

func (s *StepsScreen) look() tea.Cmd {
	const again = 250 * time.Millisecond
	next := s.lane.After(again, tickMsg{})
	version := s.runs.Version()
	if !s.poll.due(version) {
		return next
	}
	id := s.run.ID
	return tea.Batch(next, s.lane.Go(func(ctx context.Context) tea.Msg {
		r, err := s.runs.Run(ctx, id)
		return runMsg{version: version, run: r, err: err}
	}))
}

// Close implements kit.Screen.
func (s *StepsScreen) Close() { s.lane.Close() }

// Title implements kit.Titled.
func (s *StepsScreen) Title() string { return s.run.Title }

// Update implements kit.Screen.
func (s *StepsScreen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.view.SetSize(msg.Width, msg.Height)
	case tickMsg:
		return nil, s.look()
	case runMsg:
		s.poll.answered(msg.version, msg.err)
		if s.err = msg.err; msg.err == nil {
			s.run = msg.run
		}
		s.view.SetLines(append(stepLines(s.run), remarkLines(s.run)...))
	case recordMsg:
		return msg.copy(), nil
	case tea.MouseWheelMsg:
		s.view.Scroll(map[bool]int{true: -3, false: 3}[msg.Button == tea.MouseWheelUp])
	}
	return nil, nil
}

func stepLines(run Entry) []textview.Line {
	r := run.Result()
	out := make([]textview.Line, 0, len(r.Steps))
	for i, s := range r.Steps {
		mark, role := outcome(s.Outcome)
		word := string(s.Outcome)
		if run.InDoubt(i) {
			mark, word, role = "?", "in doubt", theme.Warn
		}
		line := textview.Line{
			{Role: role, Text: " " + mark + " " + kit.Fit(word, 10)},
			{Role: theme.Dim, Text: kit.Fit(string(s.Kind), 17)},
			{Role: theme.Text, Text: kit.Fit(subject(s), 44)},
		}
		if s.Error != "" {
			line = append(line, kit.Span{Role: theme.Danger, Text: "  " + text.Clean(s.Error)})
		}
		out = append(out, line)
	}
	return out
}

// subject is what the step changed, short: the digest in full is in the journal.
func subject(s plan.StepResult) string {
	r, err := ref.ParseRepository(s.Reference)
	switch {
	case err != nil:
		return s.Reference
	case r.Tag != "":
		return r.Repository + ":" + r.Tag
	}
	return r.Repository + "@" + r.Digest.Short()
}

func outcome(o plan.Outcome) (mark string, role theme.Role) {
	switch o {
	case plan.Done, plan.Unchanged:
		return "✓", theme.OK
	case plan.Failed:
		return "✗", theme.Danger
	case plan.Skipped:
		return "!", theme.Warn
	case plan.Running:
		return "…", theme.Accent
	case plan.Pending:
	}
	return "·", theme.Dim
}

// Bindings implements kit.Screen.
func (s *StepsScreen) Bindings() []kit.Binding {
	own := kit.Bind("steps", "Steps of a run", []kit.Binding{
		{
			ID: "undo", Keys: kit.Keys{"u", "z"}, Desc: "undo this run: shows the plan", Short: "undo", Footer: true,
			Dangerous: true, Disabled: func() string { return s.run.NotUndone() },
			Run: kit.Ask(func() kit.Intent { return kit.Go{Screen: s.undo(s.run)} }),
		},
		{
			ID: "record", Keys: kit.Keys{"m"}, Desc: "copy the record as Markdown", Short: "record", Footer: true,
			Run: kit.Work(func() tea.Cmd { return record(s.lane, s.runs, s.run.ID) }),
		},
	})
	return append(own, s.view.Bindings("steps", "Steps of a run")...)
}

// Status implements kit.Reporter.
func (s *StepsScreen) Status() kit.Status {
	if s.err != nil {
		return kit.Status{Err: s.err}
	}
	r := s.run.Result()
	said := r.Summary() + " · run " + s.run.ID
	if what := s.next(); what != "" {
		said = what + " · " + said
	}
	return kit.Status{Text: said}
}

// next is what can be done about a run whose steps did not come to an end.
func (s *StepsScreen) next() string {
	switch {
	case len(s.run.Undone) > 0:
		return "undone by " + strings.Join(s.run.Undone, ", ")
	case len(s.run.UndoneInPart) > 0:
		return "undone in part by " + strings.Join(s.run.UndoneInPart, ", ")
	case s.run.State == model.Interrupted:
		return "interrupted: on the journal o goes on, u takes it back"
	}
	for i := range s.run.Steps {
		if s.run.InDoubt(i) {
			return "on the journal o looks whether it was done"
		}
	}
	return ""
}

// View implements kit.Screen.
func (s *StepsScreen) View(int, int) string { return s.view.View(s.com.Look) }

// Package lifecycle is the screen of a lifecycle policy: its text, what it would
// do to every image and why, and what comes of it over the next months. It
// changes nothing. It imports model, kit, components and overlays.
package lifecycle

import (
	"cmp"
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/list"
	"regatta/ui/kit"
)

// Loaded is a repository as a policy looks at it.
type Loaded struct {
	Images []lifecycle.Image
	Weigh  lifecycle.Weigher // nil: only sizes are known
	Notes  []string          // what the verdicts rest on
	UsedBy func(d ref.Digest) []string
}

// Wiring connects the screen. Load reads the repository, Policy the text to
// begin with.
type Wiring struct {
	Context    catalog.Context
	Repository string
	Counts     bool // to read the images counts as pulling them: it is asked before
	Load       func(ctx context.Context) (Loaded, error)
	Policy     func(ctx context.Context) (string, error) // nil: the repository has none
	Open       func(img lifecycle.Image) kit.Screen
	// AWS is AWS's own preview of a policy; nil: there is none.
	AWS func(ctx context.Context, text string) (map[ref.Digest]lifecycle.Verdict, error)
	// Save leads to the plan that gives the repository a policy; nil: it keeps
	// none.
	Save func(text string) kit.Screen
}

// row is an image as a result has it. It is not changed: filters read it while
// the screen goes on.
type row struct {
	at      int // in the result's evaluation
	image   *lifecycle.Image
	verdict lifecycle.Verdict
	aws     *lifecycle.Verdict // what AWS says instead, if it does not say the same
}

// Screen implements kit.Screen.
type Screen struct {
	com  kit.Common
	wire Wiring
	lane *kit.Lane // of what is read
	work *kit.Lane // of what is worked out
	list *list.Model[row]

	asked  bool // reading was agreed to
	loaded bool
	err    error
	in     Loaded

	text       string
	policy     lifecycle.Policy
	violations []lifecycle.Violation
	saved      *lifecycle.Evaluation // by the policy that the screen began with
	now        *result
	busy       bool // a result is being worked out
	stale      bool // and the text has changed since
	aws        awsPreview
	timeline   bool // is shown, and not the images
	width      int
	height     int
}

// result is what the policy comes to.
type result struct {
	evaluation *lifecycle.Evaluation
	rows       []*row
	sum        lifecycle.Summary
	future     lifecycle.Future
	change     lifecycle.Difference // from the policy that the screen began with
}

// New returns the screen.
func New(com kit.Common, wire Wiring) *Screen {
	s := &Screen{com: com, wire: wire, asked: !wire.Counts}
	s.lane, s.work = kit.NewLane(com.Ctx, s), kit.NewLane(com.Ctx, s)
	s.list = list.New(com, s, list.Config[row]{
		ID: "lifecycle", Group: "Lifecycle", Noun: "images", Data: data{s}, Source: cells{s}, Schema: fields(),
		Orders: orders(), Cols: columns(),
	})
	return s
}

type (
	loadedMsg struct {
		in   Loaded
		text string
		err  error
	}
	resultMsg struct{ result *result }
)

// Init implements kit.Screen.
func (s *Screen) Init() tea.Cmd {
	if !s.asked || s.loaded {
		return nil
	}
	s.err = nil
	wire := s.wire
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		in, err := wire.Load(ctx)
		text := ""
		if err == nil && wire.Policy != nil {
			text, err = wire.Policy(ctx)
		}
		return loadedMsg{in: in, text: cmp.Or(text, templates()[0].text()), err: err}
	})
}

// Close implements kit.Screen.
func (s *Screen) Close() {
	s.lane.Close()
	s.work.Close()
	s.list.Close()
}

// Title implements kit.Titled.
func (*Screen) Title() string { return "lifecycle" }

// Badges implements kit.Badged.
func (s *Screen) Badges() []kit.Span { return kit.ContextBadges(s.wire.Context) }

// Update implements kit.Screen.
func (s *Screen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, cmd := s.list.Handle(msg); handled {
		return nil, cmd
	}
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.width, s.height = msg.Width, msg.Height
		s.list.Table.SetSize(msg.Width, max(2, msg.Height-headLines))
	case loadedMsg:
		return nil, s.onLoaded(msg)
	case resultMsg:
		return nil, s.onResult(msg.result)
	case awsMsg:
		return s.onAWS(msg)
	case list.Saved:
		return msg.Toast(), nil
	case tea.MouseMsg:
		open, cmd := s.list.Mouse(kit.Below(msg, headLines))
		if open {
			return s.open(), cmd
		}
		return nil, cmd
	}
	return nil, nil
}

func (s *Screen) onLoaded(msg loadedMsg) tea.Cmd {
	if s.err = msg.err; msg.err != nil {
		return nil
	}
	s.loaded, s.in = true, msg.in
	return s.Edited(msg.text)
}

// Edited implements edit.Owner: the policy is another one.
func (s *Screen) Edited(text string) tea.Cmd {
	s.text, s.aws = text, awsPreview{}
	s.hold()
	s.policy, s.violations = lifecycle.Parse(text)
	if len(s.violations) > 0 || !s.loaded {
		return nil
	}
	if s.busy {
		s.stale = true
		return nil
	}
	return s.evaluate()
}

// evaluate works out what the policy does, off the loop: one at a time, the
// newest text next.
func (s *Screen) evaluate() tea.Cmd {
	s.busy, s.stale = true, false
	policy, in, now, saved := s.policy, s.in, s.com.Now(), s.saved
	return s.work.Go(func(context.Context) tea.Msg {
		e := lifecycle.Evaluate(policy, in.Images, now, nil)
		r := &result{
			evaluation: e, rows: rowsOf(e, in.Images), sum: e.Summarize(in.Weigh),
			future: lifecycle.Forecast(policy, in.Images, now, nil),
		}
		if saved != nil {
			r.change = lifecycle.Compare(saved, e)
		}
		return resultMsg{r}
	})
}

func (s *Screen) onResult(r *result) tea.Cmd {
	s.busy, s.now = false, r
	s.hold()
	if s.saved == nil {
		s.saved = r.evaluation
	}
	if s.stale && len(s.violations) == 0 {
		return tea.Batch(s.evaluate(), s.list.Reorder())
	}
	return s.list.Reorder()
}

// Remarks implements edit.Owner: what is wrong with the text, or what it does.
func (s *Screen) Remarks() []kit.Span {
	if len(s.violations) == 0 {
		return []kit.Span{{Role: theme.OK, Text: "valid, " + text.Plural(len(s.policy.Rules()), "rule", "rules")}}
	}
	out := make([]kit.Span, 0, len(s.violations))
	for _, v := range s.violations {
		at := text.Count(v.Line) + ":" + text.Count(v.Column) + " "
		out = append(out, kit.Span{Role: theme.Danger, Text: at + v.String()})
	}
	return out
}

// Unwind implements kit.Unwinder.
func (s *Screen) Unwind() (bool, tea.Cmd) {
	if s.timeline {
		s.timeline = false
		return true, nil
	}
	return s.list.Unwind()
}

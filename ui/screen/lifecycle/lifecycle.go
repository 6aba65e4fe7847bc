// Package lifecycle is the screen of a lifecycle policy: its text, what it would
// do to every image and why, and what comes of it over the next months. It
// changes nothing. It imports model, kit, components and overlays.
package lifecycle

import (
	"cmp"
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/cost"
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
	// AllUses says that UsedBy is all of it: somebody was asked what runs, and everybody
	// has answered.
	AllUses bool
}

// Wiring connects the screen. Load reads the repository, Policy the text to
// begin with.
type Wiring struct {
	Context    catalog.Context
	Repository string
	Counts     bool       // to read the images counts as pulling them: it is asked before
	Price      cost.Price // of storage, if it is known
	Load       func(ctx context.Context) (Loaded, error)
	Policy     func(ctx context.Context) (string, error) // nil: the repository has none
	Open       func(img lifecycle.Image) kit.Screen
	Text       string // to begin with, instead of the policy that there is
	// AWS is AWS's own preview of a policy; nil: there is none.
	AWS func(ctx context.Context, text string) (map[ref.Digest]lifecycle.Verdict, error)
	// Save leads to the plan that gives the repository a policy instead of the
	// one that it was read with; nil: it keeps none.
	Save func(text, instead string) kit.Screen
}

// row is an image as a result has it. It is not changed: filters read it while
// the screen goes on.
type row struct {
	at      int // in the result's evaluation
	image   *lifecycle.Image
	verdict lifecycle.Verdict
	aws     *lifecycle.Verdict // what AWS says instead, if it does not say the same
	used    string             // who runs it
	fresh   bool               // it expires, and does not by the policy that the repository has
}

// Screen implements kit.Screen.
type Screen struct {
	list.Page[row]

	com  kit.Common
	wire Wiring
	lane *kit.Lane // of what is read
	work *kit.Lane // of what is worked out

	consent kit.Consent // reading was agreed to
	loaded  bool
	err     error
	in      Loaded

	has        string // the policy that the repository has
	base       lifecycle.Policy
	text       string
	policy     lifecycle.Policy
	violations []lifecycle.Violation
	saved      *lifecycle.Evaluation // by the policy that the repository has
	now        *result
	busy       bool // a result is being worked out
	stale      bool // and the text has changed since
	aws        awsPreview
	switches   lifecycle.Switches
	tab        string
	ahead      ahead
	looking    bool // the timeline is being worked out
	timeline   bool // is shown, and not the images
}

// New returns the screen.
func New(com kit.Common, wire Wiring) *Screen {
	s := &Screen{com: com, wire: wire, consent: kit.Consent{Given: !wire.Counts}}
	s.lane, s.work = kit.NewLane(com.Ctx, s), kit.NewLane(com.Ctx, s)
	s.Page = list.NewPage(com, s, kit.Page{Name: "lifecycle", Context: wire.Context}, list.Config[row]{
		ID: "lifecycle", Group: "Lifecycle", Noun: "images", Columns: s.columns(), Schema: fields(), Tie: tie,
		Data: list.Slice[row]{Rows: s.shown, Only: s.ofTab},
	}, list.Around{Above: list.Lines(headLines), Below: footLines, Open: s.open}, s.lane, s.work)
	return s
}

type (
	loadedMsg struct {
		in   Loaded
		text string
		err  error
	}
	resultMsg struct{ result *result }
	hasMsg    struct {
		text string
		err  error
	}
)

// Init implements kit.Screen.
func (s *Screen) Init() tea.Cmd {
	if !s.consent.Given || s.loaded {
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
		return loadedMsg{in: in, text: text, err: err}
	})
}

// Update implements kit.Screen.
func (s *Screen) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if _, ok := msg.(tea.MouseMsg); ok && s.timeline {
		return nil, nil // the rows are not there to be clicked
	}
	if handled, intent, cmd := s.Take(msg); handled {
		return intent, cmd
	}
	switch msg := msg.(type) {
	case loadedMsg:
		return nil, s.onLoaded(msg)
	case resultMsg:
		return nil, s.onResult(msg.result)
	case aheadMsg:
		return nil, s.onAhead(msg)
	case kit.Refresh:
		return nil, s.readPolicy()
	case hasMsg:
		return s.onHas(msg)
	case awsMsg:
		return s.onAWS(msg)
	}
	return nil, nil
}

func (s *Screen) onLoaded(msg loadedMsg) tea.Cmd {
	if s.err = msg.err; msg.err != nil {
		return nil
	}
	s.loaded, s.in = true, msg.in
	first := cmp.Or(msg.text, s.wire.Text, templates()[0].text())
	if s.setBase(msg.text); s.wire.Policy == nil {
		s.base, _ = lifecycle.Parse(first)
	}
	return s.Edited(cmp.Or(s.text, s.wire.Text, first))
}

// setBase holds everything against the policy that the repository has. Where it
// has none, that is one that keeps all.
func (s *Screen) setBase(text string) {
	s.has, s.saved = text, nil
	s.base, _ = lifecycle.Parse(text)
}

// readPolicy reads the policy anew once something was changed. The text under
// edit stays.
func (s *Screen) readPolicy() tea.Cmd {
	if !s.loaded || s.wire.Policy == nil {
		return nil
	}
	read := s.wire.Policy
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		text, err := read(ctx)
		return hasMsg{text, err}
	})
}

func (s *Screen) onHas(msg hasMsg) (kit.Intent, tea.Cmd) {
	if msg.err != nil {
		return kit.Toast{Err: msg.err}, nil
	}
	if msg.text == s.has {
		return nil, nil
	}
	s.setBase(msg.text)
	return nil, s.again()
}

// Edited implements edit.Owner: the policy is another one.
func (s *Screen) Edited(text string) tea.Cmd {
	s.text, s.aws = text, awsPreview{}
	s.hold()
	s.policy, s.violations = lifecycle.Parse(text)
	return s.again()
}

// Remarks implements edit.Owner.
func (s *Screen) Remarks() []kit.Span { return remarks(s.policy, s.violations) }

// remarks say what is wrong with a text, or how many rules it has.
func remarks(policy lifecycle.Policy, violations []lifecycle.Violation) []kit.Span {
	if len(violations) == 0 {
		return []kit.Span{{Role: theme.OK, Text: "valid, " + rules(policy)}}
	}
	out := make([]kit.Span, 0, len(violations))
	for _, v := range violations {
		at := text.Count(v.Line) + ":" + text.Count(v.Column) + " "
		out = append(out, kit.Span{Role: theme.Danger, Text: at + v.String()})
	}
	return out
}

func rules(p lifecycle.Policy) string { return text.Plural(len(p.Rules()), "rule", "rules") }

// Unwind implements kit.Unwinder.
func (s *Screen) Unwind() (bool, tea.Cmd) {
	if s.timeline {
		s.timeline = false
		return true, nil
	}
	return s.List.Unwind()
}

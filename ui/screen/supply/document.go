package supply

import (
	"context"
	"maps"
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/column"
	"regatta/model/supply"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/list"
	"regatta/ui/component/table"
	"regatta/ui/component/textview"
	"regatta/ui/kit"
)

// DocumentWiring connects the screen of a referrer.
type DocumentWiring struct {
	Context catalog.Context
	Node    *supply.Node
	Raw     func(ctx context.Context) ([]byte, error) // its first document; nil: there is none that is text
	Open    func() kit.Screen                         // the referrer's manifest
}

// Document shows what a signature or an attestation says.
type Document struct {
	kit.Page

	com  kit.Common
	wire DocumentWiring
	lane *kit.Lane
	view textview.Model
	raw  []textview.Line
	err  error
	done bool
}

// NewDocument returns the screen.
func NewDocument(com kit.Common, wire DocumentWiring) *Document {
	s := &Document{Page: kit.Page{Context: wire.Context}, com: com, wire: wire}
	if wire.Node != nil {
		s.Name = wire.Node.Name()
	}
	s.lane = kit.NewLane(com.Ctx, s)
	return s
}

type rawMsg struct {
	lines []textview.Line
	err   error
}

// Init implements kit.Screen.
func (s *Document) Init() tea.Cmd {
	s.draw()
	if s.wire.Raw == nil {
		s.done = true
		return nil
	}
	return s.lane.Go(func(ctx context.Context) tea.Msg {
		raw, err := s.wire.Raw(ctx)
		if err != nil {
			return rawMsg{nil, err}
		}
		return rawMsg{textview.JSON(raw), nil}
	})
}

// Close implements kit.Screen.
func (s *Document) Close() { s.lane.Close() }

// Update implements kit.Screen.
func (s *Document) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.view.SetSize(msg.Width, msg.Height)
	case rawMsg:
		s.raw, s.err, s.done = msg.lines, msg.err, true
		s.draw()
	case tea.MouseWheelMsg:
		s.view.Scroll(list.WheelLines(msg))
	}
	return nil, nil
}

// Bindings implements kit.Screen.
func (s *Document) Bindings() []kit.Binding {
	out := kit.Binding{
		ID: "document.open", Keys: []string{"enter", "l", "right"}, Desc: "open the referrer's manifest", Short: "manifest",
		Group: "Document", Footer: true, Run: kit.Ask(func() kit.Intent { return kit.Go{Screen: s.wire.Open()} }),
	}
	return append([]kit.Binding{out}, s.view.Bindings("document", "Document")...)
}

// View implements kit.Screen.
func (s *Document) View(int, int) string { return s.view.View(s.com.Look) }

// Status implements kit.Reporter.
func (s *Document) Status() kit.Status {
	if s.err != nil {
		return kit.Status{Err: s.err}
	}
	return kit.Status{Text: string(s.wire.Node.Digest()), Busy: !s.done}
}

func (s *Document) draw() {
	n := s.wire.Node
	out := []textview.Line{}
	for _, c := range n.Signatures {
		out = append(out, s.claim(c)...)
	}
	if n.Build != nil {
		out = append(out, s.build(n)...)
	}
	if n.Err != nil {
		out = append(out, textview.Line{{Role: theme.Danger, Text: " " + text.Clean(n.Err.Error())}}, textview.Line{})
	}
	if len(s.raw) > 0 {
		out = append(out, head("DOCUMENT"))
		out = append(out, s.raw...)
	}
	s.view.SetLines(out)
}

const nameWidth = 14

func head(s string) textview.Line { return textview.Line{{Role: theme.Header, Text: " " + s}} }

// lines are names with values; those without a value are left out.
func lines(of ...[2]string) []textview.Line {
	var out []textview.Line
	for _, f := range of {
		if f[1] != "" {
			out = append(out, textview.Line{
				{Role: theme.Dim, Text: " " + kit.Fit(f[0], nameWidth)}, {Role: theme.Text, Text: f[1]},
			})
		}
	}
	return out
}

// Verdict is the tone that a verdict is drawn in.
func Verdict(v supply.Verdict) column.Tone {
	switch v {
	case supply.Verified:
		return column.OK
	case supply.Unverified:
		return column.Warn
	case supply.None:
		return column.Dim
	case supply.Refused, supply.Broken:
	}
	return column.Danger
}

func (s *Document) claim(c supply.Claim) []textview.Line {
	signed := ""
	if !c.Time.IsZero() {
		signed = text.Stamp(c.Time) + " UTC, " + text.Ago(c.Time, s.com.Now())
	}
	verdict := string(c.Verdict)
	if c.Key != "" {
		verdict += " with the key " + c.Key
	}
	out := lines([2]string{"verdict", verdict})
	out[0][1].Role = table.Role(Verdict(c.Verdict))
	out = append([]textview.Line{head("SIGNATURE")}, out...)
	out = append(out, lines([2]string{"", c.Why}, [2]string{"scheme", c.Scheme}, [2]string{"of", string(c.Of)})...)
	out = append(out, lines([2]string{"repository", c.Repository}, [2]string{"identity", c.Identity},
		[2]string{"issuer", c.Issuer}, [2]string{"signed", signed})...)
	if c.Identity != "" || c.Repository != "" {
		out = append(out, textview.Line{{Role: theme.Dim, Text: " All but the verdict is as the signature claims."}})
	}
	return append(out, textview.Line{})
}

func (s *Document) build(n *supply.Node) []textview.Line {
	b := n.Build
	out := []textview.Line{head("BUILD")}
	if len(n.Signatures) == 0 {
		out = append(out, textview.Line{{Role: theme.Warn, Text: " not signed: whoever may push could have written this"}})
	}
	when := ""
	if !b.Finished.IsZero() {
		when = text.Stamp(b.Finished) + " UTC, " + text.Ago(b.Finished, s.com.Now())
	}
	out = append(out, lines([2]string{"source", b.Source}, [2]string{"commit", b.Commit}, [2]string{"built from", b.Entry},
		[2]string{"builder", b.Builder}, [2]string{"build type", b.Type}, [2]string{"run", b.Run},
		[2]string{"finished", when}, [2]string{"format", b.Format})...)
	if len(b.Args) > 0 {
		out = append(out, textview.Line{}, head("ARGUMENTS"))
	}
	for _, name := range slices.Sorted(maps.Keys(b.Args)) {
		out = append(out, lines([2]string{name, b.Args[name]})...)
	}
	if len(b.Materials) > 0 {
		out = append(out, textview.Line{}, head("MATERIALS"))
	}
	for _, m := range b.Materials {
		out = append(out, textview.Line{{Role: theme.Text, Text: " " + m.URI}, {Role: theme.Dim, Text: "  " + m.Digest}})
	}
	return append(out, textview.Line{})
}

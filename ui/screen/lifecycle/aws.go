package lifecycle

import (
	"context"

	tea "charm.land/bubbletea/v2"

	"regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/kit"
)

// awsPreview is what AWS says of the policy, beside what is worked out here.
type awsPreview struct {
	asking bool
	known  bool
	failed bool                             // it said nothing: what is shown is worked out here alone
	says   map[ref.Digest]lifecycle.Verdict // of the images that go; all others are kept
}

type awsMsg struct {
	text string
	says map[ref.Digest]lifecycle.Verdict
	err  error
}

// askAWS has AWS preview the policy, which takes a while.
func (s *Screen) askAWS() (kit.Intent, tea.Cmd) {
	s.aws = awsPreview{asking: true}
	policy, ask := s.policy.Text(), s.wire.AWS
	asked := s.text
	return kit.Toast{Text: "AWS works out its own preview; this takes some seconds"},
		s.lane.Go(func(ctx context.Context) tea.Msg {
			says, err := ask(ctx, policy)
			return awsMsg{text: asked, says: says, err: err}
		})
}

func (s *Screen) onAWS(msg awsMsg) (kit.Intent, tea.Cmd) {
	if msg.text != s.text {
		return nil, nil // it is about a policy that is not there any more
	}
	s.aws = awsPreview{known: msg.err == nil, failed: msg.err != nil, says: msg.says}
	s.hold()
	if msg.err != nil {
		return kit.Toast{Err: msg.err}, nil
	}
	return nil, s.List.Reorder()
}

func (s *Screen) noAWS() string {
	switch {
	case s.wire.AWS == nil:
		return "only ECR previews policies; the verdicts here are worked out on this machine"
	case !s.loaded || len(s.violations) > 0:
		return "there is no valid policy to preview"
	case s.aws.asking:
		return "AWS is working on it"
	}
	return ""
}

// hold holds what AWS says against the newest result, whose rows become others.
func (s *Screen) hold() {
	if s.now == nil {
		return
	}
	held := *s.now
	held.rows = make([]*row, len(held.rows))
	for i, r := range s.now.rows {
		other := *r
		other.aws = nil
		if says := s.aws.says[r.image.Digest]; s.aws.known && says.Outcome != r.verdict.Outcome {
			other.aws = &says
		}
		held.rows[i] = &other
	}
	s.now = &held
}

// awsSays is a line on how AWS's preview compares.
func (s *Screen) awsSays() kit.Span {
	switch {
	case s.aws.asking:
		return kit.Span{Role: theme.Dim, Text: "   AWS: …"}
	case s.aws.failed:
		return kit.Span{Role: theme.Warn, Text: "   AWS does not say: worked out here alone"}
	case !s.aws.known:
		return kit.Span{}
	}
	n := 0
	for _, r := range s.shown() {
		if r.aws != nil {
			n++
		}
	}
	if n == 0 {
		return kit.Span{Role: theme.OK, Text: "   AWS says the same"}
	}
	return kit.Span{Role: theme.Warn, Text: "   AWS differs on " + text.Plural(n, "image", "images")}
}

func (s *Screen) save() kit.Intent { return kit.Go{Screen: s.wire.Save(s.policy.Text(), s.has)} }

func (s *Screen) noSave() string {
	switch {
	case s.wire.Save == nil:
		return "this registry keeps no lifecycle policies"
	case !s.loaded || len(s.violations) > 0:
		return "ECR would not take this policy"
	}
	return ""
}

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
	s.aws = awsPreview{known: msg.err == nil, says: msg.says}
	if msg.err != nil {
		return kit.Toast{Err: msg.err}, nil
	}
	return nil, s.list.Reorder()
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

// differs reports whether AWS would do something else with an image.
func (s *Screen) differs(r *row) bool {
	return s.aws.known && s.aws.says[s.image(r).Digest].Outcome != s.verdict(r).Outcome
}

// awsSays is a line on how AWS's preview compares.
func (s *Screen) awsSays() kit.Span {
	switch {
	case s.aws.asking:
		return kit.Span{Role: theme.Dim, Text: "   AWS: …"}
	case !s.aws.known:
		return kit.Span{}
	}
	n := 0
	for _, r := range s.rows {
		if s.differs(r) {
			n++
		}
	}
	if n == 0 {
		return kit.Span{Role: theme.OK, Text: "   AWS says the same"}
	}
	return kit.Span{Role: theme.Warn, Text: "   AWS differs on " + text.Plural(n, "image", "images")}
}

func (s *Screen) save() kit.Intent { return kit.Go{Screen: s.wire.Save(s.policy.Text())} }

func (s *Screen) noSave() string {
	switch {
	case s.wire.Save == nil:
		return "this registry keeps no lifecycle policies"
	case !s.loaded || len(s.violations) > 0:
		return "ECR would not take this policy"
	}
	return ""
}

package rollback

import (
	"context"
	"errors"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"regatta/model/deploy"
	"regatta/model/rollback"
	"regatta/model/text"
	"regatta/ui/kit"
	"regatta/ui/overlay/ask"
)

// Bindings implements kit.Screen.
func (s *AfterScreen) Bindings() []kit.Binding {
	out := kit.Bind("rolled-back", "After a rollback", []kit.Binding{
		{
			ID: "deploy", Keys: kit.Keys{"d"}, Desc: "deploy what follows the tag: shows the plan", Short: "deploy",
			Footer: true, Dangerous: true, Disabled: s.notDeployable, Run: kit.Ask(s.deploy),
		},
		{
			ID: "revert", Keys: kit.Keys{"Z"}, Desc: "revert it: shows the plan", Short: "revert", Footer: true,
			Dangerous: true, Disabled: s.notRevertible, Run: kit.Ask(s.revert),
		},
		{
			ID: "next", Keys: kit.Keys{"b"}, Desc: "the next candidate: shows the plan", Short: "next",
			Footer: true, Dangerous: true, Disabled: s.noNext, Run: kit.Ask(s.next),
		},
		{
			ID: "note", Keys: kit.Keys{"n"}, Desc: "write down why", Short: "note", Footer: true,
			Disabled: s.notReady, Run: kit.Ask(s.note),
		},
		{
			ID: "record", Keys: kit.Keys{"m"}, Desc: "copy the record as Markdown", Short: "record", Footer: true,
			Disabled: s.notReady, Run: s.record,
		},
		{
			ID: "restart", Keys: kit.Keys{"c"}, Desc: "copy the commands that restart what does not run the image",
			Short: "restart", Footer: true, Disabled: s.noWorkload, Run: kit.Ask(s.restart),
		},
		{
			ID: "again", Keys: kit.Keys{"r", "R", "ctrl+r"}, Desc: "look again",
			Run: func() (kit.Intent, tea.Cmd) { return nil, s.look(true) },
		},
	})
	return append(out, s.view.Bindings("rolled-back", "After a rollback")...)
}

func (s *AfterScreen) notReady() string {
	if !s.ready {
		return "nobody has looked yet"
	}
	return ""
}

func (s *AfterScreen) notEnded() string {
	if !s.ready || !s.sight.Run.State.Ended() {
		return "it has not ended"
	}
	return ""
}

// reverting is said while a revert has not ended.
const reverting = "reverting"

// reverted is how far a revert has come, empty where there is none.
func (s *AfterScreen) reverted() string {
	switch r := s.sight.Run; {
	case len(r.Undoing) > 0:
		return reverting
	case len(r.Undone) > 0:
		return "reverted"
	case len(r.UndoneInPart) > 0:
		return "reverted in part"
	}
	return ""
}

func (s *AfterScreen) notRevertible() string {
	if r := s.sight.Run; len(r.Undoing)+len(r.Undone) > 0 {
		return "it was reverted"
	}
	return s.notEnded()
}

// verified reports whether every tag was read back, and nothing speaks against
// its image.
func (s *AfterScreen) verified() bool {
	for _, v := range s.sight.Tags {
		if len(v.Checks) == 0 || blocked(v) {
			return false
		}
	}
	return s.notEnded() == "" && len(s.sight.Tags) > 0
}

func (s *AfterScreen) notDeployable() string {
	behind := func(one rollback.Service) bool { return one.Verdict != deploy.Settled }
	switch {
	case !s.verified():
		return "it is not verified"
	case len(s.sight.Services) == 0:
		return "nothing that regatta deploys follows the tag"
	case s.obstacle() != "":
		return s.obstacle()
	case s.sight.Deployed && s.sight.Watching:
		return "a deployment is under way"
	case !slices.ContainsFunc(s.sight.Services, behind):
		return "it runs already"
	}
	return ""
}

// obstacle is why the services cannot all be deployed here.
func (s *AfterScreen) obstacle() string {
	for _, one := range s.sight.Services {
		if one.Obstacle != "" && one.Verdict != deploy.Settled {
			return one.Obstacle
		}
	}
	return ""
}

func (s *AfterScreen) noNext() string {
	if s.notEnded() != "" || s.sight.Next == "" {
		return "there is no other candidate"
	}
	return ""
}

func (s *AfterScreen) noWorkload() string {
	if len(s.sight.Workloads) == 0 {
		return "no workload of Kubernetes follows the tag"
	}
	return ""
}

func (s *AfterScreen) deploy() kit.Intent { return kit.Go{Screen: s.wire.Deploy()} }
func (s *AfterScreen) revert() kit.Intent { return kit.Go{Screen: s.wire.Revert()} }
func (s *AfterScreen) next() kit.Intent   { return kit.Go{Screen: s.wire.Next()} }

var errEmpty = errors.New("nothing was typed")

func (s *AfterScreen) note() kit.Intent {
	check := func(why string) error {
		if why == "" {
			return errEmpty
		}
		return nil
	}
	write := s.wire.Follow.Note
	return kit.Push{Overlay: ask.Running(s.com.Look, "why was it rolled back?", "for the journal and the record", check,
		func(why string) tea.Cmd {
			return s.lane.Go(func(ctx context.Context) tea.Msg { return notedMsg{write(ctx, why)} })
		})}
}

func (s *AfterScreen) record() (kit.Intent, tea.Cmd) {
	record := s.wire.Follow.Record
	return nil, s.lane.Go(func(ctx context.Context) tea.Msg {
		said, err := record(ctx)
		return textMsg{said, err}
	})
}

// restart copies the commands of the workloads that do not run the image yet, or
// of all where each does.
func (s *AfterScreen) restart() kit.Intent {
	var behind, all []string
	for _, w := range s.sight.Workloads {
		if !slices.Contains(all, w.Restart) {
			all = append(all, w.Restart)
		}
		if w.Verdict != deploy.Settled && !slices.Contains(behind, w.Restart) {
			behind = append(behind, w.Restart)
		}
	}
	if len(behind) == 0 {
		behind = all
	}
	what := text.Clean(behind[0])
	if len(behind) > 1 {
		what = "the commands that restart " + text.Plural(len(behind), "workload", "workloads")
	}
	return kit.Copy{What: what, Text: strings.Join(behind, "\n")}
}

package access

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/access"
	"regatta/ui/component/list"
	"regatta/ui/kit"
	"regatta/ui/overlay/ask"
)

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	own := kit.Bind("access", "Access", []kit.Binding{
		{
			ID: "next-tab", Keys: kit.Keys{"tab", "]"}, Desc: "next tab", Footer: true,
			Run: kit.Do(func() { s.turn(1) }),
		},
		{
			ID: "pull-policy", Keys: kit.Keys{"p"}, Desc: "copy a policy that lets a role pull, and no more",
			Short: "pull policy", Footer: true,
			Run: kit.Ask(func() kit.Intent {
				return s.grant("pull", access.PullPolicy)
			}),
		},
		{
			ID: "push-policy", Keys: kit.Keys{"P"}, Desc: "copy a policy that lets a role push, and no more",
			Short: "push policy", Footer: true,
			Run: kit.Ask(func() kit.Intent {
				return s.grant("push", access.PushPolicy)
			}),
		},
		{
			ID: "copy", Keys: kit.Keys{"c"}, Desc: "copy the policy of the tab, or the principal", Short: "copy",
			Footer: true, Disabled: s.nothingToCopy, Run: kit.Ask(s.copy),
		},
		{
			ID: "refresh", Keys: kit.Keys{"r", "R", "ctrl+r"}, Desc: "read again",
			Run: func() (kit.Intent, tea.Cmd) { return nil, s.reload() },
		},
		{
			ID: "previous-tab", Keys: kit.Keys{"shift+tab", "["}, Desc: "previous tab",
			Run: kit.Do(func() { s.turn(-1) }),
		},
	})
	own = append(own, kit.Tabs("access", "Access", tabNames(), func(i int) func() (kit.Intent, tea.Cmd) {
		return kit.Do(func() { s.tab = i })
	})...)
	if s.tab == tabWho {
		return slices.Concat(own, s.list.Bindings())
	}
	return append(own, s.texts[s.tab].Bindings("access", "Access")...)
}

// turn goes n tabs on, round and round.
func (s *Screen) turn(n int) { s.tab = (s.tab + n + tabCount) % tabCount }

// grant asks for a role, and copies the policy that lets it do one thing.
func (s *Screen) grant(verb string, policy func(role string) (access.Document, error)) kit.Intent {
	role := "arn:aws:iam::" + s.wire.Account + ":role/"
	if r := s.current(); r != nil {
		if _, err := policy(r.Name()); err == nil {
			role = r.Name()
		}
	}
	check := func(line string) error {
		_, err := policy(line)
		return err
	}
	return kit.Push{Overlay: ask.New(s.com.Look, "which role may "+verb+" from then on?",
		"the policy is copied, for aws ecr set-repository-policy; nothing is changed", check, func(line string) kit.Intent {
			doc, err := policy(line)
			if err != nil {
				return kit.Toast{Err: err}
			}
			return kit.Copy{What: "the " + verb + " policy for " + line, Text: doc.String()}
		}).Begin(role)}
}

func (s *Screen) current() *access.Row { return s.list.Current() }

func (s *Screen) nothingToCopy() string {
	if s.copied().Text == "" {
		return "there is nothing here to copy"
	}
	return ""
}

func (s *Screen) copy() kit.Intent { return s.copied() }

// copied is what c copies.
func (s *Screen) copied() kit.Copy {
	switch s.tab {
	case tabRepository:
		return kit.Copy{What: "the repository policy", Text: s.report.Repository.Text}
	case tabRegistry:
		return kit.Copy{What: "the registry policy", Text: s.report.Registry.Text}
	case tabWho:
		if r := s.current(); r != nil {
			return kit.Copy{What: r.Name(), Text: r.Name()}
		}
	}
	return kit.Copy{}
}

func (s *Screen) mouse(msg tea.MouseMsg) tea.Cmd {
	if click, ok := msg.(tea.MouseClickMsg); ok {
		if page, hit := s.tabLine().Hit(click.X, s.width); hit && click.Y == 0 {
			s.tab = page
			return nil
		}
		click.Y -= above
		msg = click
	}
	if s.tab == tabWho {
		_, cmd := s.list.Mouse(msg)
		return cmd
	}
	if wheel, ok := msg.(tea.MouseWheelMsg); ok {
		s.texts[s.tab].Scroll(list.WheelLines(wheel))
	}
	return nil
}

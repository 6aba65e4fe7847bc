package access

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"regatta/model/access"
	"regatta/ui/component/list"
	"regatta/ui/kit"
	"regatta/ui/overlay/ask"
)

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	key := func(id, desc string, run func() (kit.Intent, tea.Cmd), keys ...string) kit.Binding {
		return kit.Binding{ID: "access." + id, Keys: keys, Desc: desc, Group: "Access", Run: run}
	}
	own := []kit.Binding{
		key("next-tab", "next tab", kit.Do(func() { s.turn(1) }), "tab", "]"),
		key("pull-policy", "copy a policy that lets a role pull, and no more", kit.Ask(func() kit.Intent {
			return s.grant("pull", access.PullPolicy)
		}), "p"),
		key("push-policy", "copy a policy that lets a role push, and no more", kit.Ask(func() kit.Intent {
			return s.grant("push", access.PushPolicy)
		}), "P"),
		key("copy", "copy the policy of the tab, or the principal", kit.Ask(s.copy), "c"),
		key("refresh", "read again", func() (kit.Intent, tea.Cmd) { return nil, s.reload() }, "r", "R", "ctrl+r"),
		key("previous-tab", "previous tab", kit.Do(func() { s.turn(-1) }), "shift+tab", "["),
	}
	own[1].Short, own[2].Short, own[3].Short = "pull policy", "push policy", "copy"
	for i := range 4 {
		own[i].Footer = true
	}
	own[3].Disabled = s.nothingToCopy
	for i, name := range tabNames() {
		id := "tab-" + strings.ReplaceAll(name, " ", "-")
		own = append(own, key(id, name, kit.Do(func() { s.tab = i }), string(rune('1'+i))))
	}
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

package ui_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/fault"
	"regatta/ui"
	"regatta/ui/kit"
	"regatta/ui/uitest"
)

// reply is a page's answer, which comes later.
type reply struct{ intent kit.Intent }

// later is a page that begins work of a second, and asks for what comes of it.
func later(title string, intent kit.Intent) *page {
	p := &page{title: title}
	p.on = func(m tea.Msg) (kit.Intent, tea.Cmd) {
		if r, ok := m.(reply); ok {
			return r.intent, nil
		}
		return nil, nil
	}
	p.keys = []kit.Binding{{ID: "page.w", Keys: []string{"w"}, Desc: "work", Run: func() (kit.Intent, tea.Cmd) {
		return nil, p.lane.Go(func(ctx context.Context) tea.Msg {
			select {
			case <-time.After(time.Second):
			case <-ctx.Done():
			}
			return reply{intent}
		})
	}}}
	return p
}

// A reply that comes when another screen is on top may speak, but moves nobody.
func TestLateRepliesDoNotNavigate(t *testing.T) {
	t.Parallel()
	for name, intent := range map[string]kit.Intent{
		"go": kit.Go{Screen: &page{title: "led astray"}}, "back": kit.Back{}, "push": kit.Push{Overlay: &box{}},
		"instead": kit.Instead{Screen: &page{title: "led astray"}}, "replace": kit.Replace{Screen: &page{title: "led astray"}},
		"pop": kit.Pop{}, "quit": kit.Quit{}, "run": kit.RunBinding{ID: "page.x"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ran := 0
			above := &page{title: "above", keys: []kit.Binding{key("x", "do", func() kit.Intent { ran++; return nil })}}
			p := later("below", intent)
			p.keys = append(p.keys, on("g", kit.Go{Screen: above}))
			perform(t, p, nil, func(s *uitest.Driver) {
				s.Press("w", "g", ":").See("below › above", "─ commands").Advance(2*time.Second).See("below › above", "─ commands").SeeNot("astray", "[")
				if len(told[reply](p)) != 1 || ran != 0 || above.closed != 0 || p.closed != 0 {
					t.Errorf("%d replies, %d runs, %d and %d closed", len(told[reply](p)), ran, above.closed, p.closed)
				}
			})
		})
	}
	p := later("below", kit.Toast{Text: "it has ended"})
	p.keys = append(p.keys, on("g", kit.Go{Screen: &page{title: "above"}}))
	perform(t, p, nil, func(s *uitest.Driver) {
		s.Press("w", "g").Advance(2*time.Second).See("below › above", "it has ended")
	})
	closed := later("gone", kit.Go{Screen: &page{title: "led astray"}})
	perform(t, closed, nil, func(s *uitest.Driver) {
		if s.Press("w", "esc").Advance(2 * time.Second).See(uitest.Home).SeeNot("astray"); len(told[reply](closed)) != 0 {
			t.Error("a page that is closed gets a reply")
		}
	})
	here := later("here", kit.Go{Screen: &page{title: "onwards"}})
	perform(t, here, nil, func(s *uitest.Driver) {
		s.Press("w").See("here").SeeNot("onwards").Advance(2 * time.Second).See("here › onwards")
	})
}

func TestScreensComeAndGo(t *testing.T) {
	t.Parallel()
	second, third, fourth := &page{title: "second"}, &page{title: "third"}, &page{title: "fourth"}
	first := &page{title: "first", keys: []kit.Binding{on("g", kit.Go{Screen: second}), on("x", kit.Replace{Screen: fourth})}}
	second.keys = []kit.Binding{on("i", kit.Instead{Screen: third, Say: kit.Toast{Level: kit.Success, Text: "instead"}})}
	third.keys = []kit.Binding{on("b", kit.Back{Say: kit.Toast{Level: kit.Warning, Text: "back again"}})}
	perform(t, first, nil, func(s *uitest.Driver) {
		s.Press("g").See("first › second").Press("i").See("first › third", "✓ instead").SeeNot("second")
		if second.closed != 1 || third.closed != 0 || third.inits != 1 || len(told[kit.Shown](first)) != 0 {
			t.Errorf("closed: %d and %d; began: %d", second.closed, third.closed, third.inits)
		}
		if s.View().WindowTitle != "regatta › first › third" {
			t.Errorf("the window is %q", s.View().WindowTitle)
		}
		s.Press("b").See("first", "! back again").SeeNot("third")
		s.Press("x").See("regatta › fourth").SeeNot("first").Press("esc").See("fourth")
		if first.closed != 1 || third.closed != 1 || fourth.closed != 0 {
			t.Errorf("closed: %d, %d and %d", first.closed, third.closed, fourth.closed)
		}
	})
	if fourth.closed != 0 {
		t.Error("it was closed without a key")
	}
}

func TestOverlaysAnswer(t *testing.T) {
	t.Parallel()
	in := &box{on: func(k string) kit.Intent {
		if k == "enter" {
			return kit.Pop{Then: kit.Toast{Text: "inner said"}}
		}
		return nil
	}}
	out := &box{}
	out.on = func(k string) kit.Intent {
		switch k {
		case "p":
			return kit.Push{Overlay: in}
		case "enter":
			return kit.Pop{Then: kit.RunBinding{ID: "page.x"}}
		case "a":
			return kit.Pop{Then: kit.RunBinding{ID: "help"}}
		case "?":
			return kit.RunBinding{ID: "there.is.none"}
		case "t":
			return kit.Toast{Text: "outer said"}
		}
		return nil
	}
	p := &page{keys: []kit.Binding{
		on("o", kit.Push{Overlay: out}), on("x", kit.Copy{What: "a name", Text: "registry/a:b"}), on("y", kit.Pop{}),
	}}
	perform(t, p, nil, func(s *uitest.Driver) {
		s.Press("o", "t").See("[t]").Press("p", "z").See("[z]").Press("enter").See("[t p]").Press("?").See("[t p ?]").Press("enter").SeeNot("[t")
		if s.See("✓ copied a name").Advance(time.Second).Clipboard() != "registry/a:b" {
			t.Errorf("copied %q", s.Clipboard())
		}
		s.Press("o", "a").See("─ keys").Press("esc").Press("y").See("80×21") // nothing to close is no harm
	})
}

func TestMessagesLast(t *testing.T) {
	t.Parallel()
	say := func(k string, level kit.Level, text string) kit.Binding {
		return on(k, kit.Toast{Level: level, Text: text})
	}
	p := &page{status: kit.Status{Text: "all is well", Busy: true}, keys: []kit.Binding{
		say("1", kit.Info, "information"), say("2", kit.Success, "success"), say("3", kit.Warning, "warning"), say("4", kit.Failure, "failure"),
		on("5", kit.Toast{Level: kit.Warning, Err: errors.New("only a warning\u202e\a")}),
		on("6", kit.Toast{Err: &fault.Error{Kind: fault.Denied, Op: "delete", Object: strings.Repeat("x", 100)}}),
	}}
	perform(t, p, nil, func(s *uitest.Driver) {
		s.See("all is well …").Press("1").See(" information").SeeNot("well").Advance(3900 * time.Millisecond).See("information")
		s.Advance(200 * time.Millisecond).See("all is well").SeeNot("information")
		for k, text := range map[string]string{"2": "✓ success", "3": "! warning", "4": "✗ failure", "5": "! only a warning"} {
			s.Press(k).See(" "+text).Advance(9*time.Second).See(text).SeeNot("\u202e", "\a").Advance(2 * time.Second).SeeNot(text)
		}
		s.Press("1").Advance(3 * time.Second).Press("2").Advance(2 * time.Second).See("success") // the end of one is not that of the next
		s.Press("down").SeeNot("success").See("all is well")
		s.Press("6").See("✗ denied: delete xxx", "… · your identity may not do this").SeeNot("well") // the advice stays whole
		s.Advance(11 * time.Second).See("all is well")
		p.status.Err = &fault.Error{Kind: fault.Auth, Op: "list", Object: "tags"}
		s.Press("down").See("✗ ", "list tags", "sign in with docker login").SeeNot("well", "…")
	})
}

func TestScreensOfTheApp(t *testing.T) {
	t.Parallel()
	perform(t, &page{title: "bare"}, nil, func(s *uitest.Driver) {
		s.Press("@").See("bare").SeeNot("no key").Press("J").See("! changes: nothing can be changed here")
		s.Press("z").See("! undo the last change: nothing can be changed here")
	})
	asked := map[string]int{}
	open := func(name string) func(kit.Common) kit.Screen {
		return func(com kit.Common) kit.Screen {
			asked[name]++
			if com.Look == nil || com.Now == nil {
				t.Error("it is handed nothing")
			}
			return &page{title: name}
		}
	}
	perform(t, &page{title: "whole"}, func(o *ui.Options) {
		o.Requests, o.Journal, o.UndoLast = open("requests"), open("journal"), open("undo")
	}, func(s *uitest.Driver) {
		s.Press("@").See("whole › requests").Press("J").See("requests › journal").Press("z").See("journal › undo")
		for _, name := range []string{"requests", "journal", "undo"} {
			if asked[name] != 1 {
				t.Errorf("%s: opened %d times", name, asked[name])
			}
		}
	})
}

func TestThePaletteOpens(t *testing.T) {
	t.Parallel()
	var asked [][2]string
	p := &page{title: "here", host: "registry.example"}
	perform(t, p, func(o *ui.Options) {
		o.Open = func(text, host string) []kit.Candidate {
			asked = append(asked, [2]string{text, host})
			if text != "team/app" {
				return nil
			}
			return []kit.Candidate{{Title: "team/app", Detail: "image", Intent: func() kit.Intent { return kit.Go{Screen: &page{title: "opened"}} }}}
		}
	}, func(s *uitest.Driver) {
		s.Press(":").See("help", "quit").Type("team/app").SeeLine(`▌team/app +image`).Press("enter").See("here › opened").SeeNot("commands ─")
		if asked[0] != [2]string{"", "registry.example"} || asked[len(asked)-1] != [2]string{"team/app", "registry.example"} {
			t.Errorf("asked for %q", asked)
		}
	})
}

func TestHeaderAndFooterWhereThereIsNoRoom(t *testing.T) {
	t.Parallel()
	deep := &page{title: strings.Repeat("d", 30)}
	for _, k := range []string{"1", "2", "3", "4", "5", "6", "7"} {
		b := on(k, nil)
		b.Desc = "a long description " + k
		deep.keys = append(deep.keys, b)
	}
	hidden := on("h", nil)
	hidden.Footer = false
	deep.keys = append(deep.keys, hidden)
	p := &page{title: strings.Repeat("a", 30), keys: []kit.Binding{on("g", kit.Go{Screen: deep})}}
	perform(t, p, nil, func(s *uitest.Driver) {
		s.See("regatta › aaa").Press("g").See("regatta › "+p.title+" › "+deep.title).Resize(80, 30)
		s.SeeLine(`^ 1 a long description 1 +2 a long description 2 +\? help +: commands +q quit$`).SeeNot("description 3", "do h")
		s.Resize(120, 30).See("description 3").Resize(80, 24)
		deep.badges = []kit.Span{{Text: strings.Repeat("b", 30)}}
		s.Press("down").See("… › "+deep.title, strings.Repeat("b", 30)).SeeNot("regatta", "aaa") // the first ones go
	})
}

package against_test

import (
	"strings"
	"testing"

	tea "charm.land/bubbletea/v2"

	"regatta/model/ref"
	"regatta/ui/kit"
	"regatta/ui/overlay/against"
	"regatta/ui/uitest"
)

// stand is a screen of an image that is compared, and of the comparison.
type stand struct {
	com  kit.Common
	from ref.Reference
	said string
}

func (*stand) Init() tea.Cmd                        { return nil }
func (*stand) Update(tea.Msg) (kit.Intent, tea.Cmd) { return nil, nil }
func (s *stand) View(w, h int) string               { return kit.Block([]string{s.said}, w, h) }
func (*stand) Close()                               {}

func (s *stand) Bindings() []kit.Binding {
	open := func(from, to ref.Reference) kit.Screen { return &stand{said: from.String() + " and " + to.String()} }
	return []kit.Binding{{ID: "stand.ask", Keys: []string{"="}, Desc: "compare", Run: kit.Ask(func() kit.Intent { return against.New(s.com.Look, s.from, open) })}}
}

func TestAsksForAnotherImage(t *testing.T) {
	t.Parallel()
	from := ref.Reference{Host: "registry.example", Repository: "shop/api", Tag: "prod"}
	uitest.Perform(t, uitest.Stage{Width: 120, Height: 24, Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		return &stand{com: com, from: from, said: "the image"}
	}}, func(s *uitest.Driver) {
		s.Press("=").See("compare "+from.Short()+" with", "a tag, a digest, or HOST/REPOSITORY:TAG").Press("enter").See("compare " + from.Short()).Type("a b").Press("enter").See("compare " + from.Short())
		s.Press("esc").See("the image").SeeNot("compare").Press("=").Type("v2").Press("enter").See("registry.example/shop/api:prod and registry.example/shop/api:v2").Press("esc").See("the image")
		digest := "sha256:" + strings.Repeat("ab", 32)
		s.Press("=").Paste("other.example/a@"+digest).Press("enter").See("registry.example/shop/api:prod and", "other.example/a@sha256:abab")
	})
}

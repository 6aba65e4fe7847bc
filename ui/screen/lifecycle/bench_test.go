package lifecycle

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/theme"
	"regatta/ui/kit"
)

// settle runs what a screen asks for, and what comes of that, so many times: the
// last thing that comes is the rest that the list takes once all is shown.
func settle(cmd tea.Cmd, deep int) {
	if cmd == nil || deep == 0 {
		return
	}
	switch msg := cmd().(type) {
	case tea.BatchMsg:
		for _, c := range msg {
			settle(c, deep)
		}
	case kit.Reply:
		_, _, next := msg.Deliver()
		settle(next, deep-1)
	}
}

// BenchmarkEditorKeystroke is a key in the editor of a policy, until the screen
// shows the new verdicts of 10,000 images.
func BenchmarkEditorKeystroke(b *testing.B) {
	now := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	images := make([]lifecycle.Image, 10_000)
	for i := range images {
		images[i] = lifecycle.Image{
			Digest: ref.DigestOf(fmt.Appendf(nil, "%d", i)), Size: 50e6, Class: lifecycle.Standard,
			Tags: []string{fmt.Sprintf("v1.%d", i), fmt.Sprintf("git-%07x", i*7919)}, Pushed: now.Add(-time.Duration(i) * time.Hour),
		}
	}
	s := New(kit.Common{Ctx: b.Context(), Look: &kit.Look{Styles: &theme.Styles{}}, Now: func() time.Time { return now }}, Wiring{
		Repository: "shop/api",
		Load:       func(context.Context) (Loaded, error) { return Loaded{Images: images}, nil },
	})
	s.Update(tea.WindowSizeMsg{Width: 160, Height: 45})
	settle(s.Init(), 3)
	texts := []string{templates()[1].text(), strings.Replace(templates()[1].text(), "30", "300", 1)}
	n := 0
	for b.Loop() {
		n++
		settle(s.Edited(texts[n%2]), 2)
		if s.View(160, 45) == "" || s.busy || s.List.Table.Len() == 0 || s.now.sum.Expire == 0 {
			b.Fatal("nothing is shown")
		}
	}
}

package cli

import (
	"testing"

	"regatta/ui/uitest"
)

// What a tag pointed to is told with its source and how sure that is, and leads
// back there.
func TestHistoryOfATag(t *testing.T) {
	t.Parallel()
	with := inShopOnECS()
	with.terminal = uitest.Terminal{Width: 160, Height: 45}
	perform(t, with, func(s *stage) {
		bad, _ := s.reg.Resolve("shop/api", "prod")
		s.Advance(settle).Press("/").Type("prod").Press("enter").Advance(settle).Press("b").Advance(settle)
		s.Press("enter").Advance(settle).Press("H").Advance(settle).See("prod of shop/api pointed to", "HOW SURE", "deployed", "what ran; the tag may have moved", "now")
		s.Press("esc", "enter").Advance(settle).Press("tab", "enter").Advance(settle).Type("prod").Press("enter")
		s.Advance(settle).Advance(settle).See("prod was read back").Press("esc").Advance(settle).Press("H").Advance(settle)
		s.See("journal", "certain: set from this machine", "certain when it ended: replaced from this machine", "v3.1.2", "v3.2.0")
		s.CursorOn("v3.1.2").Press("enter").Advance(settle).SeeNot("STEPS") // it points to that now
		s.Press("j").CursorOn("v3.2.0").Press("enter").Advance(settle).See("roll back prod of shop/api to v3.2.0", "2 steps")
		if now, _ := s.reg.Resolve("shop/api", "prod"); now == bad {
			t.Error("a plan was carried out")
		}
		s.Press("tab", "enter").Advance(settle).Type("prod").Press("enter").Advance(settle).Advance(settle)
		s.See("prod was read back").Press("esc").Advance(settle).See("prod of shop/api pointed to", "3 periods known here")
	})
}

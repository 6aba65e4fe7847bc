package cleanup_test

import (
	"errors"
	"testing"

	model "regatta/model/cleanup"
	"regatta/model/cost"
	"regatta/model/fault"
	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/ui"
	"regatta/ui/kit"
	"regatta/ui/uitest"
)

// What is said by hand goes before the rules; said again, the rules decide.
func TestByHand(t *testing.T) {
	t.Parallel()
	shop := small()
	perform(t, shop, func(s *uitest.Driver) {
		s.Advance(settle).Press("u").Advance(settle).Press("g").CursorOn("cccccccccccc").Press("x").Advance(settle).SeeLine(`^▌ = keep • +cccccccccccc`)
		s.See("× remove 0", "• by hand: keep 1").Press("j").CursorOn("v3").Press("x").Advance(settle).SeeLine(`^▌ × remove • +v3`).See("• by hand: remove 1, keep 1")
		s.Press("/").Type("is:by-hand").Press("enter").Advance(settle).See("2 / 4 images").Press("esc").Advance(settle)
		s.Press("c").See("copied the prune command, without 2 exceptions by hand").Press("w").See("the plan of 1").Press("esc")
		s.Press("x").Advance(settle).SeeLine(`^▌ = keep +v3`).See("• by hand: keep 1").Press("X").Advance(settle).See("× remove 1").SeeNot("by hand:").Press("X").See("there is no exception")
		s.Press("g", "space", "space", "space").CursorOn("one v1").Press("x").Advance(settle).See("• by hand: remove 2, keep 1", "× remove 2").SeeNot("●") // the marked ones, and not the one under the cursor
		s.SeeLine(`= keep • +cccccccccccc`).SeeLine(`× remove • +v2`).SeeLine(`= keep +one v1`)
	})
	if got := shop.rules.Exceptions; got[digest("c")] != model.KeepIt || got[digest("d")] != model.RemoveIt || len(got) != 2 {
		t.Errorf("planned with %v", got)
	}
}

// What is marked or archived for later is kept by hand, not removed at once.
func TestKeepsWhatWaits(t *testing.T) {
	t.Parallel()
	for mark, archives := range map[string]bool{"~ mark": false, "↓ archive": true} {
		t.Run(mark, func(t *testing.T) {
			t.Parallel()
			shop := small()
			shop.archives = archives
			perform(t, shop, func(s *uitest.Driver) {
				s.Advance(settle).Press("u", "D").Type("1w").Press("enter").Advance(settle).See("× remove 0", mark+" 1", "= keep 3").SeeLine(mark + ` +cccccccccccc`)
				s.Press("/").Type("is:" + map[bool]string{false: "marked", true: "archived"}[archives]).Press("enter").Advance(settle).See("1 / 4 images").Press("esc").Advance(settle)
				s.Press("w").See("the plan of 0").Press("esc", "g").CursorOn("cccccccccccc").Press("x").Advance(settle).SeeLine(`= keep • +cccccccccccc`).See("• by hand: keep 1").Press("w").See("nothing is removed")
			})
		})
	}
}

func TestOpens(t *testing.T) {
	t.Parallel()
	perform(t, small(), func(s *uitest.Driver) {
		s.Advance(settle).Press("G").CursorOn("v1").Press("enter").See("the image aaaaaaaaaaaa").Press("esc").ClickOn("v3").CursorOn("v3").ClickOn("v3").See("the image dddddddddddd").Press("esc")
		s.See("kept: ").ClickOn("SIZE").Advance(settle).See("SIZE↓").Press("space", "esc").SeeNot("●").Press("/").Type("v3").Press("enter").Advance(settle).See("1 / 4")
		s.Press("esc").Advance(settle).SeeNot("/ 4").Press("esc").See(uitest.Home)
	})
}

// Bytes that come back are as certain as they are known.
func TestFrees(t *testing.T) {
	t.Parallel()
	shop := small()
	shop.price = cost.Price{Standard: 1000, Currency: "USD"}
	perform(t, shop, func(s *uitest.Driver) {
		s.Advance(settle).SeeNot("a month").Press("u").Advance(settle).See("frees 1.0 MB, $0.93 a month").SeeNot("about")
	})
	shop.graph.Missing(digest("9"), "it is away")
	perform(t, shop, func(s *uitest.Driver) {
		s.Advance(settle).See("frees 0 B").SeeNot("about").Press("o").Type("300d").Press("enter").Advance(settle).See("frees about 2.0 MB, ≤ $1.86 a month")
	})
}

func TestCountsAsPulling(t *testing.T) {
	t.Parallel()
	shop := small()
	shop.counts, shop.err = true, &fault.Error{Kind: fault.Denied, Op: "read", Object: "shop/api"}
	perform(t, shop, func(s *uitest.Driver) {
		s.See("counts as pulling the images", "enter reads them, esc goes back", "nothing is read yet").Send(kit.Refresh{}).See("nothing is read yet").Press("u").See("no key u here")
		if shop.loads != 0 {
			t.Errorf("read %d times before it was agreed to", shop.loads)
		}
		s.Press("enter").See("read shop/api: denied", "r tries again, esc goes back").SeeNot("OUTCOME").Press("u").See("the images are not read yet")
		shop.err = nil
		s.Press("r").Advance(settle).See("4 images").Press("u").Advance(settle).See("× remove 1")
		s.Send(kit.Refresh{}).See("something was changed since this was read: r reads it again", "× remove 1") // it is not read by itself
		s.Press("r").Advance(settle).SeeNot("something was changed").See("untagged", "× remove 1")
	})
	if shop.loads != 3 {
		t.Errorf("read %d times", shop.loads)
	}
}

// While it is worked out there is no plan, and the newest rules count in the end.
func TestWorksItOut(t *testing.T) {
	t.Parallel()
	shop := small()
	shop.work = settle
	perform(t, shop, func(s *uitest.Driver) {
		s.See("working it out …").Press("w").See("what goes is not worked out yet").Advance(2*settle).Press("u").See("untagged", "× remove 0").Press("w").See("what goes is not worked out yet")
		s.Press("o").Type("30d").Press("enter", "u").See("older than 30d").SeeNot("untagged").Advance(settle + settle/2).See("× remove 1").Press("w").See("what goes is not worked out yet")
		s.Advance(settle).See("× remove 2").Press("w").See("the plan of 2").Press("esc")
		shop.slow = 3 * settle / 2
		s.Press("u", "r").Advance(7*settle/4).See("working it out …").Advance(settle).See("older than 30d · untagged", "× remove 0") // what comes of the images before is late
	})
	if shop.rules.OlderThan != 30*day {
		t.Errorf("planned %+v", shop.rules)
	}
}

// What is read anew has the same rules, and no exceptions of what is gone.
func TestReadsAnew(t *testing.T) {
	t.Parallel()
	shop := small()
	perform(t, shop, func(s *uitest.Driver) {
		s.Advance(settle).Press("o").Type("30d").Press("enter").Advance(settle).Press("g").CursorOn("v2").Press("x", "j", "x").Advance(settle).See("• by hand: keep 2")
		shop.graph, shop.described = graph.New(), map[ref.Digest]image.Image{}
		shop.add("a", 4_000_000, 400*day, "v1")
		shop.add("d", 1_000_000, day, "v3")
		shop.slow = settle
		s.Send(kit.Refresh{}).See("reading all images").Press("w").See("what goes is not worked out yet").Advance(3*settle).Press("g").See("older than 30d", "• by hand: keep 1", "2 images").SeeNot("v2")
		shop.err = errors.New("it broke")
		s.Press("r").Advance(2 * settle).See("it broke").Press("w").See("what goes is not worked out yet").Press("x").See("there is no image here")
		s.Press("r", "esc").Advance(3 * settle).See(uitest.Home)
	})
}

func TestKeepList(t *testing.T) {
	t.Parallel()
	shop := small()
	list, err := model.ParseKeepList("v1\n", ref.Reference{Host: "registry.example", Repository: "shop/api"})
	if err != nil {
		t.Fatal(err)
	}
	shop.lists["ab"] = list
	perform(t, shop, func(s *uitest.Driver) {
		shop.slow = settle
		s.Advance(2 * settle).Press("o").Type("30d").Press("enter").Advance(settle).See("× remove 2")
		s.Press("K").See("keep what a file names").Type("a").See("the keep list is not read yet").Type("b").Advance(3*settle).See("keep list ab", "× remove 1").SeeNot("not found") // the answer for a is late
		s.Press("enter", "c").Advance(settle)
		if got := s.Clipboard(); got != "regatta prune registry.example/shop/api --older-than 30d --keep-from ab" {
			t.Errorf("copied %s", got)
		}
		s.Press("w").See("the plan of 1").Press("esc", "K").Type("c").Press("enter", "w").See("the keep list is not read yet").Advance(settle)
		s.See("read abc: not found", "× remove 1").Press("w").See("read abc: not found").SeeNot("the plan")
		s.Press("K", "backspace", "backspace", "backspace", "enter").Advance(settle).See("older than 30d", "× remove 2").SeeNot("keep list", "not found").Press("w").See("the plan of 2")
	})
}

func TestNoPlan(t *testing.T) {
	t.Parallel()
	shop := small()
	shop.readOnly = true
	perform(t, shop, func(s *uitest.Driver) {
		s.Advance(settle).Press("u").Advance(settle).Press("w").See("this context is read-only")
	})
	shop = small()
	w := shop.wiring()
	w.Review = nil
	on(t, uitest.Stage{}, shop, w, func(s *uitest.Driver) {
		s.Advance(settle).Press("u").Advance(settle).Press("w").See("nothing can be removed here")
	})
	on(t, uitest.Stage{Options: func(o *ui.Options) { o.Common.ReadOnly = true }}, shop, shop.wiring(), func(s *uitest.Driver) {
		s.Advance(settle).Press("u").Advance(settle).Press("w").SeeNot("the plan of")
	})
	shop = small()
	shop.in.InUse = model.InUse{Digests: map[ref.Digest]string{digest("c"): "the service web"}}
	perform(t, shop, func(s *uitest.Driver) {
		s.Advance(settle).Press("u").Advance(settle).SeeLine(`= keep +cccccccccccc .*web`).Press("w").See("nothing is removed")
	})
	shop.graph, shop.described = graph.New(), map[ref.Digest]image.Image{}
	perform(t, shop, func(s *uitest.Driver) {
		s.Advance(settle).See("0 images", "= keep 0").Press("u", "x").See("there is no image here").Press("enter").See("there is no image here").Press("w").See("nothing is removed")
	})
}

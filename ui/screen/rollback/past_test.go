package rollback_test

import (
	"fmt"
	"testing"
	"time"

	"regatta/model/fault"
	model "regatta/model/rollback"
	"regatta/ui/kit"
	"regatta/ui/screen/rollback"
	"regatta/ui/uitest"
)

// periods are some, of each source and of each degree of certainty.
func periods() *memory {
	m := some()
	m.loaded.History = []model.Entry{
		{Digest: digest("c"), Since: ago(48), Began: true, Source: model.Journal, Text: "run 7"},
		{Digest: digest("a"), Since: ago(148), Until: ago(48), Ended: true, Source: model.Journal, Text: "run 6"},
		{Digest: digest("b"), Since: ago(200), Until: ago(190), Source: model.Seen, Text: "a listing"},
		{Digest: digest("e"), Until: ago(300), Ended: true, Source: model.Journal, Text: "replaced from here"},
		{Digest: digest("f"), Source: model.Pinned, Text: "the service web runs it"},
	}
	return m
}

// remember opens the history of what was read from m.
func remember(t *testing.T, stage uitest.Stage, m *memory, act func(*uitest.Driver)) {
	t.Helper()
	stage.Screen = func(_ *testing.T, com kit.Common) kit.Screen { return rollback.NewPast(com, m.wiring(), m.loaded) }
	uitest.Perform(t, stage, act)
}

func TestPast(t *testing.T) {
	t.Parallel()
	m := periods()
	remember(t, uitest.Stage{Width: 160, Height: 24}, m, func(s *uitest.Driver) {
		s.See("prod of shop/api pointed to", "5 periods known here", "› history").SeeNot(" ! ")
		s.SeeLine(`^▌.*1999-12-30 00:00 +now +2d +\S+ +v1\.3 +cccccccccccc +journal +certain: run 7`)
		s.SeeLine(`1999-12-25 20:00 +1999-12-30 00:00 +4d +━+ +v1\.2, stable +aaaaaaaaaaaa +journal +certain when it ended: run 6`)
		s.SeeLine(`1999-12-23 16:00 +1999-12-24 02:00 +10h +\S+ +\(no tag\) +bbbbbbbbbbbb +seen +at least so long: it was seen then: a listing`)
		s.SeeLine(`· +· +· +\(no tag\) +ffffffffffff +pinned +runs now; since when is not known`)
		s.SeeLine(`· +1999-12-19 12:00 +· +v1\.0 +eeeeeeeeeeee +journal +certain when it ended: replaced from here`)
		s.Press("s").See("FOR↓").CursorOn("aaaaaaaaaaaa").Press("G").CursorOn("ffffffffffff").Press("k").CursorOn("eeeeeeeeeeee").Press("k").CursorOn("bbbbbbbbbbbb").Press("k").CursorOn("cccccccccccc").Press("g").Press("S", "g").CursorOn("eeeeeeeeeeee").Press("s", "g").CursorOn("cccccccccccc")
		s.Press("/").Type("seen").Press("enter").CursorOn("bbbbbbbbbbbb").SeeNot("aaaaaaaaaaaa").Press("esc").See("aaaaaaaaaaaa").Press("esc").See(uitest.Home)
	})
	if m.loads != 0 {
		t.Errorf("looked %d times for what was known", m.loads)
	}
}

func TestPastKeys(t *testing.T) {
	t.Parallel()
	m := periods()
	m.loaded.Notes = []string{"what ran is not known", "nor what was seen"}
	remember(t, uitest.Stage{}, m, func(s *uitest.Driver) {
		s.See(" ! what ran is not known; nor what was seen").Press("enter").See("it points to that now").Press("j", "enter").See("the plan of aaaaaaaaaaaa from cccccccccccc").Press("esc")
		if m.last.Reason != "previous digest of prod" {
			t.Errorf("asked of %v", m.last)
		}
		s.Press("o").See("the image aaaaaaaaaaaa").Press("esc", "G", "o").See("the image ffffffffffff").Press("esc", "enter").See("it is none of the candidates")
		s.ClickOn("1999-12-23").CursorOn("(no tag)").Press("c").See("copied the digest").Advance(settle)
		if got := s.Clipboard(); got != string(digest("b")) {
			t.Errorf("copied %q", got)
		}
	})
}

func TestPastOfNothing(t *testing.T) {
	t.Parallel()
	m := some()
	m.loaded.History = nil
	remember(t, uitest.Stage{}, m, func(s *uitest.Driver) {
		s.See("Nothing is known of what it pointed to before.", "0 periods known here").SeeNot("SINCE")
		for _, key := range []string{"enter", "o", "c"} {
			s.Press(key).See("there is nothing listed")
		}
		m.loaded, m.slow = periods().loaded, settle
		s.Send(kit.Refresh{}).See("Nothing is known").Advance(settle+settle/2).Press("g").See("SINCE", "5 periods").CursorOn("v1.3")
		m.err = &fault.Error{Kind: fault.Auth, Op: "list tags of", Object: "shop/api"}
		s.Send(kit.Refresh{}).Advance(2*settle).See("not signed in: list tags of shop/api", "SINCE").CursorOn("v1.3") // what was known stays
	})
}

func TestSavesPast(t *testing.T) {
	t.Parallel()
	m := periods()
	remember(t, uitest.Stage{Options: m.keep}, m, func(s *uitest.Driver) { s.Advance(time.Hour).Press("ctrl+s").See("/tables/") })
	want := [][]string{
		{"since", "until", "seconds", "image", "digest", "source", "certainty"},
		{"1999-12-30 00:00", "now", "172800", "v1.3", string(digest("c")), "journal", "certain: run 7"},
		{"1999-12-25 20:00", "1999-12-30 00:00", "360000", "v1.2, stable", string(digest("a")), "journal", "certain when it ended: run 6"},
		{"1999-12-23 16:00", "1999-12-24 02:00", "36000", "(no tag)", string(digest("b")), "seen", "at least so long: it was seen then: a listing"},
		{"", "1999-12-19 12:00", "", "v1.0", string(digest("e")), "journal", "certain when it ended: replaced from here"},
		{"", "", "", "(no tag)", string(digest("f")), "pinned", "runs now; since when is not known: the service web runs it"},
	}
	if got := fmt.Sprintf("%q", m.saved); got != fmt.Sprintf("%q", want) {
		t.Errorf("saved\n%s\nwant\n%q", got, want)
	}
}

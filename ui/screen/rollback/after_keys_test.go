package rollback_test

import (
	"errors"
	"strings"
	"testing"

	"regatta/model/deploy"
	"regatta/model/fault"
	"regatta/model/ref"
	model "regatta/model/rollback"
	"regatta/ui"
	"regatta/ui/kit"
	"regatta/ui/uitest"
)

// api is a workload that follows the tag; it is started anew by a command of its own.
func api(name string, v deploy.Verdict) model.Workload {
	return model.Workload{
		Name: name, Restart: "restart " + name, Caution: "it pulls nothing that it has", Verdict: v, Text: "pods run", Wanted: []ref.Digest{digest("a")},
		Pods: deploy.Pods{Running: []deploy.Count{{Digest: digest("a"), Tasks: 2}}, Waiting: 1},
	}
}

func TestRestarts(t *testing.T) {
	t.Parallel()
	f := done()
	behind, other, settled := api("behind", deploy.Going), api("other", deploy.Going), api("settled", deploy.Settled)
	behind.Err, settled.Err = errors.New("it is away"), errors.New("of no concern")
	f.sight.Workloads = []model.Workload{settled, behind}
	copied := func(s *uitest.Driver, said, want string) {
		t.Helper()
		s.Press("c").See("copied " + said).Advance(settle)
		if got := s.Clipboard(); got != want {
			t.Errorf("copied %q, want %q", got, want)
		}
	}
	after(t, f, func(s *uitest.Driver) {
		s.SeeLine(`^  ✓ settled  pods run$`).SeeLine(`^  · behind  pods run$`).SeeLine(`^    it is away$`).SeeLine(`2 of 3 pods aaaaaaaaaaaa, the image$`).SeeLine(`1 of 3 pods about to start$`)
		s.See("restart it with restart behind", "! it pulls nothing that it has", "c copies what restarts the pods · r looks again · Z").SeeNot("restart settled", "of no concern")
		copied(s, "restart behind", "restart behind")
		f.sight.Workloads, f.sight.Watching = append(f.sight.Workloads, other, other), true
		s.Press("r").SeeLine(`^  … behind`).SeeNot("r looks again")
		copied(s, "the commands that restart 2 workloads", "restart behind\nrestart other")
		f.sight.Workloads = f.sight.Workloads[:1]
		s.Press("r").SeeNot("c copies what", "it pulls nothing")
		copied(s, "restart settled", "restart settled") // of all, where none is behind
	})
}

func TestNotes(t *testing.T) {
	t.Parallel()
	f := done()
	after(t, f, func(s *uitest.Driver) {
		s.Press("n").See("why was it rolled back?", "for the journal and the record").Type("  ").Press("enter").See("nothing was typed").Press("esc").SeeNot("why was it")
		s.Press("n").Type("it leaked").Press("enter").See("✓ written down").SeeNot("why was it")
		f.noteErr = &fault.Error{Kind: fault.NoSpace, Op: "write", Object: "the journal"}
		s.Press("n").Type("x").Press("enter").See("no space left: write the journal").SeeNot("written down")
	})
	if got := strings.Join(f.notes, ","); got != "it leaked,x" || f.looks != 2 {
		t.Errorf("wrote %q, looked %d times", got, f.looks)
	}
}

func TestRecord(t *testing.T) {
	t.Parallel()
	f := done()
	f.record = "# Rollback"
	after(t, f, func(s *uitest.Driver) {
		s.Press("m").See("copied the record, as Markdown").Advance(settle)
		if s.Clipboard() != "# Rollback" {
			t.Errorf("copied %q", s.Clipboard())
		}
		f.recordErr = errors.New("the journal is away")
		s.Press("m").See("the journal is away").SeeNot("copied")
	})
}

func TestCannotLook(t *testing.T) {
	t.Parallel()
	f := done()
	f.err = &fault.Error{Kind: fault.Unavailable, Op: "read", Object: "the journal"}
	after(t, f, func(s *uitest.Driver) {
		s.See("read the journal: registry unavailable", "J shows what was done.").SeeNot("VERIFIED", "rolled back prod").Press("n").See("nobody has looked yet")
		seen := f.seen()
		if s.Advance(3 * settle); f.seen() < seen+2 {
			t.Errorf("looked %d times within 3 s", f.seen()-seen)
		}
		f.Lock()
		f.err = nil
		f.Unlock()
		s.Press("g").Advance(2*settle).See("VERIFIED", "NOW")
		f.err = errors.New("it went away")
		s.Press("r").See("it went away", "VERIFIED") // what was seen stays
	})
}

// Wishes to look anew that come while it looks are one wish, and are not forgotten.
func TestLooksAnew(t *testing.T) {
	t.Parallel()
	f := done()
	f.slow = settle
	after(t, f, func(s *uitest.Driver) {
		s.Press("r", "r", "R")
		if f.looks != 1 {
			t.Errorf("looked %d times at once", f.looks)
		}
		if s.Press("g").Advance(4 * settle); f.looks != 2 || f.anew != 1 {
			t.Errorf("looked %d times, %d anew", f.looks, f.anew)
		}
		s.Send(kit.Refresh{}).Advance(2 * settle)
		if f.looks != 3 || f.anew != 1 {
			t.Errorf("looked %d times, %d anew", f.looks, f.anew)
		}
		s.Press("r", "esc").Advance(5 * settle).See(uitest.Home)
	})
	f = done()
	f.sight.Watching = true
	after(t, f, func(s *uitest.Driver) {
		s.Advance(settle).Press("r").Advance(settle).Press("r")
		if s.Advance(10 * settle); f.seen() != 3+2 { // at the pace of one who watches, however often somebody looks
			t.Errorf("looked %d times", f.seen())
		}
	})
}

func TestScrollsAfter(t *testing.T) {
	t.Parallel()
	f := done()
	for range 30 {
		f.sight.Tags[0].Checks = append(f.sight.Tags[0].Checks, model.Check{Name: "one", Level: model.OK, Text: "more"})
	}
	f.sight.Tags[0].Checks = append(f.sight.Tags[0].Checks, model.Check{Name: "last", Level: model.OK, Text: "the end"})
	after(t, f, func(s *uitest.Driver) {
		s.Resize(80, 24).See("CHANGE").SeeNot("the end").Press("j").SeeNot("CHANGE").Press("k").See("CHANGE").Press("space").SeeNot("CHANGE").Press("pgup").See("CHANGE")
		s.Press("G").See("the end", "m copies the record").Press("g").See("CHANGE").Wheel(1).SeeNot("CHANGE").Wheel(-1).See("CHANGE").Resize(120, 60).See("the end")
	})
}

func TestReadOnlyAfter(t *testing.T) {
	t.Parallel()
	f := done()
	f.sight.Services, f.sight.Next = []model.Service{web(deploy.Going)}, "v1.7"
	stage := uitest.Stage{Options: func(o *ui.Options) { o.Common.ReadOnly = true }}
	afterOn(t, stage, f, func(s *uitest.Driver) {
		for _, key := range []string{"d", "Z", "b"} {
			s.Press(key).See("no key " + key + " here").SeeNot("the plan of")
		}
		s.Press("m").See("copied the record")
	})
}

package journal_test

import (
	"errors"
	"strings"
	"testing"

	"regatta/model/fault"
	model "regatta/model/journal"
	"regatta/model/plan"
	"regatta/ui"
	"regatta/ui/kit"
	"regatta/ui/screen/journal"
	"regatta/ui/uitest"
)

// Which key works on which run, and why another does not.
func TestKeysByState(t *testing.T) {
	t.Parallel()
	const ended, notHere, nothing, undone = "it is still running", "it does not run here", "nothing of it is left to do", "has undone it already"
	for name, want := range map[string]struct{ undo, cancel, resume string }{
		"done":    {"the plan that undoes done", notHere, nothing},
		"undone":  {undone, notHere, nothing},
		"part":    {"the plan that undoes part", notHere, nothing},
		"partly":  {"the plan that undoes partly", notHere, "the rest of partly"},
		"failed":  {"the plan that undoes failed", notHere, "the rest of failed"},
		"stopped": {"the plan that undoes stopped", notHere, "the rest of stopped"},
		"window":  {ended, notHere, nothing},
		"broken":  {"the plan that undoes broken", notHere, "the rest of broken"},
		"going":   {ended, "cancelling: steps that run are finished first", nothing},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			b := all()
			perform(t, b, func(s *uitest.Driver) {
				s.Advance(settle).Press("G").ClickOn("delete " + name).CursorOn("delete " + name).Press("x").See(want.cancel).Press("G").ClickOn("delete " + name).Press("o").See(want.resume)
				if strings.HasPrefix(want.resume, "the rest") {
					s.Press("esc")
				}
				s.Press("u").See(want.undo)
			})
			if got := strings.Join(b.asked, ", "); got != map[bool]string{true: "cancel going"}[name == "going"] {
				t.Errorf("asked for %s", got)
			}
		})
	}
}

// A pause ends with the same key.
func TestPauses(t *testing.T) {
	t.Parallel()
	b := all()
	perform(t, b, func(s *uitest.Driver) {
		s.Advance(settle).Press("p").Advance(settle).SeeLine(`delete going .* paused`).Press("p").Advance(settle).SeeNot("paused").Press("j", "p").See("it does not run here")
	})
	if got := strings.Join(b.asked, ", "); got != "pause going true, pause going false" {
		t.Errorf("asked for %s", got)
	}
}

// A run of which no step is left is only looked at.
func TestResumes(t *testing.T) {
	t.Parallel()
	b := &book{runs: []journal.Entry{run("looked", 1, model.Interrupted, plan.Done)}, resumeErr: &fault.Error{Kind: fault.Drift, Op: "resume", Object: "looked"}}
	perform(t, b, func(s *uitest.Driver) {
		s.Advance(settle).Press("o").See("changed meanwhile: resume looked")
		b.resumeErr = nil
		s.Press("o").See("resuming; finished steps are kept")
	})
	if got := strings.Join(b.asked, ", "); got != "resume looked, resume looked" {
		t.Errorf("asked for %s", got)
	}
}

func TestRecords(t *testing.T) {
	t.Parallel()
	b := all()
	copied := func(s *uitest.Driver, want string) {
		t.Helper()
		s.Press("m").See("copied the record, as Markdown").Advance(settle)
		if got := s.Clipboard(); got != want {
			t.Errorf("copied %q", got)
		}
	}
	perform(t, b, func(s *uitest.Driver) {
		s.Advance(settle).Press("j")
		copied(s, "# Record of window")
		s.Press("j", "enter")
		copied(s, "# Record of broken")
		b.change(func() { b.err = errors.New("the disk is away") })
		s.Press("m").See("the disk is away").SeeNot("copied").Press("esc").Press("m").See("the disk is away")
	})
}

func TestReadOnlyRuns(t *testing.T) {
	t.Parallel()
	b := all()
	on(t, uitest.Stage{Options: func(o *ui.Options) { o.Common.ReadOnly = true }}, b, func(s *uitest.Driver) {
		s.Advance(settle)
		for _, key := range []string{"u", "x", "p", "o"} {
			s.Press(key).See("no key " + key + " here")
		}
		s.Press("j", "j", "enter").See("› delete broken").Press("u").See("no key u here").Press("m").See("copied the record")
	})
	if len(b.asked) > 0 {
		t.Errorf("asked for %v", b.asked)
	}
}

func TestSteps(t *testing.T) {
	t.Parallel()
	one := run("one", 1, model.Running, plan.Done, plan.Unchanged, plan.Failed, plan.Skipped, plan.Running, plan.Pending)
	one.Steps[2].Error = "it was \x1b[31mrefused"
	one.Plan.Steps[5].Reference.Tag, one.Plan.Steps[5].Reference.Digest = "", digest("b")
	one.Remarks = []model.Remark{
		{About: model.Checked, Level: "ok", Text: "says ok"},
		{About: model.Checked, Level: "warn", Text: "says warn"},
		{About: model.Checked, Level: "unknown", Text: "says unknown"},
		{About: model.Checked, Level: "block", Text: "says block"},
		{About: model.Verified, Level: "failed", Text: "says failed"},
		{About: model.Why, Text: "says why"},
	}
	b := &book{runs: []journal.Entry{one}}
	perform(t, b, func(s *uitest.Driver) {
		s.Advance(settle).Press("enter").See("journal › delete one", "run one").SeeNot("o looks", "interrupted:", "\x1b")
		for _, line := range []string{
			`^ ✓ done +untag +shop/one:v1$`, `^ ✓ unchanged +untag +shop/one:v2$`, `^ ✗ failed +untag +shop/one:v3 +it was refused$`, `^ ! skipped +untag +shop/one:v4$`,
			`^ … running +untag +shop/one:v5$`, `^ · pending +untag +shop/one@bbbbbbbbbbbb$`,
			`^ ✓ checked +says ok$`, `^ ! checked +says warn$`, `^ \? checked +says unknown$`, `^ ✗ checked +says block$`, `^ ✗ verified +says failed$`, `^ · why +says why$`,
		} {
			s.SeeLine(line)
		}
		s.Press("u").See("it is still running").Press("g")
		b.change(func() { b.runs[0].State = model.Interrupted })
		s.Advance(settle).See("interrupted: on the journal o goes on, u takes it back").SeeLine(`^ \? in doubt +untag +shop/one:v5`)
		b.change(func() { b.runs[0].State = model.Cancelled })
		s.Advance(settle).See("on the journal o looks whether it was done").Press("u").See("the plan that undoes one").Press("esc", "z").See("the plan that undoes one").Press("esc")
		b.change(func() { b.runs[0].Undone = []string{"two", "three"} })
		s.Advance(settle).See("undone by two, three").Press("u").See("run two has undone it already").Press("g")
		b.change(func() { b.runs[0].Undone, b.runs[0].UndoneInPart = nil, []string{"four"} })
		s.Advance(settle).See("undone in part by four")
		b.change(func() { b.err = errors.New("the disk is away") })
		s.Advance(settle).See("the disk is away", "✓ done").Press("esc").Advance(settle).Press("esc").Advance(settle).See(uitest.Home)
	})
}

func TestStepsScroll(t *testing.T) {
	t.Parallel()
	outcomes := make([]plan.Outcome, 40)
	for i := range outcomes {
		outcomes[i] = plan.Done
	}
	b := &book{runs: []journal.Entry{run("one", 1, model.Done, outcomes...)}}
	perform(t, b, func(s *uitest.Driver) {
		s.Advance(settle).Press("enter").See(":v1\n").Press("j").SeeNot(":v1\n").Press("k").See(":v1\n").Press("space").SeeNot(":v1\n").Press("pgup").See(":v1\n")
		s.Press("G").See(":v40").Press("g").See(":v1\n").Wheel(1).SeeNot(":v1\n").Wheel(-1).See(":v1\n").Resize(80, 70).See(":v40")
		looks := b.looks
		if s.Press("g").Advance(10 * settle); b.looks != looks {
			t.Errorf("looked %d times at what does not change", b.looks-looks)
		}
	})
}

// A click on the row under the cursor opens it.
func TestClicks(t *testing.T) {
	t.Parallel()
	b := all()
	perform(t, b, func(s *uitest.Driver) {
		s.Advance(settle).ClickOn("delete done").CursorOn("delete done").SeeNot("✓ unchanged").ClickOn("delete done").See("✓ unchanged", "run done").Press("esc").Send(kit.Refresh{}).CursorOn("delete done")
		s.Press("space", "esc").SeeNot("●").Press("esc").See(uitest.Home)
	})
}

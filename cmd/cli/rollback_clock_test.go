package cli

import (
	"regexp"
	"strings"
	"testing"
	"time"

	"regatta/cmd/app"
	rollbacks "regatta/cmd/app/rollback"
	"regatta/cmd/cli/browse"
	"regatta/cmd/cli/changes"
	"regatta/cmd/cli/demo"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/cmd/cli/rollback"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/ui/uitest"
)

// odd is an age that is none.
var odd = regexp.MustCompile(`(^|[\s(+])-\d|now ago|for now|-\d+(ms|s|m|h|d)\b`)

func sane(t *testing.T, where, shown string) {
	t.Helper()
	shown = regexp.MustCompile(rollbacks.DefaultKeep+`[0-9-]+`).ReplaceAllString(shown, "")
	if found := odd.FindString(shown); found != "" {
		t.Errorf("%s: %q in\n%s", where, found, shown)
	}
}

// A registry and services whose clock is an hour ahead: the images that were pushed
// in the future are in their order, it is said that the clocks disagree, and the
// rollback goes its way.
func TestRollbackWhereTheRegistryIsAhead(t *testing.T) {
	t.Parallel()
	with := setup{
		target: &ref.Reference{Host: demo.Account, Repository: "shop/api"}, behind: 90 * time.Minute,
		terminal: uitest.Terminal{Width: 160, Height: 45},
	}
	perform(t, with, func(s *stage) {
		good, _ := s.reg.Resolve("shop/api", "v3.1.2")
		bad := s.reg.PushImage("shop/api", sandbox.Image{Platform: "linux/amd64", Layers: []string{"late"}, Created: sandbox.Epoch()})
		for _, tag := range []string{"prod", "v3.2.1"} {
			s.reg.Tag("shop/api", tag, bad, sandbox.Epoch())
		}
		b := &back{stage: s}
		const said = "times of the registry are up to 1h ahead of this machine's clock: ages, and what goes by them, are not to be relied on"
		play := []struct {
			name string
			keys []string
			see  []string
		}{
			{"images", []string{"r"}, []string{"v3.2.1", "2026-11-20 09:00:00 (1h ahead)"}},
			{"one image", []string{"/", "v", "3", ".", "2", ".", "1", "enter", "enter"}, []string{"1h ahead of this machine's clock"}},
			{"tags", []string{"esc", "b"}, []string{"roll back which tag?"}},
			{"candidates", []string{"enter"}, []string{"prod of shop/api points to " + ref.Digest(bad).Short(), said}},
			{"the plan", []string{"j", "enter"}, []string{said, "roll back prod of shop/api to v3.1.2", rollbacks.DefaultKeep + "20261120-0730"}},
			{"the change", []string{"tab", "enter", "p", "r", "o", "d", "enter"}, []string{"prod was read back: it points to"}},
			{"the deployment", []string{"d", "tab", "enter"}, []string{"0 of 4 tasks run, 4 pending", "has started 4 tasks"}},
			{"the end", []string{"r"}, []string{"4 of 4 run " + ref.Digest(good).Short(), "has reached a steady state."}},
			{"candidates again", []string{"esc"}, []string{
				"of the registry and of the services that follow the tag are up to 1h ahead", "✗ rolled back from before",
			}},
			{"the journal", []string{"J"}, []string{"deploy what follows prod", "roll back prod"}},
		}
		for _, x := range play {
			if x.name == "the end" {
				b.Advance(settle * 14)
			}
			b.press(x.keys...).sees(x.see...)
			sane(t, x.name, b.Screen())
		}
		if now, _ := s.reg.Resolve("shop/api", "prod"); now != good {
			t.Errorf("prod points to %s, want %s", now, good)
		}
	})
}

// says runs a verb for people.
func (c *console) says(run func(*propose.Proposal) error) string {
	c.t.Helper()
	out, errOut, err := c.verb(func(ch *propose.Proposal) error {
		ch.Options.Output = output.Table
		return run(ch)
	})
	if err != nil {
		c.t.Error(err)
	}
	return out + errOut
}

// A change that another machine with the same journal made, whose clock is an hour
// ahead: what came first is told right, before and after this machine makes one.
func TestRollbackWhereTheJournalIsAhead(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		tag := demo.Account + "/shop/api:prod"
		first, second, third := c.points("prod"), c.points("v3.1.1"), c.points("v3.1.2")
		ahead := app.New(func() time.Time { return c.app.Now().Add(90 * time.Minute) }, c.app.Config, app.Flags{})
		ahead.Base, ahead.AWS, ahead.JournalPath = c.reg.Transport(), demo.Credentials, c.app.JournalPath
		c.t.Cleanup(func() { _ = ahead.Close() })
		their := &console{app: ahead, t: c.t, reg: c.reg}
		their.says(func(ch *propose.Proposal) error {
			return changes.RunRetag(c.t.Context(), ch, []string{demo.Account + "/shop/api:v3.1.1", "prod"}, false)
		})
		dry := func(ch *propose.Proposal) error {
			ch.Options.DryRun = true
			return rollback.Run(c.t.Context(), ch, []string{tag}, rollback.Options{To: rollbacks.Previous, Keep: rollbacks.DefaultKeep})
		}
		said := c.says(dry)
		sane(t, "before", said)
		for _, want := range []string{
			"note: times of the journal are up to 1h ahead of this machine's clock", tag + " points to " + second.Short() + "\n",
			"→  " + first.Short(), "previous digest of prod, until 1h ahead of this machine's clock",
		} {
			if !strings.Contains(said, want) {
				t.Errorf("%q is not in\n%s", want, said)
			}
		}
		if code, doc, said := c.rollback(rollback.Options{To: "v3.1.2"}, "shop/api:prod"); code != output.Done {
			t.Fatalf("ours: exit code %d: %+v\n%s", code, doc, said)
		}
		l, _, err := rollbacks.Load(c.t.Context(), c.app, ref.Reference{Host: demo.Account, Repository: "shop/api", Tag: "prod"}, rollbacks.DefaultKeep)
		if err != nil {
			t.Fatal(err)
		}
		for i, want := range []ref.Digest{third, second, first} {
			if l.History[i].Digest != want || i == 0 && !l.History[i].Until.IsZero() {
				t.Errorf("history %d is %+v, want %s", i, l.History[i], want.Short())
			}
		}
		sane(t, "after", c.says(dry))
		list := c.says(func(ch *propose.Proposal) error { return changes.ListRuns(c.t.Context(), ch) })
		sane(t, "the journal", list)
		runs, err := c.app.Journal().Runs(c.t.Context(), 2)
		if err != nil || len(runs) != 2 {
			t.Fatal(err, runs)
		}
		one := c.says(func(ch *propose.Proposal) error { return changes.ShowRun(c.t.Context(), ch, runs[1].ID) })
		if sane(t, "their run", one); !strings.Contains(one, "1h ahead of this machine's clock") {
			t.Errorf("their run:\n%s", one)
		}
		record := c.says(func(ch *propose.Proposal) error { return changes.PrintRecord(c.t.Context(), ch, runs[1].ID) })
		if sane(t, "their record", record); !strings.Contains(record, "| When | 2026-11-20 10:30:") {
			t.Errorf("their record:\n%s", record)
		}
	})
}

// What was seen while this machine's clock was ahead is told as such.
func TestHistoryWhereTheClockWasAhead(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		now, late := c.app.Now, time.Hour
		c.app.Now = func() time.Time { return now().Add(late) }
		look := func(ch *propose.Proposal) error {
			return browse.RunHistory(c.t.Context(), c.app, ch.Streams, demo.Account+"/shop/api:prod", output.Table)
		}
		if said := c.says(look); strings.Contains(said, "ahead") {
			t.Errorf("before:\n%s", said)
		}
		late = 0
		said := c.says(look)
		if sane(t, "history", said); !strings.Contains(said, "note: times of what was seen here are up to 1h ahead of this machine's clock") {
			t.Errorf("after:\n%s", said)
		}
	})
}

package cli

import (
	"net/http"
	"strings"
	"testing"
	"time"

	"regatta/cmd/app/change"
	"regatta/cmd/cli/changes"
	"regatta/cmd/cli/demo"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/ui/uitest"
)

// slowLists has the registry take its time over lists of tags.
func slowLists(reg *sandbox.Registry) {
	reg.Inject(sandbox.Fault{
		Match:  func(r *http.Request) bool { return strings.HasSuffix(r.URL.Path, "/tags/list") },
		Effect: sandbox.Afterwards{Do: func() { time.Sleep(3 * time.Second) }},
	})
}

const takesLong = "the tags of registry.example/shop/api take longer than 1.0s to list"

// A list that is too old when it is there decides nothing, unless that is asked for: then
// the plan says so, and so does what is printed in the end.
func TestASlowListIsAskedFor(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		t := c.t
		slowLists(c.reg)
		for _, one := range []struct {
			as        output.Format
			tag, want string
			slow      plan.OldList
			code      output.Exit
		}{
			{output.Table, "v3.0", "", plan.NoOldList, output.Refused},
			{output.Table, "v3.0", "\ncareful: the tags of shop/api took up to ", plan.AnyAge, output.Done},
			{output.JSON, "v3.1", "\"slowLists\": [\n    \"the tags of shop/api took up to ", plan.AnyAge, output.Done},
		} {
			slow := one.slow == plan.AnyAge
			out, said, err := c.verb(func(ch *propose.Proposal) error {
				ch.Options.Output = one.as
				o := changes.DeleteOptions{Options: ch.Options, WithTags: true}
				o.Asked.SlowList = one.slow
				return changes.RunDelete(t.Context(), ch, []string{"registry.example/shop/api:" + one.tag}, o)
			})
			_, there := c.reg.Resolve("shop/api", one.tag)
			if output.ExitOf(err) != one.code || there == slow || one.want != "" && strings.Count(out, one.want) != 1 {
				t.Errorf("%+v: %v: %s%s", one, err, out, said)
			}
			if told := strings.Contains(said, takesLong); told != slow {
				t.Errorf("%+v: on standard error: %s", one, said)
			}
			if err != nil && (!strings.HasPrefix(err.Error(), takesLong) || !strings.Contains(output.Advice(err), "--slow-list")) {
				t.Errorf("%v: %s", err, output.Advice(err))
			}
		}
	})
}

// What the run finds to be too slow is skipped, and the reason says what it takes to go ahead.
func TestAListThatGetsSlowIsSaid(t *testing.T) {
	t.Parallel()
	in := setup{target: &ref.Reference{Host: demo.Host, Repository: "shop/api"}, terminal: uitest.Terminal{Width: 160, Height: 45}}
	perform(t, in, func(s *stage) {
		if _, err := change.TryIn(s.ctx, s.session, *in.target); err != nil {
			t.Fatal(err)
		}
		s.Advance(settle).Press("/").Type("tag:v3.0").Press("enter").Advance(settle).Press("x").Advance(settle).See("Delete", "v3.0")
		slowLists(s.reg)
		s.Press("tab", "enter").Type("shop/api").Press("enter")
		s.Advance(25 * time.Second).See("9 of 9 steps were not done; J shows which")
		s.Press("J").Advance(settle).Press("enter").Advance(settle).See("too old to decide by: its tags take 3.0s to list")
		if _, ok := s.reg.Resolve("shop/api", "v3.0"); !ok {
			t.Error("it is gone")
		}
		// Planned again, the plan says it, and asks for the word.
		s.Press("esc", "esc", "esc").Advance(time.Minute).Press("x").Advance(time.Minute).See("take longer than 1.0s to list")
		s.Press("tab", "enter").Advance(settle).See("Type override to go on")
		s.Type("override").Press("enter").Advance(2 * time.Minute)
		if _, ok := s.reg.Resolve("shop/api", "v3.0"); ok {
			t.Error("it is still there")
		}
	})
}

package cli

import (
	"strings"
	"testing"

	"regatta/cmd/cli/demo"
)

// TestFacesAgreeOnRollback is TestFacesAgreeOnChanges for tags that go back.
func TestFacesAgreeOnRollback(t *testing.T) {
	t.Parallel()
	agree(t, goingBack())
}

// goingBack are the journeys of tags that go back.
func goingBack() map[string]*journey {
	release := "AT:prod " + far + "/shop/web:prod " + far + "/shop/worker:prod"
	return map[string]*journey{
		"one tag":           {verb: "rollback AT:prod --to v3.1.2", keys: goesBackTo("v3.1.2")},
		"in an account":     {at: demo.Account, verb: "rollback AT:prod --to v3.1.2", keys: goesBackTo("v3.1.2")},
		"to the one before": {verb: "rollback AT:prod", keys: goesBackTo("v3.1.2")},
		"to an older one":   {verb: "rollback AT:prod --to v3.0.1", keys: goesBackTo("v3.0.1")},
		"in red":            {config: inRed, verb: "rollback AT:prod --to v3.1.2", keys: goesBackTo("v3.1.2")},
		"to what is not whole": {
			before: broken("v3.1.2"), verb: "rollback AT:prod --to v3.1.2", keys: goesBackTo("v3.1.2"), hidden: "configs or layers are not there",
		},
		"to what is archived": {
			at: demo.Account, before: archived, verb: "rollback AT:prod --to v3.1.2", keys: goesBackTo("v3.1.2"), hidden: "storage: it is archived",
		},
		"where the tag is immutable": {
			at: demo.Account, before: immutable, verb: "rollback AT:prod --to v3.1.2", keys: goesBackTo("v3.1.2"),
		},
		"where a source is deaf": {
			at: demo.Account, options: deafAccount(), verb: "rollback AT:prod --to v3.1.2", keys: goesBackTo("v3.1.2"),
		},
		"several tags": {before: func(w *world) { aligned(w.reg) }, verb: "rollback " + release, keys: func(s *stage) {
			on(s, "prod")
			press("b", "enter", "+")(s)
			for _, name := range []string{"shop/web:prod", "shop/worker:prod"} {
				s.Press("/").Type(name).Press("enter").Advance(settle).Press("space", "esc").Advance(settle)
			}
			press("enter")(s)
		}},
	}
}

// goesBackTo leads from prod to the plan of going back to a version.
func goesBackTo(version string) func(*stage) {
	return func(s *stage) {
		on(s, "prod")
		press("b", "enter", "g")(s)
		for range 20 {
			if strings.Contains(s.Cursor(), version) && !strings.Contains(s.Cursor(), version+"-") {
				break
			}
			s.Press("j")
		}
		press("enter")(s)
	}
}

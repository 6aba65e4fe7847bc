package lifecycle_test

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/cost"
	"regatta/model/fault"
	"regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/ui/kit"
	screen "regatta/ui/screen/lifecycle"
	"regatta/ui/uitest"
)

// opened is a screen that says what it was opened for.
type opened string

func (opened) Init() tea.Cmd                        { return nil }
func (opened) Update(tea.Msg) (kit.Intent, tea.Cmd) { return nil, nil }
func (o opened) View(w, h int) string {
	return kit.Block(strings.Split("opened "+string(o)+".", "\n"), w, h)
}
func (opened) Bindings() []kit.Binding { return nil }
func (opened) Close()                  {}

// d is a digest of one hexadecimal figure.
func d(figure string) ref.Digest { return ref.Digest("sha256:" + strings.Repeat(figure, 64)) }

// settle is as long as reading and working out take.
const settle = 5 * time.Second

func day(before int) time.Time {
	return time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).AddDate(0, 0, -before)
}

// untagged is a policy in one line.
func untagged(days int) string {
	return fmt.Sprintf(`{"rules":[{"rulePriority":3,"selection":{"tagStatus":"untagged","countType":"sinceImagePushed","countUnit":"days","countNumber":%d},"action":{"type":"expire"}}]}`, days)
}

// shop is a repository that has a policy.
type shop struct {
	mu      sync.Mutex
	loaded  screen.Loaded
	err     error
	slow    time.Duration
	policy  string
	bad     error // of the policy
	says    map[ref.Digest]lifecycle.Verdict
	awsErr  error
	awsSlow time.Duration
	asked   map[string]int
	wire    func(*screen.Wiring)
}

func (s *shop) count(what string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked[what]++
}

func (s *shop) times(what string) int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.asked[what]
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (s *shop) load(ctx context.Context) (screen.Loaded, error) {
	s.count("load")
	if err := wait(ctx, s.slow); err != nil {
		return screen.Loaded{}, err
	}
	return s.loaded, s.err
}

func (s *shop) has(context.Context) (string, error) {
	s.count("policy")
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.policy, s.bad
}

func (s *shop) aws(ctx context.Context, text string) (map[ref.Digest]lifecycle.Verdict, error) {
	s.count("aws " + text)
	if err := wait(ctx, s.awsSlow); err != nil {
		return nil, err
	}
	return s.says, s.awsErr
}

func perform(t *testing.T, s *shop, width, height int, act func(*uitest.Driver)) {
	t.Helper()
	s.asked = map[string]int{}
	uitest.Perform(t, uitest.Stage{Width: width, Height: height, Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		w := screen.Wiring{
			Context: catalog.Context{Name: "dev", Host: "registry.example"}, Repository: "app", Load: s.load, Policy: s.has, AWS: s.aws,
			Open: func(img lifecycle.Image) kit.Screen { return opened("image " + string(img.Digest)[7:8]) },
			Save: func(text, instead string) kit.Screen {
				return opened(fmt.Sprint("save ", strings.Contains(text, "14"), " instead of ", len(instead)))
			},
		}
		if s.wire != nil {
			s.wire(&w)
		}
		return screen.New(com, w)
	}}, act)
}

// small is a repository of four images; its policy expires c, which runs.
func small() *shop {
	return &shop{policy: untagged(14), loaded: screen.Loaded{
		Images: []lifecycle.Image{
			{Digest: d("a"), Tags: []string{"v3", "latest"}, Size: 10e6, Pushed: day(1)},
			{Digest: d("b"), Tags: []string{"v2"}, Size: -1, Pushed: day(40)},
			{Digest: d("c"), Size: 5e6, Pushed: day(20)},
			{Digest: d("e"), Size: 7e6, Pushed: day(3)},
		},
		Notes: []string{"as of now"}, AllUses: true,
		UsedBy: func(of ref.Digest) []string {
			return map[ref.Digest][]string{d("c"): {"ecs task prod/x", "other"}, d("a"): {"ecs service prod/y"}}[of]
		},
	}}
}

func TestVerdicts(t *testing.T) {
	t.Parallel()
	s := small()
	s.slow = time.Second
	perform(t, s, 130, 24, func(drv *uitest.Driver) {
		drv.See("reading all images …").Press("e").See("! edit the policy: the images are not read yet").Press("enter").See("there is no image here")
		drv.Press("A").See("no valid policy")
		drv.Press("w").See("ECR would not take this policy").Press("]", "[", "tab", "tab").Advance(settle)
		drv.See("× expire 1", "↓ archive 0", "= keep 3", "frees at most 5.0 MB", "! 1 in use").SeeNot("against", "AWS")
		drv.SeeLine(`\[all 4\]  rule 3 2   no rule 2   newly expired 0   in use 1`).Press("up").See("4 images · nothing is changed here · as of now")
		drv.SeeLine(`▌ +! expire +3 +cccccccccccc +5\.0 MB +20d +in use by ecs task prod/x; .*`)
		drv.SeeLine(`= keep +— +v3 latest +10 MB +1d +in use by ecs service prod/y; no rule matches`)
		drv.SeeLine(`= keep +— +v2 +· +5w +no rule matches`).See("in use by ecs task prod/x\n", "expired by rule 3:").SeeNot("other")
		drv.Press("enter").See("opened image c.").Press("h").ClickOn("v3 latest").CursorOn("v3").ClickOn("v3 latest").See("opened image a.").Press("h")
		drv.Press("s").See("AGE↑").SeeLine("").Press("g").CursorOn("v3").Press("S", "g").CursorOn("v2").Press("s", "g").See("SIZE↓").CursorOn("v3")
		drv.Press("s").Press("G").CursorOn("expire")
	})
}

func TestTabsOfRules(t *testing.T) {
	t.Parallel()
	perform(t, small(), 130, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("]").See("[rule 3 2]", "2 images").CursorOn("expire").SeeNot("v3").Press("]").See("[no rule 2]").SeeNot("! expire")
		drv.Press("]").See("[newly expired 0]").Press("enter").See("there is no image here").Press("]").See("[in use 1]").CursorOn("! expire").Press("]")
		drv.See("[all 4]").Press("[").See("[in use 1]")
		drv.Press("[", "[").See("[no rule 2]").Press("/").Type("v2").Press("enter").See("1 / 2 images").CursorOn("v2").Press("esc").See("2 images")
		drv.Press("esc").See(uitest.Home)
	})
	for mark, uses := range map[string]func(ref.Digest) []string{"in use ?": nil, "in use ≥ 1": small().loaded.UsedBy} {
		s := small()
		s.loaded.AllUses, s.loaded.UsedBy = false, uses
		perform(t, s, 130, 24, func(drv *uitest.Driver) { drv.Advance(settle).See(mark).SeeNot("in use 0") })
	}
	s := small()
	s.loaded.AllUses = false
	perform(t, s, 130, 24, func(drv *uitest.Driver) { drv.Advance(settle).See("! ≥ 1 in use") })
}

func TestEditing(t *testing.T) {
	t.Parallel()
	perform(t, small(), 130, 30, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("e").See("policy of app", "valid, 1 rule", "untagged", "esc keeps the text").Type("x").See("1:1 ").SeeNot("valid,").Advance(settle)
		drv.Press("esc").SeeLine(`✗ \d+ violations?: ECR would not take this policy; e edits it`).SeeLine(`! expire`).Press("w")
		drv.See("! save to ECR: ECR would not take this policy").Press("A").See("there is no valid policy to preview")
		if drv.Press("c").See("copied the policy").Advance(time.Second); drv.Clipboard() != "x"+untagged(14) {
			t.Errorf("copied %q", drv.Clipboard())
		}
		drv.Press("e", "home", "right", "backspace").See("valid, 1 rule").Press("esc").Advance(settle).See("× expire 1").SeeNot("✗")
		if drv.Press("c").Advance(time.Second); !strings.Contains(drv.Clipboard(), "untagged") || drv.Clipboard() == untagged(14) {
			t.Errorf("copied %q", drv.Clipboard()) // as ECR stores it
		}
	})
	perform(t, small(), 160, 30, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("n").See("begin from", "untagged after 14 days").Press("esc").Press("n", "j", "enter").Advance(settle)
		drv.See("= keep 4", "against today's policy: +1 kept", "a template, not saved")
		drv.See("× expire 0", "frees 0 B").SeeNot("! 1 in use").Press("e").See("Keep the newest 30 images")
	})
	bare := small()
	bare.policy = ""
	perform(t, bare, 160, 30, func(drv *uitest.Driver) {
		drv.Advance(settle).See("× expire 1", "against having no policy: +1 expire", "a template, not saved", "newly expired 1").Press("w")
		drv.See("opened save true instead of 0.")
	})
	bare.wire = func(w *screen.Wiring) { w.Policy, w.Save, w.AWS, w.Open = nil, nil, nil, nil }
	perform(t, bare, 160, 30, func(drv *uitest.Driver) {
		drv.Advance(settle).See("× expire 1").SeeNot("against").Press("w").See("this registry keeps no lifecycle policies").Press("A")
		drv.See("only ECR previews policies").Press("enter").SeeNot("opened")
		drv.Press("n", "j", "enter").Advance(settle).See("against the policy at first: +1 kept").SeeNot("save to ECR")
	})
	bare.wire = func(w *screen.Wiring) { w.Text = untagged(30) }
	perform(t, bare, 160, 30, func(drv *uitest.Driver) { drv.Advance(settle).See("× expire 0").SeeNot("a template") })
}

func TestReading(t *testing.T) {
	t.Parallel()
	s := small()
	s.err = &fault.Error{Kind: fault.Denied, Op: "read", Object: "app"}
	perform(t, s, 100, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).See("denied", "r tries again, esc goes back", "✗").SeeNot("expire")
		if s.times("policy") != 0 {
			t.Error("the policy is read though the images were not")
		}
		s.err = nil
		drv.Press("r").Advance(settle).See("× expire 1").SeeNot("denied")
		drv.Press("n", "j", "enter").Advance(settle)
		s.slow = time.Second
		drv.Press("r").See("reading all images").Advance(settle).See("a template, not saved") // the text under edit stays
		if s.times("load") != 3 {
			t.Errorf("read %d times", s.times("load"))
		}
	})
	s = small()
	s.bad = errors.New("no policy for you")
	perform(t, s, 100, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).See("no policy for you", "r tries again").SeeNot("expire")
	})
	s = small()
	s.wire = func(w *screen.Wiring) { w.Counts, w.Price = true, cost.Price{Standard: 0.1, Currency: "EUR"} }
	perform(t, s, 130, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).See("Reading the manifests of this repository counts as pulling", "nothing is read yet", "enter read the images")
		if drv.Press("e", "w").SeeNot("expire"); s.times("load") != 0 {
			t.Error("read without being asked")
		}
		drv.Press("enter").Advance(settle).See("× expire 1", "€", "a month").SeeNot("counts as pulling")
	})
}

// A change elsewhere brings another policy to hold against; the text stays.
func TestThePolicyChanges(t *testing.T) {
	t.Parallel()
	s := small()
	perform(t, s, 160, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).SeeNot("against")
		s.mu.Lock()
		s.policy = untagged(2)
		s.mu.Unlock()
		drv.Send(kit.Refresh{}).Advance(settle).See("× expire 1", "against today's policy: +1 kept")
		s.mu.Lock()
		s.bad = errors.New("it cannot be read")
		s.mu.Unlock()
		drv.Send(kit.Refresh{}).Advance(time.Second).See("✗ it cannot be read", "× expire 1", "against today's policy")
	})
}

func TestTimeline(t *testing.T) {
	t.Parallel()
	perform(t, small(), 120, 30, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("tab").Advance(settle)
		drv.See("5 DAYS FROM", "WITH THE POLICY, OF WITHOUT IT", "If pushes go on as in the last 30 days: about").SeeLine(`^ today +1 +0 `)
		drv.SeeLine(`^ 2000-01-06 `).SeeNot("latest")
		drv.Press("enter").See("! open the image: there is no image here").Click(5, 7).Click(5, 7).SeeNot("opened")
		drv.See("5 DAYS FROM") // the rows are not there to be clicked
		drv.Press("n", "j", "enter").Advance(settle).SeeLine(`^ today +0 +0 `).Press("esc").See("latest").SeeNot("DAYS FROM").Press("tab").See("DAYS FROM")
		drv.Press("]").SeeNot("DAYS FROM").See("[rule 1 ")
	})
}

func TestAWS(t *testing.T) {
	t.Parallel()
	s := small()
	s.awsSlow = 2 * time.Second
	s.says = map[ref.Digest]lifecycle.Verdict{d("b"): {Outcome: lifecycle.Expire, Priority: 3}}
	perform(t, s, 160, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("A").See("AWS works out its own preview", "AWS: …").Press("A")
		drv.See("! AWS's own preview beside this one: AWS is working on it").Advance(settle)
		drv.See("AWS differs on 2 images").SeeLine(`! expire ≠ .*AWS: keep; here: `).SeeLine(`= keep ≠ +— +v2 .*AWS: expire; here: no rule matches`)
		drv.Press("/").Type("is:differs").Press("enter").See("2 / 4 images").SeeNot("v3").Press("esc")
		drv.Press("n", "j", "enter").Advance(settle).SeeNot("AWS differs", "≠") // that was about another policy
		drv.Press("A").Press("n", "enter").Advance(settle).SeeNot("AWS differs", "AWS says", "≠")
		if n := len(s.asked); n != 4 {
			t.Errorf("asked for %v", s.asked)
		}
	})
	s.says = map[ref.Digest]lifecycle.Verdict{d("c"): {Outcome: lifecycle.Expire}}
	perform(t, s, 160, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("A").Advance(settle).See("AWS says the same").SeeNot("≠")
	})
	s.awsErr = errors.New("the limit of previews")
	perform(t, s, 160, 24, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("A").Advance(settle).See("✗ the limit of previews", "AWS does not say: worked out here alone").SeeNot("≠", "says the same")
	})
}

func TestAssumptions(t *testing.T) {
	t.Parallel()
	s := small()
	s.loaded.Images = append(s.loaded.Images, lifecycle.Image{Digest: d("f"), Size: 1}) // no time is known of it
	perform(t, s, 160, 40, func(drv *uitest.Driver) {
		drv.Advance(settle).See("× expire 1").Press("i").See("what AWS does not document", "children-counted", "Enter turns it")
		at := slices.IndexFunc(lifecycle.Assumptions(), func(a lifecycle.Assumption) bool { return a.ID == lifecycle.NoTime })
		for range at {
			drv.Press("j")
		}
		drv.Press("enter").Advance(settle).See("× expire 2", "1 assumption turned round").SeeNot("against").Press("i").See("(turned round)").Press("esc").Press("i")
		for range at {
			drv.Press("j")
		}
		drv.See("as AWS is taken to do again").Press("enter").Advance(settle).See("× expire 1").SeeNot("turned round").Press("i", "j", "j", "j")
		drv.SeeNot("Enter").Press("enter").SeeNot("turned round")
	})
}

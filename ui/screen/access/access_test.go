package access_test

import (
	"context"
	"errors"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"regatta/model/access"
	"regatta/model/catalog"
	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/setting"
	"regatta/ui/kit"
	screen "regatta/ui/screen/access"
	"regatta/ui/uitest"
)

// settle is as long as reading takes.
const settle = 5 * time.Second

// shop is a repository with policies.
type shop struct {
	mu     sync.Mutex
	report access.Report
	set    setting.Repository
	setErr error
	slow   time.Duration
	dull   time.Duration // the settings
	asked  int
	saved  [][]string
}

func (s *shop) policies(ctx context.Context) access.Report {
	select {
	case <-time.After(s.slow):
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	s.asked++
	return s.report
}

func (s *shop) settings(ctx context.Context) (setting.Repository, error) {
	select {
	case <-time.After(s.dull):
	case <-ctx.Done():
	}
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.set, s.setErr
}

// now changes what the next reading says.
func (s *shop) now(change func()) {
	s.mu.Lock()
	defer s.mu.Unlock()
	change()
}

const (
	home  = "111122223333"
	role  = "arn:aws:iam::" + home + ":role/deploy"
	other = "arn:aws:iam::999988887777:root"
)

// small has a policy for all, for a role, and for another account.
func small() *shop {
	return &shop{
		report: access.Report{Repository: access.Written{Text: `{"Version":"2012-10-17"}`}, Registry: access.Written{Text: `{"registry":true}`}, Rows: []access.Row{
			{Principal: access.Principal{Kind: "*"}, Pull: access.Allow, Public: true},
			{Principal: access.Principal{Kind: "AWS", Name: other}, Pull: access.Conditional, Push: access.DenyIf, CrossAccount: true, Conditions: []string{"StringEquals aws:x\x1b[1m", "Bool y"}},
			{Principal: access.Principal{Kind: "AWS", Name: role}, Pull: access.Allow, Push: access.Allow, Delete: access.Deny, Administer: access.Allow},
		}},
		set: setting.Repository{Mutability: image.Mutability{Immutable: true}, ScanOnPush: true, Encryption: setting.Encryption{Type: "AES256"}},
	}
}

func perform(t *testing.T, s *shop, act func(*uitest.Driver)) {
	t.Helper()
	uitest.Perform(t, uitest.Stage{Width: 100, Height: 24, Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		com.Save = func(_ context.Context, name string, rows [][]string) (string, error) {
			s.saved = rows
			return "/tmp/" + name, nil
		}
		return screen.New(com, screen.Wiring{
			Context: catalog.Context{Name: "dev", Host: "registry.example"}, Repository: "app", Account: home, Policies: s.policies, Settings: s.settings,
		})
	}}, act)
}

func TestWhoMay(t *testing.T) {
	t.Parallel()
	s := small()
	s.slow = time.Second
	perform(t, s, func(drv *uitest.Driver) {
		drv.See("reading policies and settings …", " …").Press("c").See("! copy the policy of the tab, or the principal: there is nothing here to copy")
		drv.Press("2").See("reading policies").Press("4").See("immutable").Press("1")
		drv.Advance(settle).See("3 principals of the policies of app").SeeNot(" …").SeeLine(`▌ +\* +yes +· +· +· +PUBLIC`)
		drv.SeeLine(`root  of 999988887777 +if +not if +· +· +other account, cond`).SeeLine(`role/deploy +yes +yes +denied +yes *$`)
		drv.See("Identities of the account "+home+" may what their own IAM policies allow.").Press("j").See(other, "if StringEquals aws:x, Bool y").SeeNot("\x1b")
		if drv.Press("c").See("copied " + other).Advance(time.Second); drv.Clipboard() != other {
			t.Errorf("copied %q", drv.Clipboard())
		}
		drv.Press("s").SeeLine("PRINCIPAL↑").Press("g").CursorOn("*").Press("j").CursorOn("role/deploy").Press("s").SeeNot("PRINCIPAL↑").Press("j")
		drv.CursorOn("role/deploy").Press("k").CursorOn("root")
		for filter, want := range map[string]string{"is:public": "1 / 3", "is:foreign": "1 / 3", "is:puller": "3 / 3", "is:pusher": "1 / 3", "is:deleter": "0 / 3", "is:restricted": "1 / 3", "deploy": "1 / 3"} {
			drv.Press("/").Type(filter).Press("enter").See(want + " principals").Press("esc")
		}
		drv.Press("ctrl+s").See("saved 3 rows to /tmp/principals")
		want := [][]string{
			{"principal", "pull", "push", "delete", "administer", "remarks"},
			{"*", "allow", "", "", "", "PUBLIC"},
			{other, "conditional", "deny-if", "", "", "other account, conditions"},
			{role, "allow", "allow", "deny", "allow", ""},
		}
		if !slices.EqualFunc(s.saved, want, slices.Equal) {
			t.Errorf("saved %q", s.saved)
		}
	})
}

func TestReading(t *testing.T) {
	t.Parallel()
	s := small()
	s.dull = time.Second
	perform(t, s, func(drv *uitest.Driver) {
		drv.Advance(300*time.Millisecond).See("role/deploy", "policies of app …").Press("4").See("reading policies and settings …").Advance(settle)
		drv.See("immutable").SeeNot(" …")
		drv.Press("1", "G").CursorOn("role/deploy").Press("r").Advance(settle).CursorOn("*") // the rows may be others
	})
}

func TestTabs(t *testing.T) {
	t.Parallel()
	s := small()
	s.set.Missing = []error{errors.New("the replication is not known\x1b[1m")}
	perform(t, s, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("tab").See(`"2012-10-17"`).Press("c").See("copied the repository policy").Press("tab").See(`"registry"`).Press("c")
		drv.See("copied the registry policy")
		drv.Press("tab").SeeLine(`tags +immutable`).SeeLine(`scanned +on push`).SeeLine(`encrypted +AES256`).See("! the replication is not known")
		drv.Press("c").See("there is nothing here to copy").Press("tab").See("PRINCIPAL")
		drv.Press("shift+tab").See("immutable").ClickOn("2 repository policy").See(`"2012-10-17"`).Press("j", "k", "G", "g").Wheel(1).Press("1")
		drv.ClickOn("role/deploy").CursorOn("role/deploy").Wheel(-1)
		drv.Press("/").Type("deploy").Press("enter").See("1 / 3").Press("2", "esc").See(uitest.Home) // a filter that is not seen is no level of its own
	})
	bare := small()
	bare.report = access.Report{}
	perform(t, bare, func(drv *uitest.Driver) {
		drv.Advance(settle).See("No policy names anyone for app.", "0 principals", "may what their own IAM policies allow").Press("2")
		drv.See("The repository has no policy.").Press("3").See("The registry has no policy.").Press("c").See("nothing here to copy")
	})
}

func TestWhatCannotBeRead(t *testing.T) {
	t.Parallel()
	s := small()
	denied := &fault.Error{Kind: fault.Denied, Op: "read the policy of", Object: "app"}
	s.report.Repository = access.Written{Err: denied}
	perform(t, s, func(drv *uitest.Driver) {
		drv.Advance(settle).See("! read the policy of app: denied", "role/deploy").SeeNot("Identities").Press("2").See("ask for the permission", "✗")
		drv.SeeNot("has no policy").Press("3").See(`"registry"`).SeeNot("✗")
		s.now(func() { s.report.Rows = nil })
		drv.Press("1", "r").Advance(settle).See("Not every policy could be read: read the policy of app: denied").SeeNot("No policy names anyone", "role/deploy")
		s.now(func() { s.report.Registry = access.Written{Err: errors.New("nor this one")} })
		drv.Press("r").Advance(settle).See("read the policy of app: denied", "✗").SeeNot("Not every")
		s.now(func() {
			s.report.Repository, s.report.Registry = access.Written{}, access.Written{Err: errors.New("nor this one")}
		})
		drv.Send(kit.Refresh{}).Advance(settle).See("Not every policy could be read: nor this one")
		s.now(func() { s.report.Repository = access.Written{Text: "{ no json", Err: errors.New("line 1: no JSON")} })
		drv.Press("r").Advance(settle).See("line 1: no JSON").Press("2").See("{ no json")
		s.now(func() { s.setErr = denied })
		if drv.Press("4", "r").Advance(settle).See("read the policy of app: denied", "✗").SeeNot("immutable"); s.asked != 6 {
			t.Errorf("asked %d times", s.asked)
		}
	})
}

func TestPolicies(t *testing.T) {
	t.Parallel()
	perform(t, small(), func(drv *uitest.Driver) {
		drv.Advance(settle).Press("p").See("which role may pull from then on?", "the policy is copied", "> arn:aws:iam::"+home+":role/").Press("enter")
		drv.See("is not the ARN of a role").Type("ci").Press("enter").See("copied the pull policy for arn:aws:iam::" + home + ":role/ci")
		if text := drv.Advance(time.Second).Clipboard(); !strings.Contains(text, "role/ci") || !strings.Contains(text, "ecr:BatchGetImage") || strings.Contains(text, "PutImage") {
			t.Errorf("copied %s", text)
		}
		drv.Press("G").CursorOn("role/deploy").Press("P").See("which role may push from then on?", "> "+role).Press("enter").See("copied the push policy for " + role)
		if text := drv.Advance(time.Second).Clipboard(); !strings.Contains(text, role) || !strings.Contains(text, "ecr:PutImage") || strings.Contains(text, "Delete") {
			t.Errorf("copied %s", text)
		}
		drv.Press("p", "esc").SeeNot("which role")
	})
}

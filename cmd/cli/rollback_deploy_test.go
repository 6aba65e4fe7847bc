package cli

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	rollbacks "regatta/cmd/app/rollback"

	"regatta/cmd/app"
	"regatta/cmd/app/change"
	"regatta/cmd/cli/changes"
	"regatta/cmd/cli/demo"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/cmd/cli/rollback"
	"regatta/cmd/config"
	"regatta/model/deploy"
	"regatta/model/journal"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/registry/store"
)

// console is the command line on the sandbox's account, in virtual time.
type console struct {
	app *app.App

	t   *testing.T
	reg *sandbox.Registry
}

func onConsole(t *testing.T, o sandbox.Options, play func(c *console)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		now := demo.ClockFrom(time.Now(), sandbox.Epoch(), time.Now)
		o.Now = now
		reg := sandbox.New(o)
		t.Cleanup(func() { _ = reg.Close() })
		conf := config.Default()
		conf.Cache.Path = store.Memory
		s := app.New(now, conf, app.Flags{})
		s.Base, s.AWS, s.JournalPath = reg.Transport(), demo.Credentials, filepath.Join(t.TempDir(), "journal.db")
		t.Cleanup(func() { _ = s.Close() })
		play(&console{app: s, t: t, reg: reg})
	})
}

// rollback rolls tags of shop/api back, and says how that ended.
func (c *console) rollback(o rollback.Options, tags ...string) (code output.Exit, doc rollbacks.Concluded, errOut string) {
	c.t.Helper()
	for i, tag := range tags {
		tags[i] = demo.Account + "/" + tag
	}
	if o.Keep == "" {
		o.Keep = rollbacks.DefaultKeep
	}
	out, said, err := c.verb(func(ch *propose.Proposal) error { return rollback.Run(c.t.Context(), ch, tags, o) })
	if out != "" && !errors.Is(err, errNothing) {
		_ = json.Unmarshal([]byte(out), &doc) // a refusal prints another document
	}
	if err != nil {
		said += "regatta: " + err.Error()
	}
	return output.ExitOf(err), doc, said
}

var errNothing = errors.New("nothing")

func (c *console) verb(run func(*propose.Proposal) error) (out, errOut string, err error) {
	var o, e bytes.Buffer
	streams := output.Streams{In: strings.NewReader(""), Out: &o, Err: &e, Env: func(string) string { return "" }}
	err = run(&propose.Proposal{App: c.app, Streams: streams, Options: propose.Options{Yes: true, Output: output.JSON}})
	return o.String(), e.String(), err
}

func (c *console) points(tag string) ref.Digest {
	d, _ := c.reg.Resolve("shop/api", tag)
	return ref.Digest(d)
}

// runs is what the tasks of prod's service run, by the account itself.
func (c *console) runs() deploy.State {
	c.t.Helper()
	state, err := c.app.Deployer(demo.Account).Look(c.t.Context(), deploy.Service{
		Region: "eu-central-1", Cluster: "prod", Name: "shop-api",
	}, ref.Reference{Repository: "shop/api", Tag: "prod"})
	if err != nil {
		c.t.Fatal(err)
	}
	return state
}

var deployed = rollback.Options{To: "v3.1.2", Deploy: true, Wait: true, Timeout: 10 * time.Minute, Note: "the api answers 500"}

// A rollback that deploys ends once every task runs the image; the journal has
// all of it, and undo brings the tag and the service back.
func TestRollbackDeploys(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		bad, good := c.points("prod"), c.points("v3.1.2")
		begun := time.Now()
		code, doc, said := c.rollback(deployed, "shop/api:prod")
		if code != output.Done || doc.Done != 3 || len(doc.Verified) != 1 || !doc.Verified[0].OK || len(doc.Rollouts) != 1 {
			c.t.Fatalf("exit code %d: %+v\n%s", code, doc, said)
		}
		r := doc.Rollouts[0]
		if r.Name != "prod/shop-api" || r.Verdict != deploy.Settled || r.Pinned != good || len(r.Tasks) != 4 || len(r.Events) < 3 {
			c.t.Errorf("%+v", r)
		}
		if took := time.Since(begun); took < time.Minute || took > time.Minute+2*rollbacks.WatchEvery {
			c.t.Errorf("it took %s", took)
		}
		for _, want := range []string{
			"verified: ", "prod/shop-api: 1 of 4 tasks run, 3 pending\n", "09:00:00 has started 4 tasks", "has reached a steady state.",
		} {
			if !strings.Contains(said, want) {
				c.t.Errorf("%q is not in\n%s", want, said)
			}
		}
		run, err := c.app.Journal().Run(c.t.Context(), doc.Run)
		if err != nil || len(run.About(journal.Checked)) != 10 || run.About(journal.Why)[0].Text != deployed.Note ||
			run.About(journal.Verified)[0].Level != "ok" || run.About(journal.Rollout)[0].Level != "ok" || run.Who == "" {
			c.t.Errorf("%v: %+v", err, run.Remarks)
		}
		if _, said, err := c.verb(func(ch *propose.Proposal) error { return changes.RunUndo(c.t.Context(), ch, nil, change.Asked{}) }); err != nil {
			c.t.Fatal(err, said)
		}
		time.Sleep(2 * time.Minute)
		if now := c.runs(); c.points("prod") != bad || now.Pinned != bad || now.Digests()[0].Digest != bad {
			c.t.Errorf("after undo prod points to %s, its service runs %+v", c.points("prod").Short(), now.Digests())
		}
	})
}

// A deployment that fails, is taken back or never settles is told as such, with
// what to do next; the tag stays where it was put.
func TestRollbackThatDoesNotRun(t *testing.T) {
	t.Parallel()
	for name, x := range map[string]struct {
		fate sandbox.Fate
		want deploy.Verdict
		says string
		took time.Duration
	}{
		"fails":         {sandbox.Crashes, deploy.Broken, "circuit breaker: tasks failed to start", time.Minute},
		"is taken back": {sandbox.Reverts, deploy.Broken, "tasks failed to start; the service went back to what ran before", time.Minute},
		"never settles": {sandbox.Hangs, deploy.Going, "not settled after 10m: 0 of 4 tasks run, 4 pending; it goes on", 10 * time.Minute},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			onConsole(t, sandbox.Options{}, func(c *console) {
				c.reg.Doom("prod", "shop-api", x.fate)
				good := c.points("v3.1.2")
				begun := time.Now()
				code, doc, said := c.rollback(deployed, "shop/api:prod")
				if code != output.Partly || doc.Done != 3 || doc.Rollouts[0].Verdict != x.want || c.points("prod") != good {
					c.t.Errorf("exit code %d: %+v", code, doc)
				}
				if took := time.Since(begun); took < x.took || took > x.took+2*rollbacks.WatchEvery {
					c.t.Errorf("it took %s", took)
				}
				for _, want := range []string{
					x.says, "the next candidate: regatta rollback " + demo.Account + "/shop/api:prod --to ", "regatta undo " + doc.Run,
				} {
					if !strings.Contains(said, want) {
						c.t.Errorf("%q is not in\n%s", want, said)
					}
				}
				run, _ := c.app.Journal().Run(c.t.Context(), doc.Run)
				if told := run.About(journal.Rollout); len(told) != 1 || told[0].Level != "failed" {
					c.t.Errorf("%+v", run.Remarks)
				}
			})
		})
	}
}

// Who may not look at services changes nothing; who may look and not deploy has
// the tag back, and is told what is missing.
func TestRollbackMayNotDeploy(t *testing.T) {
	t.Parallel()
	for denied, want := range map[string]struct {
		code output.Exit
		done int
	}{"ecs:DescribeServices": {output.Refused, 0}, "ecs:UpdateService": {output.Partly, 2}} {
		var o sandbox.Options
		o.Account.Keys = map[string]sandbox.Role{"AKIADEMO": {Denied: []string{denied}}}
		onConsole(t, o, func(c *console) {
			before := c.points("prod")
			code, doc, said := c.rollback(deployed, "shop/api:prod")
			told := fmt.Sprint(said, doc.Steps)
			if code != want.code || doc.Done != want.done || (c.points("prod") == before) != (want.done == 0) ||
				!strings.Contains(told, denied) {
				c.t.Errorf("exit code %d: %+v\n%s", code, doc, said)
			}
		})
	}
}

// Whoever stops waiting is told what was done, and that it was not looked at to
// the end.
func TestRollbackInterruptedWhileItWaits(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		ctx, stop := context.WithTimeout(c.t.Context(), 30*time.Second)
		defer stop()
		o := deployed
		o.Keep = rollbacks.DefaultKeep
		_, said, err := c.verb(func(ch *propose.Proposal) error {
			return rollback.Run(ctx, ch, []string{demo.Account + "/shop/api:prod"}, o)
		})
		if output.ExitOf(err) != output.Partly || !strings.Contains(said, "it goes on by itself") || !strings.Contains(said, "verified: ") {
			c.t.Errorf("%v\n%s", err, said)
		}
	})
}

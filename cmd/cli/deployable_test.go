package cli

import (
	"strings"
	"testing"
	"time"

	"regatta/cmd/app/change"
	rollbacks "regatta/cmd/app/rollback"
	"regatta/cmd/cli/changes"
	"regatta/cmd/cli/demo"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/cmd/cli/rollback"
	"regatta/cmd/config"
	"regatta/model/deploy"
	"regatta/model/ref"
	"regatta/registry/sandbox"
)

// What somebody else deploys, or nothing deploys, is refused before any tag moves,
// with the reason; the tag alone goes back without --deploy.
func TestRollbackOfWhatIsDeployedElsewhere(t *testing.T) {
	t.Parallel()
	for controller, says := range map[string]string{
		"CODE_DEPLOY": "service shop-api of cluster prod is deployed by CODE_DEPLOY; deploy it there",
		"EXTERNAL":    "service shop-api of cluster prod is deployed by EXTERNAL; deploy it there",
	} {
		onConsole(t, sandbox.Options{}, func(c *console) {
			c.reg.Control("prod", "shop-api", controller)
			before := c.points("prod")
			code, doc, said := c.rollback(deployed, "shop/api:prod")
			if code != output.Refused || doc.Done != 0 || c.points("prod") != before || !strings.Contains(said, says) {
				c.t.Errorf("%s: exit code %d: %+v\n%s", controller, code, doc, said)
			}
			alone := deployed
			alone.Deploy, alone.Wait = false, false
			if code, doc, said = c.rollback(alone, "shop/api:prod"); code != output.Done || doc.Done != 2 {
				c.t.Errorf("%s: exit code %d: %+v\n%s", controller, code, doc, said)
			}
		})
	}
}

// Of several tags nothing goes back where one service cannot be deployed; which can
// is said.
func TestRollbackTogetherOfWhatIsDeployedElsewhere(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		c.reg.Control("prod", "shop-web", "CODE_DEPLOY")
		before := c.points("prod")
		o := deployed
		o.To = rollbacks.Previous
		code, doc, said := c.rollback(o, "shop/api:prod", "shop/web:prod")
		if code != output.Refused || doc.Done != 0 || c.points("prod") != before || !strings.Contains(said, "shop-web of cluster prod is deployed by CODE_DEPLOY") {
			c.t.Errorf("exit code %d: %+v\n%s", code, doc, said)
		}
	})
}

// Where no usage source is configured, or nothing runs, nothing can be deployed.
func TestRollbackWithNothingToDeploy(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		before := c.points("latest")
		o := deployed
		code, doc, said := c.rollback(o, "shop/api:latest")
		if code != output.Refused || doc.Done != 0 || c.points("latest") != before || !strings.Contains(said, "no service that can be deployed here follows it") {
			c.t.Errorf("exit code %d: %+v\n%s", code, doc, said)
		}
	})
	for name, says := range map[string]string{demo.Host: "no usage source is configured"} {
		onConsole(t, sandbox.Options{}, func(c *console) {
			o := deployed
			o.Keep = rollbacks.DefaultKeep
			_, said, err := c.verb(func(ch *propose.Proposal) error {
				return rollback.Run(c.t.Context(), ch, []string{name + "/shop/api:prod"}, o)
			})
			if output.ExitOf(err) != output.Refused || !strings.Contains(said+err.Error(), says) {
				c.t.Errorf("%v\n%s", err, said)
			}
		})
	}
}

// What was deployed and is somebody else's to deploy since is not undone: neither
// the tag nor the service.
func TestUndoOfWhatIsDeployedElsewhereSince(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		if code, _, said := c.rollback(deployed, "shop/api:prod"); code != output.Done {
			c.t.Fatal(said)
		}
		good := c.points("prod")
		c.reg.Control("prod", "shop-api", "CODE_DEPLOY")
		_, said, err := c.verb(func(ch *propose.Proposal) error { return changes.RunUndo(c.t.Context(), ch, nil, change.Asked{}) })
		if output.ExitOf(err) != output.Refused || !strings.Contains(err.Error(), "is deployed by CODE_DEPLOY") || c.points("prod") != good {
			c.t.Errorf("%v\n%s", err, said)
		}
	})
}

// Whoever deploys it: it is waited for until it runs the image.
func TestWaitForWhatIsDeployedElsewhere(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		ours := deploy.Service{Region: "eu-central-1", Cluster: "prod", Name: "shop-api"}
		c.reg.Control("prod", "shop-api", "CODE_DEPLOY")
		o := deployed
		o.Deploy = false
		go func() {
			time.Sleep(time.Minute)
			c.reg.Control("prod", "shop-api", "ECS") // for a moment, as only ECS deploys in the sandbox
			_, _ = c.app.Deployer(demo.Account).Deploy(c.t.Context(), ours)
			c.reg.Control("prod", "shop-api", "CODE_DEPLOY")
		}()
		code, doc, said := c.rollback(o, "shop/api:prod")
		if code != output.Done || len(doc.Rollouts) != 1 || doc.Rollouts[0].Verdict != deploy.Settled {
			c.t.Errorf("exit code %d: %+v\n%s", code, doc, said)
		}
	})
}

// What is advised after a rollback that was waited for in vain can be done: a service
// that somebody else deploys is not deployed here.
func TestAdviceFitsTheController(t *testing.T) {
	t.Parallel()
	for controller, advises := range map[string]bool{"ECS": true, "CODE_DEPLOY": false, "EXTERNAL": false} {
		onConsole(t, sandbox.Options{}, func(c *console) {
			c.reg.Control("prod", "shop-api", controller)
			o := deployed
			o.Deploy = false
			code, _, said := c.rollback(o, "shop/api:prod")
			if code != output.Partly || !strings.Contains(said, "the next candidate: regatta rollback") {
				c.t.Errorf("%s: exit code %d\n%s", controller, code, said)
			}
			says := "is deployed by " + controller + "; deploy it there"
			if strings.Contains(said, "--deploy") != advises || strings.Contains(said, says) == advises {
				c.t.Errorf("%s: exit code %d\n%s", controller, code, said)
			}
		})
	}
}

// What follows the tag beside its services is named, and is why not all is done.
func TestRollbackDeploysSomeOfIt(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		pods := &clusters{runs: map[string][]string{"eu": {string(c.points("prod"))}}, host: demo.Account}
		c.app.Config.Registries = append(c.app.Config.Registries, config.Registry{
			Name: "account", Host: demo.Account, Usage: config.Usage{ECS: []string{"eu-central-1"}, Kubernetes: []string{"eu"}},
		})
		c.app.Cluster = pods.kubectl
		o := deployed
		o.Wait = false
		code, doc, said := c.rollback(o, "shop/api:prod")
		if code != output.Partly || doc.Done != 3 || !strings.Contains(said, "not deployed: eu shop/deployment/api, which follows prod") {
			c.t.Errorf("exit code %d: %+v\n%s", code, doc, said)
		}
	})
}

// On the screen the key says why not, whoever deploys it; so does the plan.
func TestDeployOnScreenOfWhatIsDeployedElsewhere(t *testing.T) {
	t.Parallel()
	onECS(t, func(b *back) {
		b.reg.Control("prod", "shop-api", "CODE_DEPLOY")
		b.goBack().See("! service shop-api of cluster prod is deployed by CODE_DEPLOY; deploy it there")
		b.press("d").See("is deployed by CODE_DEPLOY; deploy it there")
		if strings.Contains(b.Screen(), "deploy what follows prod") {
			t.Error("there is a plan")
		}
	})
	onECS(t, func(b *back) {
		b.goBack()
		before, _ := b.reg.Resolve("shop/api", "prod")
		b.reg.Control("prod", "shop-api", "EXTERNAL") // since it was looked at
		b.press("d").See("service shop-api of cluster prod is deployed by EXTERNAL; deploy it there")
		b.press("tab", "enter").press()
		if now, _ := b.reg.Resolve("shop/api", "prod"); ref.Digest(now) != ref.Digest(before) {
			t.Error("it was carried out")
		}
	})
}

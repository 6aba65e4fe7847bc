package cli

import (
	"net/http"
	"strings"
	"sync"
	"testing"

	rollbacks "regatta/cmd/app/rollback"

	"regatta/cmd/app"
	"regatta/cmd/cli/demo"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/rollback"
	"regatta/registry/sandbox"
)

// meddler lets something happen around the first change that reaches the
// registry.
type meddler struct {
	next   http.RoundTripper
	once   sync.Once
	before func()
	fails  bool // the change is made, and its answer is 500
}

// RoundTrip implements http.RoundTripper.
func (m *meddler) RoundTrip(req *http.Request) (*http.Response, error) {
	if !strings.HasSuffix(req.Header.Get("X-Amz-Target"), ".PutImage") {
		return m.next.RoundTrip(req)
	}
	first := false
	m.once.Do(func() {
		first = true
		if m.before != nil {
			m.before()
		}
	})
	res, err := m.next.RoundTrip(req)
	if first && m.fails && err == nil {
		res.StatusCode, res.Status = http.StatusInternalServerError, "500 Internal Server Error"
	}
	return res, err
}

// A tag that somebody else moves after the checks is left to them; nothing is
// overwritten, and the report says so.
func TestRollbackLosesARace(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		theirs := c.points("v3.0.1")
		c.app.Base = &meddler{next: c.reg.Transport(), before: func() {
			c.reg.Tag("shop/api", "prod", string(theirs), sandbox.Epoch())
		}}
		o := deployed
		code, doc, said := c.rollback(o, "shop/api:prod")
		if code != output.Partly || c.points("prod") != theirs || doc.Done != 1 || doc.Skipped != 2 || len(doc.Verified) != 0 {
			c.t.Errorf("exit code %d: %+v\n%s", code, doc, said)
		}
		if s := doc.Steps[1]; !strings.Contains(s.Error, "prod points to "+theirs.Short()+" now, not to") {
			c.t.Errorf("%+v", s)
		}
	})
}

// Of two operators who roll back at once, one does; the other is told, and has
// overwritten nothing.
func TestTwoOperatorsRollBackAtOnce(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		bad, other := c.points("prod"), c.points("v3.1.1")
		second := app.New(c.app.Now, c.app.Config, app.Flags{})
		second.Base, second.AWS, second.JournalPath = c.reg.Transport(), demo.Credentials, c.app.JournalPath
		c.t.Cleanup(func() { _ = second.Close() })
		their := &console{app: second, t: c.t, reg: c.reg}
		c.app.Base = &meddler{next: c.reg.Transport(), before: func() {
			if code, doc, said := their.rollback(rollback.Options{To: "v3.1.1"}, "shop/api:prod"); code != output.Done {
				c.t.Errorf("theirs: exit code %d: %+v\n%s", code, doc, said)
			}
		}}
		code, doc, said := c.rollback(rollback.Options{To: "v3.1.2"}, "shop/api:prod")
		if (code != output.Partly && code != output.Refused) || c.points("prod") != other {
			c.t.Errorf("exit code %d, prod points to %s: %+v\n%s", code, c.points("prod").Short(), doc, said)
		}
		runs, err := c.app.Journal().Runs(c.t.Context(), 2)
		if err != nil || len(runs) != 2 {
			c.t.Fatal(err, len(runs))
		}
		kept := 0
		for _, tag := range tagsOf(c.t, c.reg) {
			if d, _ := c.reg.Resolve("shop/api", tag); strings.HasPrefix(tag, rollbacks.DefaultKeep) && d == string(bad) {
				kept++
			}
		}
		if kept == 0 {
			c.t.Error("what was left behind has no tag")
		}
	})
}

// A registry that answers 500 to what it has done is looked at: the rollback is
// done, once, and verified.
func TestRollbackThatTheRegistryDenies(t *testing.T) {
	t.Parallel()
	onConsole(t, sandbox.Options{}, func(c *console) {
		good := c.points("v3.1.2")
		c.app.Base = &meddler{next: c.reg.Transport(), fails: true}
		code, doc, said := c.rollback(rollback.Options{To: "v3.1.2"}, "shop/api:prod")
		if code != output.Done || c.points("prod") != good || doc.Done != 2 || !doc.Verified[0].OK {
			c.t.Errorf("exit code %d: %+v\n%s", code, doc, said)
		}
	})
}

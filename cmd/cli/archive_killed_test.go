//go:build unix

package cli

import (
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"regatta/cmd/cli/demo"
	"regatta/model/plan"
	"regatta/registry/sandbox"
)

// A program that is killed while it waits for an image to come back from the archive
// leaves the step in doubt. Going on finds the image there, asks for nothing twice, and
// the whole can be taken back.
func TestKilledWhileARestoreIsWaitedFor(t *testing.T) {
	t.Parallel()
	var late atomic.Bool // an hour has passed
	reg := sandbox.New(sandbox.Options{Empty: true, Now: func() time.Time {
		if late.Load() {
			return sandbox.Epoch().Add(time.Hour)
		}
		return sandbox.Epoch()
	}})
	t.Cleanup(func() { _ = reg.Close() })
	furnish(reg)
	srv := httptest.NewServer(reg)
	t.Cleanup(srv.Close)
	i := &incident{t: t, reg: reg, bin: program(t)}
	home := t.TempDir()
	i.env = append(os.Environ(), "HOME="+home, "DOCKER_CONFIG="+home, "XDG_RUNTIME_DIR=", "REGATTA_CONFIG=",
		"XDG_CONFIG_HOME="+home, "XDG_STATE_HOME="+home, "XDG_CACHE_HOME="+home,
		"AWS_ENDPOINT_URL="+srv.URL, "AWS_ACCESS_KEY_ID=AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY=secret")
	at := demo.Account + "/team/app:v0.9.0"
	i.say("archive", "--yes", at)
	cmd := i.command("restore", "--yes", at)
	asked := func() int {
		return len(slices.DeleteFunc(reg.Requests(), func(r sandbox.Request) bool {
			return r.Operation != "ecr:UpdateImageStorageClass" || r.Status != http.StatusOK
		}))
	}
	once, waits := asked(), make(chan struct{})
	var seen sync.Once
	reg.Inject(sandbox.Fault{Operation: "ecr:DescribeImages", Effect: sandbox.Afterwards{Do: func() {
		if asked() > once { // it was looked at once more, and from now on is waited for
			seen.Do(func() { close(waits) })
		}
	}}})
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	select {
	case <-waits:
	case <-time.After(time.Minute):
		t.Fatal("it never asked for the image")
	}
	_ = cmd.Process.Kill()
	_ = cmd.Wait()
	was := i.last()
	if was.State != "interrupted" || !slices.Equal(outcomes(was), []plan.Outcome{plan.Running}) {
		t.Errorf("the journal says %s %v", was.State, outcomes(was))
	}
	late.Store(true)
	i.say("apply", "--yes", "--resume", was.Run)
	if now := i.last(); now.State != "done" || asked() != once+1 {
		t.Errorf("resumed, the journal says %s %v, and it was asked for %d times more", now.State, outcomes(now), asked()-once-1)
	}
	i.say("undo", "--yes", was.Run)
	if out, err := i.command("pull", at, "--to", t.TempDir()).CombinedOutput(); err == nil || !strings.Contains(string(out), "in the archive") {
		t.Errorf("taken back, it is not in the archive: %v\n%s", err, out)
	}
}

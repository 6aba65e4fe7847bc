//go:build unix

package cli

import (
	"errors"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"regatta/cmd/cli/demo"
	"regatta/model/ref"
	"regatta/registry/sandbox"
)

// fakeKubectl is a cluster of one pod, which runs what the file digest says until it is
// restarted.
const fakeKubectl = `#!/bin/sh
cd "$(dirname "$0")" || exit
case "$*" in
"--context prod -n shop rollout restart deployment/api") cp restarted digest ;;
*" get "*) sed "s/DIGEST/$(cat digest)/" pods.json ;;
*) exit 1 ;;
esac
`

const fakePods = `{"items": [
{"kind": "Deployment", "metadata": {"name": "api", "namespace": "shop"},
 "spec": {"template": {"spec": {"containers": [{"name": "api", "image": "HOST/shop/api:prod"}]}}}},
{"kind": "ReplicaSet", "metadata": {"name": "api-1", "namespace": "shop",
 "ownerReferences": [{"kind": "Deployment", "name": "api", "controller": true}]}},
{"kind": "Pod", "metadata": {"name": "api-1-a", "namespace": "shop",
 "ownerReferences": [{"kind": "ReplicaSet", "name": "api-1", "controller": true}]},
 "spec": {"containers": [{"name": "api", "image": "HOST/shop/api:prod"}]},
 "status": {"containerStatuses": [{"name": "api", "imageID": "HOST/shop/api@DIGEST", "state": {"running": {}}}]}}]}
`

func layOut(t *testing.T, dir string, files map[string]string) {
	t.Helper()
	var errs []error
	for name, content := range files {
		path := filepath.Join(dir, name)
		errs = append(errs, os.MkdirAll(filepath.Dir(path), 0o700), os.WriteFile(path, []byte(content), 0o700))
	}
	if err := errors.Join(errs...); err != nil {
		t.Fatal(err)
	}
}

// The real program in a real terminal with a kubectl in PATH: from the image under
// prod to pods that run the one before it. What it puts on the clipboard is what a
// shell has to be given.
func TestRollbackOnKubernetesInATerminal(t *testing.T) {
	t.Parallel()
	reg := sandbox.New(sandbox.Options{Now: time.Now})
	t.Cleanup(func() { _ = reg.Close() })
	server := httptest.NewServer(reg)
	t.Cleanup(server.Close)
	host, cluster := strings.TrimPrefix(server.URL, "http://"), t.TempDir()
	bad, _ := reg.Resolve("shop/api", "prod")
	good, _ := reg.Resolve("shop/api", "v3.1.2")
	layOut(t, cluster, map[string]string{
		"kubectl": fakeKubectl, "digest": bad, "restarted": good, "pods.json": strings.ReplaceAll(fakePods, "HOST", host),
	})
	m := openTerminal(t, program(t), cluster)
	layOut(t, m.dir, map[string]string{
		"regatta/config.yaml": "registries: [{host: '" + host + "', usage: {kubernetes: [prod]}}]\n",
	})
	m.tmux("set-option", "-s", "set-clipboard", "on")

	m.run("sh start regatta "+host+"/shop/api; echo ended=$?").see("47 images").press("/", "p", "r", "o", "d", "Enter").cursorOn("prod")
	m.press("b").see("roll back which tag?").press("Enter").see("v3.1.2, a version before").press("Enter").see("2 steps")
	m.press("Tab", "Enter").see("people may deploy from prod").press("p", "r", "o", "d", "Enter")
	m.see("prod was read back", "shop/deployment/api  0 of 1 pods run "+ref.Digest(good).Short(), "restart it with kubectl")
	m.press("c").see("copied kubectl")
	restart := exec.CommandContext(t.Context(), "sh", "-c", m.tmux("show-buffer"))
	restart.Env = m.env
	if out, err := restart.CombinedOutput(); err != nil {
		t.Fatalf("%v: %v\n%s", restart.Args, err, out)
	}
	m.press("r").see("✓ shop/deployment/api  1 of 1 pods run "+ref.Digest(good).Short(), "the image").gone("restart it with")
	if now, _ := reg.Resolve("shop/api", "prod"); now != good {
		t.Errorf("prod points to %s, want %s", now, good)
	}
	m.press("q").see("ended=0")
	cooked(m)
}

// keyed presses keys, and counts them.
type keyed struct {
	*terminal

	pressed int
}

func (k *keyed) press(keys ...string) *keyed {
	k.pressed += len(keys)
	k.terminal.press(keys...)
	return k
}

// The real program in a real terminal on the demo's account: the image before is
// back under prod in ten keys, then every task of the service runs it, and one key
// leads to the plan that takes both back.
func TestRollbackOnECSInATerminal(t *testing.T) {
	t.Parallel()
	m := openTerminal(t, program(t))
	m.run("sh start regatta demo --settles 24s; echo ended=$?").see("base/debian", "21 repositories")
	m.press(":").tmux("send-keys", "-l", demo.Account+"/shop/api")
	m.see("▌open 111122223333").press("Enter").see("shop/api", "v3.2.0", "images ·")
	m.press("/", "p", "r", "o", "d", "Enter").cursorOn("prod")

	k := &keyed{terminal: m}
	k.press("b").see("roll back which tag?")
	k.press("Enter").see("prod of shop/api points to", "v3.1.2, a version before v3.2.0")
	k.press("Enter").see("roll back prod of shop/api to v3.1.2", "2 steps")
	k.press("Tab").see("▌Roll back")
	k.press("Enter").see("to go on, esc to go back")
	k.press("p", "r", "o", "d", "Enter").see("prod was read back: it points to", "still runs the digest that it has looked up before")
	if k.pressed > 10 {
		t.Errorf("%d keys", k.pressed)
	}
	m.press("d").see("deploy what follows prod", "prod/shop-api ← prod").press("Tab", "Enter").see("has started 4 tasks")
	for _, tasks := range []string{"1 of 4 tasks run", "2 of 4 tasks run", "3 of 4 tasks run", "4 of 4 run", "has reached a steady state."} {
		m.see(tasks)
	}
	m.press("Z").see("undoes: roll back prod", "deploy", "▌Cancel").press("Enter", "q").see("ended=0")
	cooked(m)
}

//go:build linux

package bench

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-containerregistry/pkg/name"
	v1 "github.com/google/go-containerregistry/pkg/v1"
	"github.com/google/go-containerregistry/pkg/v1/random"
	"github.com/google/go-containerregistry/pkg/v1/remote"

	"regatta/registry/peertest"
)

const (
	layerBytes     = 250_000_000
	layerCount     = 4
	transferRounds = 4
)

// transfer measures copying and pulling an image of 1 GB between two
// registries, each program as its own process. Every copy goes to an empty
// registry: a program that remembers where blobs are would mount them, which is
// another thing to measure.
type transfer struct {
	*table
	*program

	from string
	best map[string]time.Duration
	peak float64 // of this program, in MB
}

// way is how a program copies from FROM to TO, or pulls to DIR.
type way struct{ name, copies, pulls string }

func ways() []way {
	return []way{
		{"regatta", "copy --yes FROM TO", "pull FROM --to DIR"},
		{"crane", "copy --insecure FROM TO", "pull --insecure --format=oci FROM DIR"},
		{
			"skopeo", "copy --all --src-tls-verify=false --dest-tls-verify=false docker://FROM docker://TO",
			"copy --all --src-tls-verify=false docker://FROM oci:DIR:v1",
		},
		{
			"regctl", "--host reg=FROMHOST,tls=disabled --host reg=TOHOST,tls=disabled image copy FROM TO",
			"--host reg=FROMHOST,tls=disabled image copy FROM ocidir://DIR:v1",
		},
	}
}

func measureTransfers(b *testing.B, t *table, p *program) {
	b.Helper()
	from := peertest.Start(b, peertest.Peers()[1], peertest.Options{}).Host
	m := &transfer{table: t, program: p, from: from, best: map[string]time.Duration{}}
	tag := result[name.Tag](b)(name.NewTag(m.from + "/" + repository + ":v1"))
	must(b, remote.Write(tag, result[v1.Image](b)(random.Image(layerBytes, layerCount))))
	for n := range transferRounds { // in turns, so that a busy moment hits all alike
		for i := range ways() {
			w := ways()[(i+n)%len(ways())]
			b.Run(fmt.Sprintf("%s %d", w.name, n+1), func(b *testing.B) {
				m.run(b, w.name, "copy", w.copies, peertest.Start(b, peertest.Peers()[1], peertest.Options{}).Host)
				m.run(b, w.name, "pull", w.pulls, "")
			})
		}
	}
	m.report()
}

func (m *transfer) run(b *testing.B, program, verb, line, to string) {
	b.Helper()
	path := m.path
	if program != "regatta" {
		var ok bool
		if path, ok = find(program); !ok {
			return
		}
	}
	dir, home := filepath.Join(b.TempDir(), "layout"), b.TempDir()
	words := strings.NewReplacer(
		"FROMHOST", m.from, "TOHOST", to, "FROM", m.from+"/"+repository+":v1", "TO", to+"/copy/app:v1", "DIR", dir,
	)
	cmd := m.command(b, home, strings.Fields(words.Replace(line))...)
	cmd.Path, cmd.Args[0] = path, path
	cmd.Env = append(cmd.Env, "REGCTL_CONFIG="+home+"/regctl.json", "XDG_RUNTIME_DIR="+home, "HOME="+home)
	said := &bytes.Buffer{}
	cmd.Stdout, cmd.Stderr = said, said
	took := timed(func() {
		must(b, cmd.Start())
		if program == "regatta" {
			m.peak = max(m.peak, watch(b, cmd.Process.Pid))
		}
		if err := cmd.Wait(); err != nil {
			b.Fatalf("%s: %v\n%s", cmd, err, said)
		}
	})
	m.note(program+" "+verb, took)
}

// watch is the most memory that a process was seen with until it ended. What
// wait tells counts in what it was forked from.
func watch(b *testing.B, pid int) float64 {
	b.Helper()
	most := 0.0
	for {
		raw, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", pid))
		if err != nil || !bytes.Contains(raw, []byte("VmHWM")) {
			return most
		}
		most = max(most, resident(b, pid, "VmHWM"))
		time.Sleep(10 * time.Millisecond)
	}
}

func (m *transfer) note(name string, took time.Duration) {
	if old, ok := m.best[name]; !ok || took < old {
		m.best[name] = took
	}
}

func (m *transfer) report() {
	const most = 100 // MB
	for _, verb := range []string{"copy", "pull"} {
		for _, w := range ways()[1:] {
			what := verb + " of 1 GB in 4 layers"
			if took, ok := m.best[w.name+" "+verb]; ok {
				m.against(what, m.best["regatta "+verb], w.name, took, 1)
			} else {
				m.add(row{what: what, with: w.name, missing: w.name + " is not installed"})
			}
		}
	}
	m.within("peak memory of copy and pull", m.peak, most, "MB", "")
}

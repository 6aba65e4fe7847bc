//go:build linux

package bench

import (
	"fmt"
	"os"
	"os/exec"
	"regexp"
	"strconv"
	"testing"
	"time"
)

const crowdSize = 100_000

// measureMemory opens a repository of 100,000 tags and takes the resident set
// when all pages and the details that it asks for by itself are in; the same of
// a registry of Amazon ECR.
func measureMemory(b *testing.B, t *table, p *program) {
	b.Helper()
	reg := newCrowd(b, crowdSize)
	remember(b, t, p.command(b, b.TempDir(), reg.host+"/app"), &reg.visits, "")
	a := newAccount(b, crowdSize)
	cmd := p.command(b, b.TempDir(), accountHost+"/app")
	cmd.Env = append(cmd.Env, a.environment()...)
	remember(b, t, cmd, &a.visits, " of ECR")
}

// remember takes what a program needs that shows a repository of somebody.
func remember(b *testing.B, t *table, cmd *exec.Cmd, from *visits, whose string) {
	b.Helper()
	ui := open(b, cmd, 200, 50)
	start := time.Now()
	listed, latest := from.settle(b)
	pid := ui.cmd.Process.Pid
	settled := resident(b, pid, "VmRSS")
	ui.forget()
	ui.resize(b, 199, 50) // draws all lines anew
	ui.wrote(b, "100,000 images")
	for _, keys := range []string{"s", "s", "G", "/v1 size>1\r"} {
		_, err := ui.master.WriteString(keys)
		must(b, err)
		time.Sleep(time.Second)
	}
	most := resident(b, pid, "VmHWM")
	with := fmt.Sprintf("listed after %s, rested after %s and %d requests",
		short(listed.Sub(start)), short(latest.Sub(start)), from.asked.Load())
	t.within("memory with 100,000 images"+whose+" shown", settled, 150, "MB", with)
	t.within("its peak, after sorting and filtering", most, 150, "MB", "")
}

// resident is one of the kernel's numbers on the memory of a process, in
// megabytes.
func resident(b *testing.B, pid int, what string) float64 {
	b.Helper()
	raw := result[[]byte](b)(os.ReadFile(fmt.Sprintf("/proc/%d/status", pid)))
	m := regexp.MustCompile(what + `:\s+(\d+) kB`).FindSubmatch(raw)
	if m == nil {
		b.Fatalf("no %s in\n%s", what, raw)
	}
	return result[float64](b)(strconv.ParseFloat(string(m[1]), 64)) * 1024 / 1e6
}

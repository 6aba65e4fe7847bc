//go:build linux

package bench

import (
	"fmt"
	"os"
	"regexp"
	"strconv"
	"testing"
	"time"
)

const crowdSize = 100_000

// measureMemory opens a repository of 100,000 tags and takes the resident set
// when all pages and the details that it asks for by itself are in.
func measureMemory(b *testing.B, t *table, p *program) {
	b.Helper()
	reg := newCrowd(b, crowdSize)
	ui := open(b, p.command(b, b.TempDir(), reg.host+"/app"), 200, 50)
	start := time.Now()
	listed, latest := reg.settle(b)
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
		short(listed.Sub(start)), short(latest.Sub(start)), reg.asked.Load())
	t.within("memory with 100,000 images shown", settled, 150, "MB", with)
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

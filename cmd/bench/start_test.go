//go:build linux

package bench

import (
	"testing"
	"time"
)

// measureStart takes the time from the start of a process to the first frame
// that shows repositories.
func measureStart(b *testing.B, t *table, p *program) {
	b.Helper()
	const runs = 10
	var frame, version []time.Duration
	for range runs {
		cmd := p.command(b, b.TempDir(), "demo")
		frame = append(frame, timed(func() {
			t := open(b, cmd, 120, 40)
			t.wrote(b, "base/debian")
		}))
		_ = cmd.Process.Kill()
		cmd = p.command(b, b.TempDir(), "version")
		version = append(version, timed(func() { must(b, cmd.Run()) }))
	}
	took, bare := median(frame), median(version)
	t.within("start to the demo's first rows, median of 10", took.Seconds()*1e3, 150, "ms",
		"regatta version: "+short(bare))
	t.within("the slowest of them", frame[runs-1].Seconds()*1e3, 150, "ms", "")
}

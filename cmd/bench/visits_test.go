//go:build linux

package bench

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"
)

// visits are what a server remembers of those who ask it.
type visits struct {
	asked atomic.Int64

	mu     sync.Mutex
	listed time.Time // when the last page was served
	latest time.Time // when anything was
}

func (c *visits) served(at *time.Time) {
	c.mu.Lock()
	defer c.mu.Unlock()
	*at = time.Now()
}

// settle waits until all pages were served and no request came for a while. It
// returns when both ended.
func (c *visits) settle(b *testing.B) (listed, latest time.Time) {
	b.Helper()
	const calm, patience, pace = 2 * time.Second, 3 * time.Minute, 100 * time.Millisecond
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(pace) {
		c.mu.Lock()
		listed, latest = c.listed, c.latest
		c.mu.Unlock()
		if !listed.IsZero() && time.Since(latest) > calm {
			return listed, latest
		}
	}
	b.Fatalf("no rest after %d requests", c.asked.Load())
	return listed, latest
}

package store

import (
	"sync/atomic"
	"time"
)

// clock gives the times of rows. Uses are strictly ordered even where the
// clock stands still or steps back, so that eviction has one answer.
type clock struct {
	now  func() time.Time
	last atomic.Int64
}

func (c *clock) use() int64 {
	now := c.now().UnixMicro()
	for {
		last := c.last.Load()
		next := max(now, last+1)
		if c.last.CompareAndSwap(last, next) {
			return next
		}
	}
}

// seen is in milliseconds, which is what a row keeps of a sighting's time.
func (c *clock) seen() int64 { return c.now().UnixMilli() }

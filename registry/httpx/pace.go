package httpx

import (
	"errors"
	"time"
)

// The least that a body must bring of the time that is spent waiting for it. A host
// that drips keeps the clock of a stalled answer from running out for as long as it
// likes. Proxies that scan content do so for a few minutes, and then send it.
const (
	paceWindow = 5 * time.Minute
	paceBytes  = 64 << 10
)

var errDrips = errors.New("the answer comes too slowly: less than 64 KiB in five minutes")

// pace watches how much comes in the time that reads wait.
type pace struct {
	waited time.Duration
	bytes  int
}

// read notes a read, and reports whether the body drips.
func (p *pace) read(n int, took time.Duration) (drips bool) {
	p.waited, p.bytes = p.waited+took, p.bytes+n
	if p.waited < paceWindow {
		return false
	}
	drips = p.bytes < paceBytes
	*p = pace{}
	return drips
}

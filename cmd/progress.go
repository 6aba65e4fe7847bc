package cmd

import (
	"fmt"
	"io"
	"sync"
	"time"

	"regatta/model/text"
)

// progress is one line on a terminal that is written anew as work goes on. Off
// a terminal it is silent. It is safe for concurrent use.
type progress struct {
	w    io.Writer // nil: silent
	now  func() time.Time
	verb string
	noun string

	mu    sync.Mutex
	total int
	done  int
	drawn time.Time
}

// redraw is how often the line may change.
const redraw = 50 * time.Millisecond

// progress counts nouns: "read 120 of 1,000 images".
func (s Streams) progress(now func() time.Time, verb, noun string) *progress {
	p := &progress{now: now, verb: verb, noun: noun}
	if s.ErrTTY && s.Env("TERM") != "dumb" {
		p.w = s.Err
	}
	return p
}

// add says that there is more to do, and that some of it is done.
func (p *progress) add(total, done int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total, p.done = p.total+total, p.done+done
	now := p.now()
	if p.w == nil || p.done < p.total && now.Sub(p.drawn) < redraw {
		return
	}
	p.drawn = now
	fmt.Fprintf(p.w, "\r\x1b[K%s %s of %s %s", p.verb, text.Count(p.done), text.Count(p.total), p.noun)
}

// clear leaves the terminal as it was.
func (p *progress) clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	if p.w != nil && !p.drawn.IsZero() {
		fmt.Fprint(p.w, "\r\x1b[K")
		p.drawn = time.Time{}
	}
}

package output

import (
	"fmt"
	"io"
	"sync"
	"time"

	"regatta/model/plan"
	"regatta/model/text"
)

// line is one line on a terminal that is written anew as work goes on. Off a
// terminal it is silent.
type line struct {
	w     io.Writer // nil: silent
	now   func() time.Time
	drawn time.Time
}

func (s Streams) line(now func() time.Time) line {
	l := line{now: now}
	if s.ErrTTY && s.Env("TERM") != "dumb" {
		l.w = s.Err
	}
	return l
}

// write draws the line, unless that was done a moment ago and must is false.
func (l *line) write(text string, must bool) {
	now := l.now()
	if l.w == nil || !must && now.Sub(l.drawn) < redraw {
		return
	}
	l.drawn = now
	fmt.Fprint(l.w, "\r\x1b[K"+text)
}

// clear leaves the terminal as it was.
func (l *line) clear() {
	if l.w != nil && !l.drawn.IsZero() {
		fmt.Fprint(l.w, "\r\x1b[K")
		l.drawn = time.Time{}
	}
}

// Progress counts what is done. It is safe for concurrent use.
type Progress struct {
	verb string
	noun string

	mu    sync.Mutex
	line  line
	total int
	done  int
}

// redraw is how often the line may change.
const redraw = 50 * time.Millisecond

// Progress counts nouns: "read 120 of 1,000 images".
func (s Streams) Progress(now func() time.Time, verb, noun string) *Progress {
	return &Progress{verb: verb, noun: noun, line: s.line(now)}
}

// Add says that there is more to do, and that some of it is done.
func (p *Progress) Add(total, done int) {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.total, p.done = p.total+total, p.done+done
	p.line.write(fmt.Sprintf("%s %s of %s %s", p.verb, text.Count(p.done), text.Count(p.total), p.noun), p.done >= p.total)
}

// Clear leaves the terminal as it was.
func (p *Progress) Clear() {
	p.mu.Lock()
	defer p.mu.Unlock()
	p.line.clear()
}

// Gauge shows how far a run is.
type Gauge struct{ line line }

// Gauge shows how far a run is, on a line of its own.
func (s Streams) Gauge(now func() time.Time) *Gauge { return &Gauge{s.line(now)} }

// Show is "4 of 9 steps", and where bytes move "120 MB of 1.0 GB, 85 MB/s, 10 s
// left".
func (g *Gauge) Show(p plan.Progress) {
	through := p.Done + p.Failed + p.Skipped
	said := "done " + text.Count(through) + " of " + text.Plural(p.Total, "step", "steps")
	if p.BytesTotal > 0 {
		said += " · " + text.Bytes(max(0, p.BytesDone)) + " of " + text.Bytes(p.BytesTotal)
	}
	if p.BytesPerSecond > 0 {
		said += " · " + text.Bytes(int64(p.BytesPerSecond)) + "/s"
	}
	if p.Left > 0 {
		said += " · " + text.Took(p.Left) + " left"
	}
	g.line.write(said, p.Finished)
}

// Clear leaves the terminal as it was.
func (g *Gauge) Clear() { g.line.clear() }

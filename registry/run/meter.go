package run

import (
	"sync"
	"time"

	"regatta/model/plan"
)

// interval is how often a snapshot is published at most.
const interval = 50 * time.Millisecond

// meter keeps the progress of a run, and publishes it.
type meter struct {
	now func() time.Time
	out chan plan.Progress

	mu      sync.Mutex
	p       plan.Progress
	began   time.Time
	idle    time.Duration // paused, in all
	idling  time.Time     // since when it is paused
	through int           // steps that ended since it began
	sizes   []int64       // of the steps, in bytes
	bytes   []int64       // of the steps, that went through
	moved   int64         // bytes since it began
	sent    time.Time
	timer   *time.Timer
}

func newMeter(r *Run, now func() time.Time) *meter {
	m := &meter{now: now, out: make(chan plan.Progress, 1), began: now()}
	m.p = plan.Progress{
		Run: r.id, Total: len(r.plan.Steps), Done: r.result.Done, Failed: r.result.Failed, Skipped: r.result.Skipped,
		BytesTotal: -1, BytesDone: -1,
	}
	if total := r.plan.Transfer(); total > 0 {
		m.p.BytesTotal, m.p.BytesDone = total, 0
	}
	m.sizes, m.bytes = make([]int64, len(r.plan.Steps)), make([]int64, len(r.plan.Steps))
	for i, s := range r.plan.Steps {
		m.sizes[i] = s.Size
		if r.result.Steps[i].Outcome.Succeeded() {
			m.bytes[i] = s.Size
			m.p.BytesDone += s.Size
		}
	}
	return m
}

// reached says how many bytes of a step are through. A step that is tried again
// counts from where it was before.
func (m *meter) reached(i int, at int64) {
	m.change(func(p *plan.Progress) {
		if more := min(at, m.sizes[i]) - m.bytes[i]; more > 0 {
			m.bytes[i] += more
			m.moved += more
			p.BytesDone += more
		}
	})
}

// change publishes at once if the last snapshot is old enough, else when it is.
func (m *meter) change(f func(*plan.Progress)) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.p.Finished {
		return
	}
	f(&m.p)
	now := m.now()
	if since := now.Sub(m.sent); since >= interval || since < 0 {
		m.publish(now)
	} else if m.timer == nil {
		m.timer = time.AfterFunc(interval-since, m.later)
	}
}

func (m *meter) later() {
	m.mu.Lock()
	defer m.mu.Unlock()
	m.timer = nil
	if !m.p.Finished {
		m.publish(m.now())
	}
}

func (m *meter) publish(now time.Time) {
	m.sent = now
	m.rate(now)
	select {
	case <-m.out: // nobody read it: the new one takes its place
	default:
	}
	m.out <- m.p
}

func (m *meter) rate(now time.Time) {
	worked := now.Sub(m.began) - m.idle
	if m.p.Paused {
		worked -= now.Sub(m.idling)
	}
	left := m.p.Total - m.p.Done - m.p.Failed - m.p.Skipped
	m.p.StepsPerSecond, m.p.Left = 0, 0
	if worked > 0 && m.through > 0 {
		m.p.StepsPerSecond = float64(m.through) / worked.Seconds()
		m.p.Left = time.Duration(float64(left) / m.p.StepsPerSecond * float64(time.Second))
	}
	if m.p.BytesTotal < 0 {
		return
	}
	m.p.BytesPerSecond, m.p.Left = 0, 0
	if worked > 0 && m.moved > 0 {
		m.p.BytesPerSecond = float64(m.moved) / worked.Seconds()
		m.p.Left = time.Duration(float64(m.p.BytesTotal-m.p.BytesDone) / m.p.BytesPerSecond * float64(time.Second))
	}
}

func (m *meter) pause(on bool) {
	m.change(func(p *plan.Progress) {
		switch now := m.now(); {
		case on:
			m.idling = now
		default:
			m.idle += now.Sub(m.idling)
		}
		p.Paused = on
	})
}

// begins says that a step has got its turn, ends that it has given it back.
func (m *meter) begins(s plan.Step) {
	m.change(func(p *plan.Progress) {
		p.Running++
		p.Current = string(s.Kind) + " " + s.Reference.String()
	})
}

func (m *meter) ends() { m.change(func(p *plan.Progress) { p.Running-- }) }

func (m *meter) ended(i int, o plan.Outcome) {
	m.change(func(p *plan.Progress) {
		m.through++
		if p.BytesTotal > 0 { // what was mounted or is not coming is not waited for
			p.BytesTotal -= m.sizes[i] - m.bytes[i]
		}
		switch o {
		case plan.Done, plan.Unchanged:
			p.Done++
		case plan.Failed:
			p.Failed++
		case plan.Skipped:
			p.Skipped++
		case plan.Pending, plan.Running:
		}
	})
}

// again takes back that a step is done.
func (m *meter) again() {
	m.change(func(p *plan.Progress) { p.Done-- })
}

// finish publishes the last snapshot and closes the channel.
func (m *meter) finish(r plan.Result) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if m.timer != nil {
		m.timer.Stop()
	}
	m.p.Done, m.p.Failed, m.p.Skipped = r.Done, r.Failed, r.Skipped
	m.p.Running, m.p.Current, m.p.Paused, m.p.Finished = 0, "", false, true
	m.publish(m.now())
	close(m.out)
}

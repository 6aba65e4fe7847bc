//go:build linux

package bench

import (
	"fmt"
	"testing"
	"time"

	"regatta/model/image"
	"regatta/registry/peertest"
)

const (
	rounds     = 6
	loopRounds = 2 // the loops are slower by so much that more would tell no more
)

// tables measures the table of 1,000 images on distribution v3.
type tables struct {
	*table
	*program

	host string
	tags []string
	best map[string]time.Duration
	gets int64
}

func measureTables(b *testing.B, t *table, p *program) {
	b.Helper()
	m := &tables{table: t, program: p, best: map[string]time.Duration{}}
	m.host = peertest.Start(b, peertest.Peers()[1], peertest.Options{}).Host
	m.tags = pushImages(b, m.host)
	for n := range rounds { // in turns, so that a busy moment hits all alike
		contenders := []func(*testing.B){m.bare, m.inProcess, m.verb}
		for i := range contenders {
			contenders[(i+n)%len(contenders)](b)
		}
	}
	for range loopRounds {
		m.loops(b)
	}
	m.report()
	m.requests(b)
}

// note keeps the best time of name, which is the one with the least of the
// machine's other work in it.
func (m *tables) note(name string, took time.Duration) {
	if old, ok := m.best[name]; !ok || took < old {
		m.best[name] = took
	}
}

func (m *tables) loops(b *testing.B) {
	b.Helper()
	for _, l := range loops() {
		if took, ok := l.run(b, m.host, m.reference, len(m.tags)); ok {
			m.note(l.name, took)
		}
	}
}

func (m *tables) reference(i int) string { return m.host + "/" + repository + ":" + m.tags[i] }

func (m *tables) bare(b *testing.B) {
	b.Helper()
	m.note("bare", timed(func() { m.gets = result[int64](b)(readBare(m.host, m.tags)) }))
}

// inProcess reads the table cold, then warm, each with a fresh client; the
// store's last writes are not part of the time, nobody waits for them.
func (m *tables) inProcess(b *testing.B) {
	b.Helper()
	state := b.TempDir()
	for _, name := range []string{"client cold", "client warm"} {
		c := newClient(b, m.host, state)
		if name == "client warm" {
			m.note("known", timed(func() {
				if n := len(result[[]image.Image](b)(c.Known(b.Context(), repository))); n != len(m.tags) {
					b.Errorf("the store knows %d images", n)
				}
			}))
		}
		m.note(name, timed(func() { c.table(b) }))
		c.close(b)
	}
}

func (m *tables) verb(b *testing.B) {
	b.Helper()
	state := b.TempDir()
	for _, name := range []string{"verb cold", "verb warm"} {
		cmd := m.command(b, state, "tags", m.host+"/"+repository, "-o", "json")
		m.note(name, timed(func() {
			if out, err := cmd.Output(); err != nil || len(out) < 100*len(m.tags) {
				b.Fatalf("%s: %v, %d bytes", cmd, err, len(out))
			}
		}))
	}
}

func (m *tables) report() {
	const mostOfBare = 1.3
	bare := m.best["bare"]
	with := fmt.Sprintf("bare loop of %d GETs", m.gets)
	m.against("cold table of 1,000 images, in process", m.best["client cold"], with, bare, mostOfBare)
	m.against("cold table, regatta tags -o json", m.best["verb cold"], with, bare, mostOfBare)
	for _, l := range loops() {
		what := "cold table, ahead of a loop of " + l.name
		if took, ok := m.best[l.name]; ok {
			m.against(what, m.best["verb cold"], fmt.Sprintf("%d at a time, %d images scaled", workers, loopSample), took, 1)
		} else {
			m.add(row{what: what, with: l.name, missing: l.name + " is not installed"})
		}
	}
	m.against("warm table, in process", m.best["client warm"], "cold", m.best["client cold"], 1)
	m.against("warm table, regatta tags -o json", m.best["verb warm"], "cold", m.best["verb cold"], 1)
	m.against("first rows from the store, all 1,000", m.best["known"], "warm table", m.best["client warm"], 1)
}

// requests counts what the verb asks for, cold and warm. Warm, anything but the
// tag list and a HEAD for each tag is too much.
func (m *tables) requests(b *testing.B) {
	b.Helper()
	p := newProxy(b, m.host)
	state := b.TempDir()
	run := func() {
		must(b, m.command(b, state, "tags", p.host+"/"+repository, "-o", "json").Run())
	}
	run()
	words, sum, _ := p.take()
	m.add(row{
		what: "requests cold", measured: words, with: fmt.Sprintf("bare loop: %d", m.gets),
		ratio: float64(sum) / float64(m.gets), bar: 1.01,
	})
	run()
	words, sum, counts := p.take()
	least := len(m.tags) + counts["GET tags"] + counts["GET /v2/"]
	m.add(row{
		what: "requests warm", measured: words, with: "the list and a HEAD for each tag",
		ratio: float64(sum) / float64(least), bar: 1,
	})
}

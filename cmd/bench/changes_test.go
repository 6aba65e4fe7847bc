//go:build linux

package bench

import (
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"testing"
	"time"

	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/peertest"
	"regatta/registry/run"
	"regatta/registry/store"
	"regatta/registry/survey"
)

// changeRounds is how often each way removes 1,000 things; the best counts.
const changeRounds = 3

// changing measures 1,000 untags and 1,000 deletes on distribution v3.
type changing struct {
	*table

	host    string
	tags    []string
	raw     []image.Manifest
	digests []ref.Digest
}

func measureChanges(b *testing.B, t *table, _ *program) {
	b.Helper()
	c := newChanging(b, t, peertest.Start(b, peertest.Peers()[1], peertest.Options{}).Host)
	c.untags(b)
	c.deletes(b)
}

// newChanging fills the registry, and remembers what there is to put back.
func newChanging(b *testing.B, t *table, host string) *changing {
	b.Helper()
	c := &changing{table: t, host: host}
	c.tags = pushImages(b, c.host)
	client := newClient(b, c.host, b.TempDir())
	c.raw = make([]image.Manifest, len(c.tags))
	c.digests = make([]ref.Digest, len(c.tags))
	failures := make([]error, len(c.tags))
	parallel(len(c.tags), func(i int) {
		c.raw[i], failures[i] = client.Manifest(b.Context(), repository, c.tags[i])
		c.digests[i] = c.raw[i].Digest
	})
	must(b, errors.Join(failures...))
	client.close(b)
	return c
}

// restore puts back what a round removed.
func (c *changing) restore(b *testing.B, tagged bool) {
	b.Helper()
	client := newClient(b, c.host, b.TempDir())
	defer client.close(b)
	failures := make([]error, len(c.tags))
	parallel(len(c.tags), func(i int) {
		reference := string(c.digests[i])
		if tagged {
			reference = c.tags[i]
		}
		failures[i] = client.PutManifest(b.Context(), repository, reference, c.raw[i].MediaType, c.raw[i].Raw)
	})
	must(b, errors.Join(failures...))
}

func (c *changing) untags(b *testing.B) {
	b.Helper()
	bare, ours := time.Hour, time.Hour
	for range changeRounds {
		bare = min(bare, c.bare(b, func(i int) string { return c.tags[i] }))
		c.restore(b, true)
		ours = min(ours, c.ours(b, func(v plan.View) (plan.Plan, error) { return plan.ToUntag(v, c.tags, plan.Options{}) }))
		c.restore(b, true)
	}
	c.report(b, "1,000 untags", ours, bare, func(i int) string { return ":" + c.tags[i] })
	c.restore(b, true)
}

// deletes removes manifests that have no tags: with a tag each, a delete is two
// changes on this registry.
func (c *changing) deletes(b *testing.B) {
	b.Helper()
	c.bare(b, func(i int) string { return c.tags[i] })
	bare, ours := time.Hour, time.Hour
	for range changeRounds {
		bare = min(bare, c.bare(b, func(i int) string { return string(c.digests[i]) }))
		c.restore(b, false)
		ours = min(ours, c.ours(b, func(v plan.View) (plan.Plan, error) {
			p, err := plan.ToDelete(v, plan.Selection{Digests: c.digests}, plan.Options{})
			p.Steps = asked(p.Steps)
			return p, err
		}))
		c.restore(b, false)
	}
	c.report(b, "1,000 deletes", ours, bare, func(i int) string { return "@" + string(c.digests[i]) })
}

// asked leaves out the children of indexes: the others do not delete them.
func asked(steps []plan.Step) []plan.Step {
	var out []plan.Step
	for _, s := range steps {
		if !s.Collateral {
			out = append(out, s)
		}
	}
	return out
}

func (c *changing) bare(b *testing.B, reference func(i int) string) time.Duration {
	b.Helper()
	t := &http.Transport{MaxIdleConnsPerHost: workers}
	defer t.CloseIdleConnections()
	failures := make([]error, len(c.tags))
	took := timed(func() {
		parallel(len(c.tags), func(i int) {
			req, err := http.NewRequest(http.MethodDelete, "http://"+c.host+"/v2/"+repository+"/manifests/"+reference(i), http.NoBody)
			if err == nil {
				var resp *http.Response
				if resp, err = t.RoundTrip(req); err == nil {
					err = resp.Body.Close()
					if resp.StatusCode != http.StatusAccepted {
						err = errors.New(resp.Status)
					}
				}
			}
			failures[i] = err
		})
	})
	must(b, errors.Join(failures...))
	return took
}

// ours is the time of the run, with its journal on the disk.
func (c *changing) ours(b *testing.B, build func(plan.View) (plan.Plan, error)) time.Duration {
	b.Helper()
	state := b.TempDir()
	client := newClient(b, c.host, state)
	defer client.close(b)
	v := result[plan.View](b)(survey.View(b.Context(), client, repository, survey.Options{Digests: c.digests}))
	p := result[plan.Plan](b)(build(v))
	j := store.OpenJournal(b.Context(), store.JournalOptions{Path: filepath.Join(state, "journal.db"), Now: time.Now})
	runner := run.New(run.Options{
		Journal: j, Now: time.Now, Open: func(string) (run.Registry, error) { return client, nil },
	})
	var done plan.Result
	took := timed(func() {
		r := result[*run.Run](b)(runner.Start(b.Context(), p, "bench", ""))
		done = result[plan.Result](b)(r.Wait())
	})
	must(b, j.Close())
	if done.Done != len(c.tags) {
		b.Fatalf("%d done, %d failed, %d skipped", done.Done, done.Failed, done.Skipped)
	}
	return took
}

func (c *changing) report(b *testing.B, what string, ours, bare time.Duration, reference func(i int) string) {
	b.Helper()
	const mostOfBare = 1.5
	c.against(what+", with the journal on", ours, "bare DELETEs", bare, mostOfBare)
	for _, l := range []loop{
		{"crane", []string{"delete REF"}}, {"regctl", []string{"--host reg=HOST,tls=disabled " + verbOf(what) + " REF"}},
	} {
		took, ok := l.run(b, c.host, func(i int) string { return c.host + "/" + repository + reference(i) }, len(c.tags))
		if !ok {
			c.add(row{what: what, with: l.name, missing: l.name + " is not installed"})
			continue
		}
		c.against(what+", ahead of a loop of "+l.name, ours, fmt.Sprintf("%d at a time, %d scaled", workers, loopSample), took, 1)
		c.restore(b, what == "1,000 untags")
	}
}

func verbOf(what string) string {
	if what == "1,000 untags" {
		return "tag delete"
	}
	return "manifest delete"
}

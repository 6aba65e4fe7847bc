package run_test

import (
	"testing"
	"testing/synctest"
	"time"

	"regatta/model/plan"
	"regatta/registry/httpx"
	"regatta/registry/run"
	"regatta/registry/sandbox"
)

// A registry that is far away is no reason to delete nothing, as long as its list takes two
// round trips at most.
func TestDeletesFarAway(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w, c := racing(t, sandbox.Quirks{}, httpx.HostOptions{})
		book := newBook()
		w.runner = run.New(run.Options{Journal: book, Now: clock, Open: func(string) (run.Registry, error) { return w.client, nil }})
		all := bareImages(w, 20)
		for i := range 10 {
			w.registry.Tag(repo, tagName(i), string(all[i]), clock())
		}
		p := w.planDelete(t, plan.Selection{Digests: all[5:]})
		c.base = &stageOf{base: c.base, latency: 400 * time.Millisecond}
		n := 0
		w.registry.Inject(sandbox.Fault{Every: 5, Effect: sandbox.Meanwhile{Do: func() { // others push all the time
			n++
			w.registry.Tag(repo, tagName(100+n), string(all[0]), clock())
		}}})
		if r := w.run(t, p, ""); r.Done != len(p.Steps) || n == 0 {
			t.Errorf("%d of %d are done: %+v", r.Done, len(p.Steps), r)
		}
	})
}

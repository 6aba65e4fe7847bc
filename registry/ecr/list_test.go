package ecr_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"net/http"
	"slices"
	"testing"
	"testing/synctest"
	"time"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/registry/sandbox"
)

// many fills a repository with so many images of one tag each.
func (w *world) many(n int) {
	for i := range n {
		digest := w.sandbox.PushRaw("app", single, fmt.Appendf(nil,
			`{"schemaVersion":2,"config":{"mediaType":%q,"size":100},"layers":[{"size":%d}]}`, image.MediaTypeOCIConfig, 1000+i))
		w.sandbox.Tag("app", fmt.Sprint("v", i), digest, w.at)
	}
}

// Ten thousand images are ten requests, and not one more.
func TestListingIsItsPages(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.many(10_000)
	w.calls()
	images := w.listed(t)
	calls := w.calls()
	if len(images) != 10_000 || len(calls) != 10 || count(calls, "ecr:DescribeImages") != 10 {
		t.Errorf("%d images by %d calls: %v", len(images), len(calls), calls[:min(len(calls), 12)])
	}
	for _, img := range images {
		if img.State != image.Read || img.Kind != image.KindImage || len(img.Tags) != 1 || img.Size < 1100 || img.Pushed != w.at {
			t.Fatalf("image %+v", img)
		}
	}
	if log := w.transport.Entries(); len(log) < 10 {
		t.Errorf("%d requests in the log", len(log))
	}
}

// A row holds what the listing tells, and nothing has been pulled for it.
func TestRows(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	one, two := w.push("one"), w.push("two", "old")
	index := ref.Digest(w.sandbox.PushIndex("app", string(one)))
	w.sandbox.Tag("app", "v1", string(index), w.at)
	w.sandbox.Tag("app", "latest", string(index), w.at)
	signature := ref.Digest(w.sandbox.PushArtifact("app", sandbox.Artifact{Type: "example/sig", Subject: string(index)}))
	if err := w.Archive(t.Context(), "app", two); err != nil {
		t.Fatal(err)
	}
	rows := map[ref.Digest]image.Image{}
	for _, img := range w.listed(t) {
		rows[img.Digest] = img
	}
	if img := rows[index]; img.Kind != image.KindIndex || !slices.Equal(img.Tags, []string{"latest", "v1"}) ||
		img.Size != rows[one].Size || !img.Pulled.IsZero() {
		t.Errorf("index %+v", img)
	}
	if img := rows[signature]; img.Kind != image.KindArtifact || img.ArtifactType != "example/sig" || img.Subject != index {
		t.Errorf("signature %+v", img)
	}
	if img := rows[two]; img.Storage != image.Archived {
		t.Errorf("archived %+v", img)
	}
	if err := w.Restore(t.Context(), "app", two); err != nil {
		t.Fatal(err)
	}
	for _, img := range w.listed(t) {
		if img.Digest == two && img.Storage != image.Restoring {
			t.Errorf("restored %+v", img)
		}
	}
}

func TestRepositories(t *testing.T) {
	t.Parallel()
	w := open(t, func(o *sandbox.Options) { o.Empty = false })
	page, err := w.Repositories(t.Context(), "")
	if err != nil || len(page.Repositories) != 21 || page.Next != "" {
		t.Fatalf("%d repositories, %v", len(page.Repositories), err)
	}
	r, err := w.DescribeRepository(t.Context(), "shop/api")
	if err != nil || r.Tags < 50 || r.Images < 20 || r.LastPush.IsZero() || r.State != image.Read {
		t.Errorf("shop/api %+v, %v", r, err)
	}
	if calls := w.calls(); count(calls, "ecr:BatchGetImage") != 0 {
		t.Errorf("calls %v", calls)
	}
}

// A hundred thousand images are a hundred requests, and not one more. Throttled at
// random, the listing takes its time, which is seen, and is complete.
func TestThrottledListingIsComplete(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := open(t, nil)
		const images, pages = 100_000, 100
		w.many(images)
		w.calls()
		if n := distinct(w.listed(t)); n != images {
			t.Errorf("%d images", n)
		}
		if calls := w.calls(); len(calls) != pages || count(calls, "ecr:DescribeImages") != pages {
			t.Errorf("%d calls", len(calls))
		}
		random := rand.New(rand.NewPCG(3, 4))
		w.sandbox.Inject(sandbox.Fault{
			Operation: "ecr:DescribeImages", Effect: sandbox.Throttle{},
			Match: func(*http.Request) bool { return random.IntN(10) < 6 },
		})
		start, seen := time.Now(), false
		stop := every(time.Second/10, func() { seen = seen || w.transport.Load().PausedUntil.After(w.now()) })
		if found := w.listed(t); distinct(found) != images {
			t.Errorf("%d images, %d different", len(found), distinct(found))
		}
		if calls := w.calls(); len(calls) <= pages || time.Since(start) == 0 {
			t.Errorf("%d calls in %s", len(calls), time.Since(start))
		}
		stop()
		if !seen {
			t.Error("it was slowed down, and nobody could see it")
		}
		w.sandbox.ClearFaults()
		w.sandbox.Inject(sandbox.Fault{Operation: "ecr:DescribeImages", Effect: sandbox.Throttle{}, Times: 30})
		if _, err := w.Images(t.Context(), "app", ""); err != nil {
			t.Errorf("after thirty refusals: %v", err)
		}
	})
}

// Before manifests are known the bytes are an upper bound, by class of storage;
// reading them makes it exact, but for the archive.
func TestStored(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	one, two := w.push("one"), w.push("two", "old")
	w.sandbox.Tag("app", "v1", w.sandbox.PushIndex("app", string(one)), w.at)
	sizes := map[ref.Digest]int64{}
	for _, img := range w.listed(t) {
		sizes[img.Digest] = img.Size
	}
	r, err := w.DescribeRepository(t.Context(), "app")
	want := image.Stored{Known: true, Standard: sizes[one] + sizes[two], AtMost: true}
	if err != nil || sizes[one] == 0 || r.Stored != want {
		t.Errorf("stored %+v, want %+v; %v", r.Stored, want, err)
	}
	if r, err = w.SurveyRepository(t.Context(), "app"); err != nil || r.Stored.AtMost || !r.Stored.Known ||
		r.Stored.Standard != r.Size || r.Size > want.Standard {
		t.Errorf("read, stored %+v of %d, %v", r.Stored, r.Size, err)
	}
	if err := w.Archive(t.Context(), "app", two); err != nil {
		t.Fatal(err)
	}
	r, err = w.SurveyRepository(t.Context(), "app")
	if err != nil || r.Stored.Archived != sizes[two] || !r.Stored.AtMost || r.Stored.Standard >= want.Standard {
		t.Errorf("archived, stored %+v, %v", r.Stored, err)
	}
}

func distinct(images []image.Image) int {
	seen := map[ref.Digest]bool{}
	for _, img := range images {
		seen[img.Digest] = true
	}
	return len(seen)
}

// every calls do now and then until it is stopped.
func every(d time.Duration, do func()) (stop func()) {
	end, ended := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(ended)
		for t := time.NewTicker(d); ; {
			select {
			case <-t.C:
				do()
			case <-end:
				t.Stop()
				return
			}
		}
	}()
	return func() { close(end); <-ended }
}

// Who gives up is not kept waiting by a registry that throttles for ever.
func TestThrottledForEver(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) {
		w := open(t, nil)
		w.push("one")
		w.sandbox.Inject(sandbox.Fault{Operation: "ecr:DescribeImages", Effect: sandbox.Throttle{}})
		ctx, cancel := context.WithTimeout(t.Context(), time.Hour)
		defer cancel()
		start := time.Now()
		_, err := w.Images(ctx, "app", "")
		if err == nil || time.Since(start) != time.Hour {
			t.Errorf("%v after %s", err, time.Since(start))
		}
		if n := count(w.calls(), "ecr:DescribeImages"); n < 60 || n > 1500 {
			t.Errorf("%d requests in an hour", n)
		}
	})
}

// The usual retries are adaptive.
func TestThrottledOnce(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	w.push("one")
	w.sandbox.Inject(sandbox.Fault{Operation: "ecr:DescribeImages", Effect: sandbox.Throttle{}, Times: 1})
	if page, err := w.Images(t.Context(), "app", ""); err != nil || len(page.Images) != 1 {
		t.Errorf("%d images, %v", len(page.Images), err)
	}
}

func TestListFaults(t *testing.T) {
	t.Parallel()
	w := open(t, func(o *sandbox.Options) {
		o.Account.Keys = map[string]sandbox.Role{"AKIAEXAMPLE": {Denied: []string{"ecr:DescribeRepositories"}}}
	})
	_, err := w.Repositories(t.Context(), "")
	wantFault(t, err, fault.Denied, "the permission ecr:DescribeRepositories is missing")
	_, err = w.Images(t.Context(), "none", "")
	wantFault(t, err, fault.NotFound, "The repository with name 'none' does not exist")
	_, err = w.Images(t.Context(), "../x", "")
	wantFault(t, err, fault.Invalid, "")
	_, err = w.Images(t.Context(), "app", "rubbish")
	wantFault(t, err, fault.NotFound, "")
}

package run_test

import (
	"context"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/ecr"
	"regatta/registry/httpx"
	"regatta/registry/oci"
	"regatta/registry/run"
	"regatta/registry/sandbox"
	"regatta/registry/store"
	"regatta/registry/survey"
)

const account = "111122223333.dkr.ecr.eu-central-1.amazonaws.com"

// vault is a registry with an archive, an image and an index of two.
type vault struct {
	reg     *sandbox.Registry
	client  *ecr.Client
	journal *store.Journal
	runner  *run.Runner
	single  ref.Digest
	index   ref.Digest
}

func openVault(t *testing.T, o sandbox.Options) *vault {
	t.Helper()
	o.Now, o.Empty = clock, true
	v := &vault{reg: sandbox.New(o)}
	t.Cleanup(func() { _ = v.reg.Close() })
	img := func(name string) string {
		return v.reg.PushImage(repo, sandbox.Image{Layers: []string{name}, Created: time.Unix(1, 0)})
	}
	v.single, v.index = ref.Digest(img("one")), ref.Digest(v.reg.PushIndex(repo, img("amd"), img("arm")))
	v.reg.Tag(repo, "one", string(v.single), time.Unix(2, 0))
	v.reg.Tag(repo, "many", string(v.index), time.Unix(2, 0))
	tr := httpx.New(httpx.Options{
		Now: clock, Base: v.reg.Transport(), Jitter: func(time.Duration) time.Duration { return time.Millisecond },
	})
	cache := store.Open(store.Options{Path: store.Memory, Now: clock})
	t.Cleanup(func() { _ = cache.Close() })
	name, _ := ecr.ParseHost(account)
	v.client = ecr.New(name, ecr.Options{
		OCI: oci.Options{Transport: tr, Now: clock, Cache: cache},
		Config: func(_ context.Context, region string) (aws.Config, error) {
			return aws.Config{
				Region: region, Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE", "secret", ""),
			}, nil
		},
	})
	path := filepath.Join(t.TempDir(), "journal.db")
	v.journal = store.OpenJournal(t.Context(), store.JournalOptions{Path: path, Now: clock})
	t.Cleanup(func() { _ = v.journal.Close() })
	v.runner = run.New(run.Options{
		Journal: v.journal, Now: clock, Open: func(string) (run.Registry, error) { return v.client, nil },
	})
	return v
}

// listed are all images with their storage.
func (v *vault) listed(t *testing.T) []image.Image {
	t.Helper()
	page, err := v.client.Images(t.Context(), repo, "")
	must(t, err)
	return page.Images
}

// in counts the images that are stored so.
func (v *vault) in(t *testing.T, s image.Storage) int {
	t.Helper()
	n := 0
	for _, i := range v.listed(t) {
		if i.Storage == s {
			n++
		}
	}
	return n
}

func (v *vault) archive(t *testing.T, asked ...ref.Digest) plan.Plan {
	t.Helper()
	view, err := survey.View(t.Context(), v.client, repo, survey.Options{Digests: asked})
	must(t, err)
	p, err := plan.ToArchive(view, v.listed(t), asked, plan.Options{At: clock()})
	must(t, err)
	return p
}

func (v *vault) restore(t *testing.T, asked ...ref.Digest) plan.Plan {
	t.Helper()
	view := plan.View{Registry: account, Repository: repo, Can: v.client.CanDelete()}
	p, err := plan.ToRestore(view, v.listed(t), nil, asked, plan.Options{At: clock()})
	must(t, err)
	return p
}

func (v *vault) start(t *testing.T, ctx context.Context, p plan.Plan) *run.Run { //nolint:revive // t comes first here
	t.Helper()
	r, err := v.runner.Start(ctx, p, "a test", "")
	must(t, err)
	return r
}

func (v *vault) run(t *testing.T, p plan.Plan) plan.Result {
	t.Helper()
	result, err := v.start(t, t.Context(), p).Wait()
	must(t, err)
	return result
}

func (v *vault) undo(t *testing.T, id string) plan.Plan {
	t.Helper()
	r, err := v.journal.Run(t.Context(), id)
	must(t, err)
	keeper := survey.Keeper{Saved: v.journal}
	u, err := survey.Undo(t.Context(), v.client, keeper, r, plan.Options{At: clock()}, nil)
	must(t, err)
	if u.Verdict != plan.Possible {
		t.Fatalf("undo is %s", u.Verdict)
	}
	return u.Plan
}

// inVault plays in virtual time.
func inVault(t *testing.T, o sandbox.Options, play func(t *testing.T, v *vault)) {
	t.Helper()
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { play(t, openVault(t, o)) })
}

// An index goes with its children, comes back by undo when the registry is
// ready, and is archived again by the undo of that.
func TestArchiveAndBack(t *testing.T) {
	inVault(t, sandbox.Options{}, func(t *testing.T, v *vault) {
		t.Helper()
		went := v.run(t, v.archive(t, v.index))
		allDone(t, went)
		if n := v.in(t, image.Archived); n != 3 {
			t.Fatalf("%d are archived, want the index and its two", n)
		}
		began := clock()
		back := v.run(t, v.undo(t, went.Run))
		allDone(t, back)
		if took := clock().Sub(began); took < 20*time.Minute || took > 21*time.Minute {
			t.Errorf("it was waited for %s", took)
		}
		if n := v.in(t, image.Standard); n != 4 {
			t.Errorf("%d are back, want all", n)
		}
		allDone(t, v.run(t, v.undo(t, back.Run)))
		if n := v.in(t, image.Archived); n != 3 {
			t.Errorf("%d are archived after the undo of the undo", n)
		}
	})
}

// What is done already is unchanged, and what somebody else does is drift.
func TestArchiveIsOvertaken(t *testing.T) {
	inVault(t, sandbox.Options{}, func(t *testing.T, v *vault) {
		t.Helper()
		away := v.archive(t, v.single)
		must(t, v.client.Archive(t.Context(), repo, v.single))
		if got := v.run(t, away); got.Steps[0].Outcome != plan.Unchanged {
			t.Errorf("outcome %+v", got.Steps[0])
		}
		must(t, v.client.Restore(t.Context(), repo, v.single))
		if got := v.run(t, away).Steps[0]; got.Outcome != plan.Skipped || !strings.Contains(got.Error, "bringing it back") {
			t.Errorf("outcome %+v", got)
		}
	})
}

// Changes that are throttled are made in the end.
func TestArchiveThrottled(t *testing.T) {
	inVault(t, sandbox.Options{}, func(t *testing.T, v *vault) {
		t.Helper()
		v.reg.Inject(sandbox.Fault{Operation: "ecr:UpdateImageStorageClass", Every: 2, Times: 2, Effect: sandbox.Throttle{}})
		allDone(t, v.run(t, v.archive(t, v.index, v.single)))
		allDone(t, v.run(t, v.restore(t, v.single)))
		if n := v.in(t, image.Archived); n != 3 {
			t.Errorf("%d are archived", n)
		}
	})
}

// A role that may not is told which permission it lacks.
func TestArchiveDenied(t *testing.T) {
	denied := sandbox.Role{Denied: []string{"ecr:UpdateImageStorageClass"}}
	o := sandbox.Options{Account: sandbox.Account{Keys: map[string]sandbox.Role{"AKIAEXAMPLE": denied}}}
	inVault(t, o, func(t *testing.T, v *vault) {
		t.Helper()
		got := v.run(t, v.archive(t, v.single)).Steps[0]
		if got.Outcome != plan.Failed || !strings.Contains(got.Error, "ecr:UpdateImageStorageClass") {
			t.Errorf("outcome %+v", got)
		}
	})
}

// Other steps of a run do not wait for an image on its way back, nor do other
// runs; progress says what is waited for; cancelling leaves it in doubt, and
// resuming finds it there.
func TestRestoreCancelledAndResumed(t *testing.T) {
	inVault(t, sandbox.Options{}, func(t *testing.T, v *vault) {
		t.Helper()
		allDone(t, v.run(t, v.archive(t, v.index, v.single)))
		ctx, cancel := context.WithCancel(t.Context())
		r := v.start(t, ctx, v.restore(t, v.single))
		time.Sleep(time.Minute)
		synctest.Wait()
		if p := <-r.Progress(); !strings.Contains(p.Current, "1 image on the way back") || p.Running != 1 {
			t.Errorf("progress %+v", p)
		}
		cancel()
		result, err := r.Wait()
		must(t, err)
		if got := result.Steps[0]; result.InDoubt != 1 || !strings.Contains(got.Error, "goes on by itself") {
			t.Errorf("outcome %+v", got)
		}
		was, err := v.journal.Run(t.Context(), result.Run)
		must(t, err)
		if was.Steps[0].Outcome != plan.Running {
			t.Errorf("the journal says %s", was.Steps[0].Outcome)
		}
		again, err := v.runner.Resume(t.Context(), result.Run, false)
		must(t, err)
		result, err = again.Wait()
		must(t, err)
		allDone(t, result)
		if n := v.in(t, image.Standard); n != 1 {
			t.Errorf("%d are back", n)
		}
	})
}

// A registry without an archive says so.
func TestNoArchive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	d := fill(w.registry)["twice"]
	_, err := plan.ToArchive(w.view(t), nil, []ref.Digest{d}, plan.Options{At: clock()})
	if !fault.Is(err, fault.Unsupported) {
		t.Errorf("error %v", err)
	}
	at := ref.Reference{Host: host, Repository: repo, Digest: d}
	p := plan.Plan{Registry: host, Repository: repo, Steps: []plan.Step{
		{Kind: plan.Archive, Reference: at, Digest: d, Expect: plan.Expect{Digest: d}},
	}}
	if got := w.run(t, p, "").Steps[0]; got.Outcome != plan.Failed || !strings.Contains(got.Error, "no archive") {
		t.Errorf("outcome %+v", got)
	}
}

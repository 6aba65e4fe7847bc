// Package run carries out plans: it writes down what it is about to do, looks
// whether the registry still is as the plan expects, acts, looks again, and
// knows in the end how every step went. It may import the model, registry/oci
// and registry/local; it knows no terminal.
package run

import (
	"context"
	"errors"
	"slices"
	"sync"
	"time"

	"regatta/model/image"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/ability"
	"regatta/registry/local"
	"regatta/registry/oci"
)

// Reader looks at a registry.
type Reader interface {
	Abilities() ability.Set
	Resolve(ctx context.Context, repo, reference string) (image.Descriptor, error)
	Manifest(ctx context.Context, repo, reference string) (image.Manifest, error)
	ResolveFrom(ctx context.Context, repo, reference string, before ref.Digest) (image.Descriptor, error)
	Images(ctx context.Context, repo, cursor string) (image.Page, error)
	CanDelete() plan.Capabilities
	ListsReferrers(ctx context.Context, repo string) (bool, error)
	Subjects(ctx context.Context, repo string, d ref.Digest) ([]image.Descriptor, error)
}

// Writer changes tags and manifests. Requests under the context that Ready gives
// are made at once, each once: n of them without a wait.
type Writer interface {
	Ready(ctx context.Context, repo string, n int) (inner context.Context, end func(), err error)
	PutManifest(ctx context.Context, repo, reference, mediaType string, raw []byte) error
	DeleteTag(ctx context.Context, repo, tag string, was ref.Digest) error
	DeleteManifest(ctx context.Context, repo string, d ref.Digest, tags ...string) error
}

// Untagger removes a tag where the registry has no way to.
type Untagger interface {
	PrepareDummy(ctx context.Context, repo string) error
	UntagByDummy(ctx context.Context, repo, tag string, was image.Manifest, name string) error
}

// Blobs brings blobs to a repository.
type Blobs interface {
	BlobExists(ctx context.Context, repo string, d image.Descriptor) (bool, error)
	Mount(ctx context.Context, repo, from string, d ref.Digest) (bool, error)
	PushBlob(ctx context.Context, repo string, d image.Descriptor, content oci.Content) error
}

// Registry is everything that steps need.
type Registry interface {
	Reader
	Writer
	Untagger
	Blobs
	local.Content
}

// Runs writes down runs.
type Runs interface {
	Run(ctx context.Context, id string) (journal.Run, error)
	Begin(ctx context.Context, r journal.Run) (string, error)
	Claim(ctx context.Context, id string) (journal.Run, error)
	End(ctx context.Context, id string, s journal.State) error
}

// Steps writes down steps.
type Steps interface {
	Intend(ctx context.Context, run string, step int, saved []image.Manifest) error
	Settle(ctx context.Context, run string, step int, o plan.Outcome, why string) error
	Remark(ctx context.Context, run string, remarks ...journal.Remark) error
}

// Tags writes down what tags pointed to before a run.
type Tags interface {
	KeepTags(ctx context.Context, run, repo string, tags map[string]ref.Digest) error
	KeptTags(ctx context.Context, run string) (map[string]map[string]ref.Digest, error)
}

// Journal is where runs and steps are written down.
type Journal interface {
	Runs
	Steps
	Tags
}

// Options configure a Runner. All but PerHost, Who and Deployer are required; Local is
// where plans have one.
type Options struct {
	Journal Journal
	Open    func(host string) (Registry, error)
	Local   func(place string) (local.Place, error)
	Now     func() time.Time
	Who     string // USER@MACHINE, for the journal
	// Deployer is who deploys the images of a host, nil if nobody does.
	Deployer func(host string) Deployer
	PerHost  int // steps of all runs that change one registry at a time, 0 means 16
}

// Runner carries out plans. It is safe for concurrent use.
type Runner struct {
	o    Options
	runs sync.WaitGroup

	mu    sync.Mutex
	slots map[string]chan struct{} // by host
}

const defaultPerHost = 16

// New returns a Runner.
func New(o Options) *Runner {
	if o.PerHost <= 0 {
		o.PerHost = defaultPerHost
	}
	return &Runner{o: o, slots: map[string]chan struct{}{}}
}

// Start begins to carry out p. The title, a few words, the run that this one
// undoes, if any, and the remarks are written down with it. A run that was
// interrupted is ended before it is undone: what is undone must not be resumed. An
// error means that nothing was changed. Cancelling ctx is Cancel.
func (r *Runner) Start(
	ctx context.Context, p plan.Plan, title, undoOf string, remarks ...journal.Remark,
) (*Run, error) {
	ends, err := r.reach(p)
	if err != nil {
		return nil, err
	}
	if err := r.stillStands(ctx, p, undoOf); err != nil {
		return nil, err
	}
	if err := r.Settle(ctx, undoOf); err != nil {
		return nil, err
	}
	id, err := r.o.Journal.Begin(ctx, journal.Run{Title: title, Plan: p, UndoOf: undoOf, Who: r.o.Who, Remarks: remarks})
	if err != nil {
		return nil, err
	}
	if err := r.stillStands(ctx, p, undoOf); err != nil { // from here on it does not go on any more
		return nil, errors.Join(err, r.o.Journal.End(context.WithoutCancel(ctx), id, journal.Cancelled))
	}
	steps := make([]journal.Step, len(p.Steps))
	for i := range steps {
		steps[i].Outcome = plan.Pending
	}
	return r.launch(ctx, ends, journal.Run{ID: id, Plan: p, Steps: steps}), nil
}

// Resume goes on with a run that was interrupted, and tries again what failed
// or was skipped. With older its deletes may go by a list of tags of any age.
func (r *Runner) Resume(ctx context.Context, id string, older bool) (*Run, error) {
	before, err := r.o.Journal.Run(ctx, id)
	if err != nil {
		return nil, err
	}
	was, err := r.o.Journal.Claim(ctx, id)
	if err != nil {
		return nil, err
	}
	ends, err := r.reach(was.Plan)
	if err == nil {
		err = was.MayResume()
	}
	if err != nil {
		again := before.State
		if !again.Ended() {
			again = journal.StateOf(was.Result(), true)
		}
		_ = r.o.Journal.End(context.WithoutCancel(ctx), was.ID, again) // why it is not gone on with counts
		return nil, err
	}
	if older {
		was.Plan.Steps = slices.Clone(was.Plan.Steps)
		for i := range was.Plan.Steps {
			was.Plan.Steps[i].Unchecked = was.Plan.Steps[i].Unchecked || was.Plan.Steps[i].Kind == plan.Delete
		}
	}
	return r.launch(ctx, ends, was), nil
}

// Wait returns when every run has ended.
func (r *Runner) Wait() { r.runs.Wait() }

func (r *Runner) slotsOf(host string) chan struct{} {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.slots[host] == nil {
		r.slots[host] = make(chan struct{}, r.o.PerHost)
	}
	return r.slots[host]
}

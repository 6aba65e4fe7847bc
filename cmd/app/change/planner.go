// Package change plans what users ask to have changed, for both faces alike: removing,
// moving, copying and archiving images, undoing a run and going on with one. A plan
// reads, and changes nothing. It imports app, model and registry.
package change

import (
	"context"

	"regatta/cmd/app"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/registry/survey"
)

// Progress is told how much there is to do, and how much of it is done, added to what
// was said before.
type Progress = func(total, done int)

// Planner makes plans. Its zero value but for App tries nothing and tells nobody.
type Planner struct {
	App *app.App
	// Tries lets a registry be tried for what it deletes, where that is not known: only
	// where what is planned may be carried out without another question.
	Tries bool
	// Begin is told of work that may take a while. It returns who is told how far that
	// is, and what ends it. Nil: nobody listens.
	Begin func(verb, noun string) (Progress, func())
}

// Asked is what may be done beyond what is safe, as whoever asks has said.
type Asked struct {
	InUse    bool         // also with images that are in use, or may be
	NotWhole bool         // also with images that cannot be pulled whole
	SlowList plan.OldList // by lists of tags that take too long
}

// Named are the images that a change is about, all of one repository.
type Named struct {
	In       ref.Reference // HOST/REPOSITORY
	Digests  []ref.Digest
	Tags     []string
	WithTags bool // a tagged image goes with all its tags
}

func (p Planner) begin(verb, noun string) (Progress, func()) {
	if p.Begin == nil {
		return func(int, int) {}, func() {}
	}
	return p.Begin(verb, noun)
}

// Reader is the backend of a host for plans: nothing is tried in it unless Tries.
func (p Planner) Reader(host string) (registry.Backend, error) {
	b, err := p.App.Open(host)
	if err != nil || p.Tries {
		return b, err
	}
	return Unprobed(b), nil
}

// View reads a repository for a plan.
func (p Planner) View(ctx context.Context, r ref.Reference, o survey.Options) (plan.View, error) {
	b, err := p.Reader(r.Host)
	if err != nil {
		return plan.View{}, err
	}
	var end func()
	o.Progress, end = p.begin("read", "tags and manifests")
	defer end()
	return survey.View(ctx, b, r.Repository, o)
}

// Unprobed is a backend that is never tried for what it deletes.
func Unprobed(b registry.Backend) registry.Backend { return unprobed{b} }

type unprobed struct{ registry.Backend }

// ProbeDelete implements survey.Deleter by reading only.
func (u unprobed) ProbeDelete(ctx context.Context, repo string) (plan.Capabilities, error) {
	return u.ReadDelete(ctx, repo)
}

// Try tries what a registry deletes in the repository that a plan removes something
// from, if it does and that is not known. It reports whether anything was tried: then the
// plan may be another one.
func Try(ctx context.Context, a *app.App, p plan.Plan) (tried bool, err error) {
	for _, s := range p.Steps {
		if s.Kind == plan.Delete || s.Kind == plan.Untag || s.Kind == plan.UntagByDummy {
			return TryIn(ctx, a, s.Reference)
		}
	}
	return false, nil
}

// TryIn is Try for a repository.
func TryIn(ctx context.Context, a *app.App, r ref.Reference) (tried bool, err error) {
	b, err := a.Open(r.Host)
	if err != nil {
		return false, err
	}
	if can := b.CanDelete(); can.TagDelete != plan.Unknown && can.ManifestDelete != plan.Unknown {
		return false, nil
	}
	_, err = b.ProbeDelete(ctx, r.Repository)
	return true, err
}

package run

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"regatta/model/deploy"
	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
)

// Deployer starts deployments, and says how services stand.
type Deployer interface {
	Deploy(ctx context.Context, s deploy.Service) (id string, err error)
	Look(ctx context.Context, s deploy.Service, image ref.Reference) (deploy.State, error)
}

// call is how far a step that deploys has come in this run.
type call uint8

const (
	uncalled call = iota
	called        // whether a deployment was started is not known
	answered      // it was
)

// lookDeploy says whether a service starts tasks of what the step wants. Its tag
// has to point to that: a deployment looks it up anew.
func (r *Run) lookDeploy(ctx context.Context, i int) (sight, error) {
	s := r.plan.Steps[i]
	d, there, err := r.pointsTo(ctx, s.Reference, s.Expect)
	switch {
	case err != nil:
		return drift, err
	case !there:
		return drift, changed(s, "the tag "+s.Reference.Tag+" is gone")
	case d != s.Digest:
		return drift, moved(s, s.Reference.Tag, d)
	}
	service, err := deploy.ParseService(s.Rollout.Service)
	if err != nil {
		return drift, err
	}
	state, err := r.deployer.Look(ctx, service, s.Reference)
	if err != nil || r.calls[i] == answered {
		return wanted, err
	}
	now, ok := state.Primary()
	switch {
	case !ok || now.Rollout == deploy.Failed:
		return before, nil
	case state.Pinned == "":
		tried := r.doubt[i] || r.calls[i] == called
		return seen(tried && s.Rollout.Over != "" && now.ID != s.Rollout.Over, wanted, before), nil
	}
	m, err := r.reg.Manifest(ctx, s.Reference.Repository, string(s.Digest))
	if err != nil {
		return drift, err
	}
	runs := state.Pinned == s.Digest
	for _, child := range m.Children {
		runs = runs || state.Pinned == child.Digest
	}
	return seen(runs, wanted, before), nil
}

// deploy starts a deployment of what can be pulled whole.
func (r *Run) deploy(ctx context.Context, i int) error {
	s := r.plan.Steps[i]
	if err := r.whole(ctx, s); err != nil {
		return err
	}
	service, err := deploy.ParseService(s.Rollout.Service)
	if err != nil {
		return err
	}
	r.calls[i] = called
	if _, err = r.deployer.Deploy(ctx, service); err == nil {
		r.calls[i] = answered
	}
	return err
}

// whole asks for everything that whoever pulls the image needs.
func (r *Run) whole(ctx context.Context, s plan.Step) error {
	repo := s.Reference.Repository
	blobs := map[ref.Digest]bool{}
	for queue := []ref.Digest{s.Digest}; len(queue) > 0; queue = queue[1:] {
		if _, err := r.reg.Resolve(ctx, repo, string(queue[0])); err != nil {
			return err
		}
		m, err := r.reg.Manifest(ctx, repo, string(queue[0]))
		if err != nil {
			return err
		}
		for _, child := range m.Children {
			queue = append(queue, child.Digest)
		}
		for _, b := range m.Blobs() {
			if !b.IsForeign() {
				blobs[b.Digest] = true
			}
		}
	}
	missing := make(chan ref.Digest, len(blobs))
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(handsPerSlot)
	for b := range blobs {
		group.Go(func() error {
			there, err := r.reg.BlobExists(inner, repo, b)
			if err == nil && !there {
				missing <- b
			}
			return err
		})
	}
	if err := group.Wait(); err != nil || len(missing) == 0 {
		return err
	}
	close(missing)
	var names []string
	for b := range missing {
		names = append(names, b.Short())
	}
	slices.Sort(names)
	return &fault.Error{
		Op: string(s.Kind), Object: s.Reference.String(), Kind: fault.NotFound,
		Detail: text.Plural(len(names), "layer is", "layers are") + " not there: " + strings.Join(names, ", "),
	}
}

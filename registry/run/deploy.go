package run

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"regatta/model/deploy"
	"regatta/model/fault"
	"regatta/model/image"
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
	if at, err := r.lookRetag(ctx, s); at != wanted || err != nil {
		return drift, err
	}
	state, err := r.service(ctx, s)
	if err != nil || r.calls[i] == answered {
		return wanted, err
	}
	now, ok := state.Primary()
	if !ok || now.Rollout == deploy.Failed {
		return before, nil
	}
	if state.Pinned == "" { // it has not looked the tag up yet
		tried := r.doubt[i] || r.calls[i] == called
		return seen(tried && s.Rollout.Over != "" && now.ID != s.Rollout.Over), nil
	}
	return r.startsTasksOf(ctx, s, state.Pinned)
}

// service is how the service of a step stands, unless nothing here can deploy it.
func (r *Run) service(ctx context.Context, s plan.Step) (deploy.State, error) {
	service, err := deploy.ParseService(s.Rollout.Service)
	if err != nil {
		return deploy.State{}, err
	}
	state, err := r.deployer.Look(ctx, service, s.Reference)
	if why := state.Obstacle(s.Reference.Tag); err == nil && why != "" {
		err = &fault.Error{Op: string(s.Kind), Object: s.Service(), Kind: fault.Unsupported, Detail: why}
	}
	return state, err
}

// startsTasksOf says whether what a service has pinned is the step's image or a
// part of it.
func (r *Run) startsTasksOf(ctx context.Context, s plan.Step, pinned ref.Digest) (sight, error) {
	m, err := r.reg.Manifest(ctx, s.Reference.Repository, string(s.Digest))
	if err != nil {
		return drift, err
	}
	runs := pinned == s.Digest
	for _, child := range m.Children {
		runs = runs || pinned == child.Digest
	}
	return seen(runs), nil
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

// whole asks for everything that whoever pulls the image needs, once in a run.
func (r *Run) whole(ctx context.Context, s plan.Step) error {
	at := plan.Place{Repository: s.Reference.Repository, Digest: s.Digest}
	if _, found := r.wholes.Load(at); found {
		return nil
	}
	blobs, err := r.blobsOf(ctx, s)
	if err != nil {
		return err
	}
	missing, err := r.missing(ctx, s, blobs)
	if err != nil {
		return err
	}
	if len(missing) == 0 {
		r.wholes.Store(at, true)
		return nil
	}
	return &fault.Error{
		Op: string(s.Kind), Object: s.Reference.String(), Kind: fault.NotFound,
		Detail: text.Plural(len(missing), "layer is", "layers are") + " not there: " + strings.Join(missing, ", "),
	}
}

// blobsOf reads the manifests of an image, and names its blobs.
func (r *Run) blobsOf(ctx context.Context, s plan.Step) (map[ref.Digest]image.Descriptor, error) {
	repo := s.Reference.Repository
	blobs := map[ref.Digest]image.Descriptor{}
	for queue := []ref.Digest{s.Digest}; len(queue) > 0; queue = queue[1:] {
		if _, err := r.reg.Resolve(ctx, repo, string(queue[0])); err != nil {
			return nil, err
		}
		m, err := r.reg.Manifest(ctx, repo, string(queue[0]))
		if err != nil {
			return nil, err
		}
		for _, child := range m.Children {
			queue = append(queue, child.Digest)
		}
		for _, b := range m.Blobs() {
			if !b.IsForeign() {
				blobs[b.Digest] = b
			}
		}
	}
	return blobs, nil
}

// missing are those of the blobs that are not there.
func (r *Run) missing(ctx context.Context, s plan.Step, blobs map[ref.Digest]image.Descriptor) ([]string, error) {
	gone := make(chan string, len(blobs))
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(handsPerSlot)
	for _, b := range blobs {
		group.Go(func() error {
			there, err := r.reg.BlobExists(inner, s.Reference.Repository, b)
			switch {
			case err == nil && !there:
				gone <- b.Digest.Short()
			case fault.Is(err, fault.Denied), fault.Is(err, fault.Unsupported):
				return nil // who may not ask does not know that it is missing
			}
			return err
		})
	}
	err := group.Wait()
	close(gone)
	var out []string
	for name := range gone {
		out = append(out, name)
	}
	slices.Sort(out)
	return out, err
}

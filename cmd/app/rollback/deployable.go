package rollback

import (
	"context"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"

	"regatta/cmd/app"
	model "regatta/model/deploy"
	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/model/usage"
)

// undeployable is a refusal: what was asked to be deployed cannot be.
func undeployable(kind fault.Kind, tag, why, advice string) error {
	return app.Refusal(&fault.Error{
		Op: "deploy what follows", Object: tag, Kind: kind, Detail: text.Clean(why), Advice: advice,
	})
}

// tagAlone is what can be done instead.
const tagAlone = "without --deploy the tag alone goes back"

// Followers are the services that follow the tag, as they stand. They are refused
// where one of them cannot be deployed: the others alone are not what was asked for.
func Followers(
	ctx context.Context, s *app.App, tag ref.Reference, uses []usage.Use, advice string,
) ([]plan.Follower, error) {
	all := model.Services(uses, tag.Tag)
	out, against := make([]plan.Follower, len(all)), make([]string, len(all))
	group, inner := errgroup.WithContext(ctx)
	for i, service := range all {
		group.Go(func() error {
			state, err := s.Deployer(tag.Host).Look(inner, service, tag)
			now, _ := state.Primary()
			out[i] = plan.Follower{
				Tag: tag, Rollout: plan.Rollout{Service: service.String(), Was: state.Pinned, Over: now.ID},
			}
			against[i] = state.Obstacle(tag.Tag)
			return err
		})
	}
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return out, refusal(tag, all, against, advice)
}

// refusal names what cannot be deployed and why, and what could be.
func refusal(tag ref.Reference, all []model.Service, against []string, advice string) error {
	var why, good []string
	for i, one := range against {
		if one != "" {
			why = append(why, one)
		} else {
			good = append(good, all[i].Title())
		}
	}
	if len(why) == 0 {
		return nil
	}
	said := strings.Join(why, "; ")
	if len(good) > 0 {
		said += "; only " + strings.Join(good, ", ") + " can be deployed here"
	}
	return undeployable(fault.Unsupported, tag.String(), said, advice)
}

// WithDeploys is a rollback with new deployments of what follows its tags.
func WithDeploys(ctx context.Context, s *app.App, all []*Case, p plan.Plan) (plan.Plan, error) {
	var followers []plan.Follower
	now := map[ref.Reference]ref.Digest{}
	for _, l := range all {
		f, err := Followers(ctx, s, l.Facts.Tag, l.Facts.Uses, tagAlone)
		if err == nil && len(f) == 0 && (len(l.incomplete) > 0 || len(all) == 1) {
			err = l.NothingToDeploy(tagAlone)
		}
		if err != nil {
			return p, err
		}
		now[l.Facts.Tag] = l.Target.Digest // of a tag that is there already
		followers = append(followers, f...)
		p.Notes = append(p.Notes, l.NotDeployed(len(f))...)
	}
	if len(followers) == 0 {
		return p, all[0].NothingToDeploy(tagAlone)
	}
	return plan.ToDeploy(p, followers, now), nil
}

// NothingToDeploy is why nothing is deployed.
func (l *Case) NothingToDeploy(advice string) error {
	rest := model.Rest(l.Facts.Uses, l.Facts.Tag.Tag)
	why, kind := "no service that can be deployed here follows it", fault.Unsupported
	switch {
	case len(l.incomplete) > 0:
		kind, why = fault.Unknown, "it is not known what does ("+l.incomplete[0]+")"
	case len(rest) > 0:
		why += ", only " + strings.Join(rest, ", ")
	case !l.asked:
		kind, why = fault.Unknown, "no usage source is configured, so that it is not known what does"
	}
	return undeployable(kind, l.Facts.Tag.String(), why, advice)
}

// NotDeployed says what follows the tag and is not deployed.
func (l *Case) NotDeployed(services int) []string {
	var out []string
	for _, name := range model.Rest(l.Facts.Uses, l.Facts.Tag.Tag) {
		out = append(out, "not deployed here: "+name+", which follows "+l.Facts.Tag.Tag)
	}
	if services+len(out) == 0 {
		out = append(out, "nothing follows "+l.Facts.Tag.Repository+":"+l.Facts.Tag.Tag)
	}
	return out
}

// Deployable refuses a plan with a deployment that cannot be started here. What
// cannot be asked is noted: the tag may have to go back all the same.
func Deployable(ctx context.Context, s *app.App, p plan.Plan) (plan.Plan, error) {
	for _, step := range p.Deploys() {
		service, err := model.ParseService(step.Rollout.Service)
		if err != nil {
			return p, err
		}
		state, err := s.Deployer(step.Reference.Host).Look(ctx, service, step.Reference)
		switch {
		case ctx.Err() != nil:
			return p, ctx.Err()
		case err != nil:
			p.Notes = append(slices.Clone(p.Notes), "whether it can be deployed is not known: "+text.Clean(err.Error()))
		case state.Obstacle(step.Reference.Tag) != "":
			return p, undeployable(fault.Unsupported, step.Reference.String(), state.Obstacle(step.Reference.Tag), "")
		}
	}
	return p, nil
}

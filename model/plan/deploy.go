package plan

import (
	"cmp"
	"errors"
	"slices"

	"regatta/model/deploy"
	"regatta/model/ref"
)

// Rollout is what a deploy starts.
type Rollout struct {
	// Service is which one, as deploy.Service writes it.
	Service string `json:"service"`
	// Was is what its tasks ran when the plan was made, for undo; empty if that is
	// not known.
	Was ref.Digest `json:"was,omitempty"`
	// Over is the deployment that the new one takes the place of, empty if that is
	// not known.
	Over string `json:"over,omitempty"`
}

// Follower is a service that is to be deployed anew, and the tag that it follows.
type Follower struct {
	Rollout

	Tag ref.Reference
}

// ToDeploy adds new deployments to a plan: each looks its tag up anew once that
// points to what the plan, or else now, says. Now are the digests of tags that the
// plan does not move. A tag that does neither is left out.
func ToDeploy(p Plan, followers []Follower, now map[ref.Reference]ref.Digest) Plan {
	p.Steps = slices.Clone(p.Steps)
	moves := map[ref.Reference]int{}
	for i, s := range p.Steps {
		if s.Kind == Retag {
			moves[s.Reference] = i
		}
	}
	for _, f := range followers {
		s := Step{Kind: Deploy, Reference: f.Tag, Digest: now[f.Tag], Reason: "it follows the tag"}
		if i, ok := moves[f.Tag]; ok {
			s.Digest, s.After = p.Steps[i].Digest, []int{i}
		}
		if s.Digest == "" {
			continue
		}
		s.Expect = Expect{Tag: f.Tag.Tag, Digest: s.Digest}
		s.Rollout = &f.Rollout
		p.Steps = append(p.Steps, s)
	}
	if p.Repository == "" {
		p.Repository = p.common()
	}
	return p
}

// Deploys are the steps that start a deployment.
func (p Plan) Deploys() []Step {
	return slices.DeleteFunc(slices.Clone(p.Steps), func(s Step) bool { return s.Kind != Deploy })
}

// Service is what a deploy deploys, as people name it: CLUSTER/SERVICE.
func (s Step) Service() string {
	if s.Rollout == nil {
		return ""
	}
	service, err := deploy.ParseService(s.Rollout.Service)
	if err != nil {
		return s.Rollout.Service
	}
	return service.Place()
}

func (s Step) consistentDeploy() error {
	if s.Rollout == nil {
		return errors.New("it names no service")
	}
	_, err := deploy.ParseService(s.Rollout.Service)
	return cmp.Or(err, firstBroken([]rule{
		{s.Reference.Tag == "" || s.Reference.Digest != "", "it needs a tag"},
		{s.Expect != Expect{Tag: s.Reference.Tag, Digest: s.Digest}, "it expects something else of the tag than it deploys"},
	}))
}

// deployed is what a run has made a service run, and what it ran before.
type deployed struct {
	move

	tag tagAt
}

func (e effects) deploy(s Step) {
	was := deployed{
		tag:  tagAt{repository: s.Reference.Repository, tag: s.Reference.Tag},
		move: move{before: s.Rollout.Was, after: s.Digest},
	}
	if before, ok := e.deploys[s.Rollout.Service]; ok {
		was.before = before.before
	}
	e.deploys[s.Rollout.Service] = was
}

// deploy brings services back to what they ran before the run: their tag goes
// back first, by the run's own undo or, where the run left it alone, for this.
func (u *undoing) deploy() {
	services := make([]string, 0, len(u.did.deploys))
	for name := range u.did.deploys {
		services = append(services, name)
	}
	slices.Sort(services)
	for _, name := range services {
		d := u.did.deploys[name]
		at, to := u.tagStep(d)
		if to == "" {
			u.lose(d.after, []string{d.tag.tag}, "what "+name+" ran before is not known: deploy it by hand")
			continue
		}
		s := Step{
			Kind: Deploy, Reference: u.view(d.tag.repository).tag(d.tag.tag), Digest: to,
			Expect: Expect{Tag: d.tag.tag, Digest: to}, Rollout: &Rollout{Service: name, Was: d.after},
			Reason: "brings it back to what the tag points to then",
		}
		if at >= 0 {
			s.After = []int{at}
		}
		u.plan.Steps = append(u.plan.Steps, s)
	}
}

// tagStep is the step that takes a service's tag back, and where to. It plans
// one where the run did not move the tag itself; it is negative where the tag
// needs none.
func (u *undoing) tagStep(d deployed) (int, ref.Digest) {
	tag := u.view(d.tag.repository).tag(d.tag.tag)
	for i, s := range u.plan.Steps {
		if s.Kind == Retag && s.Reference == tag {
			return i, s.Digest
		}
	}
	if m, ok := u.did.moves[d.tag]; ok || d.before == "" || d.before == d.after {
		return -1, m.before // whose manifest is gone, which is told already
	}
	to := Place{Repository: d.tag.repository, Digest: d.before}
	if u.obstacle(to) != "" {
		return -1, ""
	}
	u.plan.Steps = append(u.plan.Steps, Step{
		Kind: Retag, Reference: tag, Digest: d.before, Expect: Expect{Tag: d.tag.tag, Digest: d.after},
		Reason: "moves the tag back from " + d.after.Short() + ", as a deployment looks it up",
	})
	return len(u.plan.Steps) - 1, d.before
}

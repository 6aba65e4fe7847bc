package plan

import (
	"maps"
	"slices"

	"regatta/model/fault"
	"regatta/model/ref"
)

// policyType is the media type of a lifecycle policy's text.
const policyType = "application/json"

// ToSetPolicy plans to give a repository another lifecycle policy. Both texts
// are canonical, and empty where there is none.
func ToSetPolicy(repository ref.Reference, now, next string, o Options) (Plan, error) {
	p := Plan{Registry: repository.Host, Repository: repository.Repository, CreatedAt: o.At.UTC()}
	if now == next {
		p.Notes = []string{"the repository has this policy already"}
		return p, nil
	}
	if repository.Repository == "" {
		return p, &RefusedError{
			Why: NothingSelected, Kind: fault.Invalid, Object: repository.Host, Text: "no repository is named",
		}
	}
	s := policyStep(repository, policyDigest(now), next)
	s.Reason = map[bool]string{true: "takes the policy away", false: "the repository has none yet"}[next == ""]
	if now != "" && next != "" {
		s.Reason = "replaces the policy " + policyDigest(now).Short()
	}
	p.Steps = []Step{s}
	if next != "" {
		p.Risks = append(p.Risks, Risk{
			Kind: ActsAlone, Typed: true, Reason: "the registry removes what the policy selects by itself, within a day",
		})
	}
	if o.Rules.ProdContext != "" {
		p.Risks = append(p.Risks, o.Rules.context())
	}
	p.Notes = []string{"undo puts the policy back, not the images that the registry has removed meanwhile"}
	return p, nil
}

func policyStep(repository ref.Reference, before ref.Digest, text string) Step {
	return Step{
		Kind:      LifecyclePolicy,
		Reference: ref.Reference{Host: repository.Host, Repository: repository.Repository},
		Digest:    ref.DigestOf([]byte(text)), Expect: Expect{Digest: before},
		Manifest: &Manifest{MediaType: policyType, Raw: []byte(text)},
	}
}

// policyDigest is what a policy is known by; none has none.
func policyDigest(text string) ref.Digest {
	if text == "" {
		return ""
	}
	return ref.DigestOf([]byte(text))
}

// policies puts back the lifecycle policies that the run replaced.
func (u *undoing) policies() {
	for _, repository := range slices.Sorted(maps.Keys(u.did.policies)) {
		m := u.did.policies[repository]
		if m.before == m.after {
			continue
		}
		var text []byte
		if m.before != "" {
			saved, ok := u.record.raw(m.before)
			if !ok || m.before.Verify(saved.Raw) != nil {
				u.lose(m.before, nil, "the lifecycle policy before was not saved")
				continue
			}
			text = saved.Raw
		}
		s := policyStep(ref.Reference{Host: u.plan.Registry, Repository: repository}, m.after, string(text))
		s.Reason = "puts the lifecycle policy back"
		u.plan.Steps = append(u.plan.Steps, s)
	}
}

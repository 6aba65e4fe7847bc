package retention

import (
	"context"
	"slices"
	"time"

	"regatta/model/cost"
	"regatta/model/fault"
	"regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry"
)

// Preview is what a policy does to a repository.
type Preview struct {
	Input      *Input
	Evaluation *lifecycle.Evaluation
	Summary    lifecycle.Summary
	AWS        *AWSPreview // nil: AWS was not asked
}

// AWSPreview is what AWS says of a policy.
type AWSPreview struct {
	Says map[ref.Digest]lifecycle.Verdict // all others are kept
	Err  error                            // it said nothing
}

// NewPreview tries a policy at a time. Switches are the assumptions that are turned
// round.
func NewPreview(in *Input, policy lifecycle.Policy, at time.Time, switches lifecycle.Switches) *Preview {
	e := lifecycle.Evaluate(policy, in.Images, at, switches)
	return &Preview{Input: in, Evaluation: e, Summary: e.Summarize(in.Weigh)}
}

// AskAWS has AWS preview a policy.
func AskAWS(ctx context.Context, b registry.Backend, r ref.Reference, policy lifecycle.Policy) *AWSPreview {
	k := b.Abilities().Previews
	if k == nil {
		return &AWSPreview{Err: &fault.Error{
			Op: "preview the lifecycle policy of", Object: r.Name(), Kind: fault.Unsupported,
			Detail: "only Amazon ECR has a preview of its own",
		}}
	}
	says, err := k.PreviewLifecycle(ctx, r.Repository, policy.Text())
	return &AWSPreview{says, err}
}

// AWSOutcome is what AWS would do with an image. It reports false where AWS was not
// asked, or did not say.
func (p *Preview) AWSOutcome(d ref.Digest) (lifecycle.Outcome, bool) {
	if p.AWS == nil || p.AWS.Err != nil {
		return lifecycle.Keep, false
	}
	return p.AWS.Says[d].Outcome, true
}

// Differs are the places of the images of which AWS says something else.
func (p *Preview) Differs() []int {
	var out []int
	for i := range p.Evaluation.Images {
		says, said := p.AWSOutcome(p.Evaluation.Images[i].Digest)
		if said && says != p.Evaluation.Verdicts[i].Outcome {
			out = append(out, i)
		}
	}
	return out
}

// Saves is what the bytes that come back cost a month.
func (p *Preview) Saves() (cost.Money, bool) {
	if p.Summary.Expire == 0 {
		return cost.Money{}, false
	}
	return p.Input.Price.Saves(p.Summary.ReclaimedBytes, p.Estimated())
}

// InUse counts the images that would go and that somebody runs.
func (p *Preview) InUse() int {
	n := 0
	for i := range p.Evaluation.Images {
		if p.Evaluation.Verdicts[i].Outcome == lifecycle.Expire && len(p.Input.UsedBy(p.Evaluation.Images[i].Digest)) > 0 {
			n++
		}
	}
	return n
}

// Estimated tells that the bytes that come back are an upper bound.
func (p *Preview) Estimated() bool {
	return p.Summary.Expire > 0 && (p.Summary.Estimated || !p.Input.untagged)
}

// Remarks say on what the result rests, a sentence each.
func (p *Preview) Remarks() []string {
	in := p.Input
	out := slices.Clone(in.notes)
	if in.made > 0 {
		out = append(out, "the registry does not tell when images were pushed: "+
			text.Plural(in.made, "image counts", "images count")+" from when they were made")
	}
	timeless := 0
	for i := range in.Images {
		if in.Images[i].Pushed.IsZero() {
			timeless++
		}
	}
	if timeless > 0 {
		out = append(out, "no time is known of "+text.Plural(timeless, "image", "images")+": see the assumption no-time")
	}
	switch {
	case !p.Estimated():
	case in.Weigh == nil:
		out = append(out, "the bytes that come back are at most so many: layers that images share are counted for each")
	case !in.untagged:
		out = append(out, "the bytes that come back are at most so many: "+
			"images without tags are not listed here, and one that shares layers keeps them")
	default:
		out = append(out, "the bytes that come back are an estimate: parts of the repository could not be read")
	}
	if p.AWS != nil && p.AWS.Err != nil {
		out = append(out, text.Clean(p.AWS.Err.Error())+"; what is shown is worked out on this machine alone")
	}
	return out
}

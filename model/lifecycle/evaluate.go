package lifecycle

import (
	"time"
)

// Outcome is what a policy does to an image.
type Outcome uint8

// The outcomes.
const (
	Keep Outcome = iota
	Expire
	Transition
)

// String is the outcome as the command line's JSON has it.
func (o Outcome) String() string { return [...]string{"keep", "expire", "transition"}[o] }

// Verdict is what a policy does to one image.
type Verdict struct {
	Outcome  Outcome
	Priority int // of the rule that decided; 0 where none did: no rule selects it, or an index holds it
}

// Evaluation is what a policy does to a repository at a time.
type Evaluation struct {
	Policy   Policy
	Images   []Image
	At       time.Time
	Verdicts []Verdict // of each image

	run *run
}

// Evaluate tells what ECR would do to images of different digests at the time
// now (page LifecyclePolicies, section evaluation rules). The order of the
// images makes no difference.
func Evaluate(p Policy, images []Image, now time.Time, on Switches) *Evaluation {
	e := &Evaluation{Policy: p, Images: images, At: now, Verdicts: make([]Verdict, len(images))}
	e.run = newEngine(p, images, on).decide(now)
	for i, d := range e.run.decisions {
		e.Verdicts[i] = e.run.verdict(d)
	}
	return e
}

func (r *run) verdict(d decision) Verdict {
	switch d.why {
	case noRule, referenced:
		return Verdict{}
	case spared:
		return Verdict{Priority: r.rules[d.rule].Priority}
	case marked, follows:
	}
	v := Verdict{Outcome: Expire, Priority: r.rules[d.rule].Priority}
	if r.rules[d.rule].Action == TransitionAction {
		v.Outcome = Transition
	}
	return v
}

package doctor

import "context"

// pullTimed is a registry that counts as pulling what is read of it, unless who
// reads is left out.
type pullTimed interface {
	PullTimes(ctx context.Context) (principal string, left bool, leaveOut string, err error)
}

// Pulls says whether looking at images moves the times by which rules go.
func (e *examination) Pulls(ctx context.Context) Finding {
	b, err := e.session.Open(e.host)
	if err != nil {
		return Broken(err)
	}
	from, counts := b.(pullTimed)
	if !counts {
		return Skip("only Amazon ECR keeps pull times")
	}
	who, left, leaveOut, err := from.PullTimes(ctx)
	switch {
	case err != nil:
		return Warn("", "%s", err.Error()).of(err)
	case left:
		return OK("what %s reads moves no pull times", who)
	}
	return Warn(leaveOut, "what %s reads counts as pulling, and moves the times that lifecycle rules go by", who)
}

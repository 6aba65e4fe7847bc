package cli

import "context"

// pullTimed is a registry that counts as pulling what is read of it, unless who
// reads is left out.
type pullTimed interface {
	PullTimes(ctx context.Context) (principal string, left bool, leaveOut string, err error)
}

// pulls says whether looking at images moves the times by which rules go.
func (e *examination) pulls(ctx context.Context) finding {
	b, err := e.session.Open(e.host)
	if err != nil {
		return broken(err)
	}
	from, counts := b.(pullTimed)
	if !counts {
		return skip("only Amazon ECR keeps pull times")
	}
	who, left, leaveOut, err := from.PullTimes(ctx)
	switch {
	case err != nil:
		return warn(advice(err), "%s", err.Error())
	case left:
		return ok("what %s reads moves no pull times", who)
	}
	return warn(leaveOut, "what %s reads counts as pulling, and moves the times that lifecycle rules go by", who)
}

package doctor

import "context"

// Pulls says whether looking at images moves the times by which rules go.
func (e *examination) Pulls(ctx context.Context) Finding {
	b, err := e.session.Open(e.host)
	if err != nil {
		return Broken(err)
	}
	from := b.Abilities().Pulls
	if from == nil {
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

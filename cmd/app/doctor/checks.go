// Package doctor finds out why a registry does not work: it looks at one thing after the
// other, from the name to the limits. It imports app, model and registry.
package doctor

import (
	"context"
	"fmt"
	"slices"
	"time"
)

// Status is how a check ended.
type Status string

const (
	statusOK Status = "ok"
	// StatusWarn is that it works, and something is to be minded.
	StatusWarn Status = "warn"
	// StatusFail is that it does not work.
	StatusFail Status = "fail"
	statusSkip Status = "skip"
)

// Finding is what a check found, in one sentence, and what to do about it.
type Finding struct {
	Status  Status
	Message string
	Advice  string
	Err     error // what went wrong, whose advice counts where there is no other
}

// OK is a finding that all is well.
func OK(format string, args ...any) Finding {
	return Finding{Status: statusOK, Message: fmt.Sprintf(format, args...)}
}

// Warn is a finding to be minded, with what to do.
func Warn(advice, format string, args ...any) Finding {
	return Finding{Status: StatusWarn, Message: fmt.Sprintf(format, args...), Advice: advice}
}

// Fail is a finding of what does not work, with what to do.
func Fail(advice, format string, args ...any) Finding {
	return Finding{Status: StatusFail, Message: fmt.Sprintf(format, args...), Advice: advice}
}

// Skip is why nobody looked.
func Skip(format string, args ...any) Finding {
	return Finding{Status: statusSkip, Message: fmt.Sprintf(format, args...)}
}

// Broken is an error as a finding.
func Broken(err error) Finding { return Fail("", "%s", err.Error()).of(err) }

// of is a finding that an error is the reason of.
func (f Finding) of(err error) Finding {
	f.Err = err
	return f
}

// Check is one thing that doctor looks at. Those that need the registry are
// skipped once one that blocks has failed.
type Check struct {
	Name   string
	Blocks bool // what follows makes no sense without it
	Local  bool // it does not need the registry
	Apart  bool // it runs beside the others: a host that hangs costs its own time only
	Run    func(ctx context.Context) Finding
}

// CheckTime is how long a check may take.
const CheckTime = 10 * time.Second

// StartApart starts the checks that run beside the others, and leaves it to
// their turn to wait for them.
func StartApart(ctx context.Context, limit time.Duration, checks []Check) []Check {
	out := slices.Clone(checks)
	for i := range out {
		if run := out[i].Run; out[i].Apart {
			found := make(chan Finding, 1)
			go func() { found <- Bounded(ctx, limit, run) }()
			out[i].Run = func(context.Context) Finding { return <-found }
		}
	}
	return out
}

// Bounded runs a check with a deadline, and does not wait for one that ignores
// it.
func Bounded(ctx context.Context, limit time.Duration, run func(context.Context) Finding) Finding {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	found := make(chan Finding, 1)
	go func() { found <- run(limited) }()
	late := Fail("the host, or something on the way to it, drops what it gets", "no answer in %s", limit)
	select {
	case f := <-found:
		if f.Status == StatusFail && limited.Err() != nil {
			return late
		}
		return f
	case <-limited.Done():
		return late
	}
}

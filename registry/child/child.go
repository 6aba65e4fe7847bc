// Package child runs the programs that regatta asks: credential helpers and
// processes, kubectl. They get no terminal, a bounded time and a bounded output,
// and nothing that they started outlives them. It imports the standard library
// only.
package child

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"strings"
	"time"
)

// The bounds of a program that is not told others.
const (
	// usualTime is enough for a person to answer a dialog that a helper opens.
	usualTime = time.Minute
	// usualOutput is far more than any credential.
	usualOutput = 1 << 20
	// mostSaid is what is kept of its complaints: enough for the sentence that
	// matters.
	mostSaid = 4 << 10
	// linger is how long the output of a program that ended is waited for: what it
	// left behind may hold it open.
	linger = time.Second
)

// Why a program was ended.
var (
	ErrTooMuch = errors.New("it printed too much")
	ErrTooSlow = errors.New("it took too long")
)

// Command is a program to run. It inherits the environment.
type Command struct {
	Name   string
	Args   []string
	Stdin  string
	Time   time.Duration // 0 means a minute
	Output int           // bytes of standard output, 0 means 1 MiB
}

// Result is what a program printed. Both may hold secrets.
type Result struct {
	Out  []byte
	Said string // the beginning of standard error
}

// Run runs a program to its end. The error is ErrTooMuch or ErrTooSlow where it
// was ended for that, the cause of ctx where that ended first, or what os/exec
// says of it. Nothing that the program printed is in it.
func Run(ctx context.Context, c Command) (Result, error) {
	var r Result
	said, failed, exit := Read(ctx, c, func(stdout io.Reader) error {
		limit := int64(c.output())
		out, err := io.ReadAll(io.LimitReader(stdout, limit+1))
		if int64(len(out)) > limit {
			return ErrTooMuch
		}
		r.Out = out
		return err
	})
	r.Said = said
	if failed != nil {
		return r, failed
	}
	return r, exit
}

// Read runs a program and has read follow its output, of which it decides how
// much that may be: an error of read ends the program. Failed is that error, and
// exit how the program ended by itself, or why it was ended.
func Read(ctx context.Context, c Command, read func(io.Reader) error) (said string, failed, exit error) {
	limited, cancel := context.WithTimeoutCause(ctx, c.time(), ErrTooSlow)
	defer cancel()
	out, in, err := os.Pipe()
	if err != nil {
		return "", nil, err
	}
	defer func() { _ = out.Close() }()
	complaints := &head{}
	cmd := exec.CommandContext(limited, c.Name, c.Args...) //nolint:gosec // the user's configuration names it
	cmd.Stdin, cmd.Stdout, cmd.Stderr, cmd.WaitDelay = strings.NewReader(c.Stdin), in, complaints, linger
	alone(cmd)
	err = cmd.Start()
	_ = in.Close() // the program has its own
	if err != nil {
		return "", nil, err
	}
	ended, heard := make(chan error, 1), make(chan struct{})
	go func() {
		ended <- cmd.Wait()
		endGroup(cmd)
		late := time.AfterFunc(linger, func() { deafen(out) })
		<-heard
		late.Stop()
	}()
	failed = read(out)
	close(heard)
	if failed != nil {
		endGroup(cmd) // whatever else it prints is not wanted
	}
	exit = <-ended
	if errors.Is(failed, os.ErrDeadlineExceeded) {
		failed = nil // what it had to say was said
	}
	return complaints.String(), failed, verdict(limited, failed, exit)
}

// verdict is how a program ended, or why it was ended.
func verdict(limited context.Context, failed, exit error) error {
	var e *exec.ExitError
	switch {
	case exit != nil && limited.Err() != nil:
		return context.Cause(limited)
	case errors.Is(exit, exec.ErrWaitDelay):
		return nil // it ended well, and left something behind
	case failed != nil && errors.As(exit, &e) && !e.Exited():
		return nil // it was ended because of what it printed
	}
	return exit
}

func (c Command) output() int {
	if c.Output <= 0 {
		return usualOutput
	}
	return c.Output
}

func (c Command) time() time.Duration {
	if c.Time <= 0 {
		return usualTime
	}
	return c.Time
}

// deafen ends reads of the output of a program that is over: whoever fled its
// group and holds the other end is not listened to.
func deafen(out *os.File) {
	if out.SetReadDeadline(time.Unix(1, 0)) != nil {
		_ = out.Close() // where pipes have no deadlines
	}
}

// head keeps the beginning of what is written to it. It is no bytes.Buffer by
// another name: that would read from a pipe by itself, without a bound.
type head struct{ kept []byte }

// Write implements io.Writer.
func (h *head) Write(p []byte) (int, error) {
	h.kept = append(h.kept, p[:min(max(0, mostSaid-len(h.kept)), len(p))]...)
	return len(p), nil
}

func (h *head) String() string { return string(h.kept) }

package usage

import (
	"context"
	"errors"
	"os/exec"
	"strings"
	"time"

	"regatta/model/fault"
	"regatta/model/redact"
	"regatta/model/text"
	"regatta/model/usage"
	"regatta/registry/child"
)

// Kubernetes asks the cluster of one context through the user's own kubectl,
// which knows how to sign in there. With a namespace it asks for what runs there
// only: that is little enough to be asked again and again.
type Kubernetes struct {
	Context   string
	Namespace string
	Command   string // "" is kubectl
}

const (
	// kinds are what may name an image: what runs, and what may start it again.
	kinds = "pods,deployments,statefulsets,daemonsets,replicasets,jobs,cronjobs"
	// running are those that run, and those that tell whose they are.
	running = "pods,replicasets"
)

// mostTime is how long kubectl may take where the caller has more patience: it
// pages through a cluster by itself.
const mostTime = 10 * time.Minute

// Ask implements Source.
func (k Kubernetes) Ask(ctx context.Context) usage.Answer {
	c := &cluster{finds: finds{answer: usage.Answer{Source: usage.Kubernetes, Scope: text.Clean(k.Context)}}}
	if err := k.run(ctx, c); err != nil {
		c.fail(err)
	}
	c.settle()
	return c.done()
}

func (k Kubernetes) command() string {
	if k.Command == "" {
		return "kubectl"
	}
	return k.Command
}

func (k Kubernetes) failure(kind fault.Kind, detail string, err error) error {
	return &fault.Error{Op: "ask", Object: "kubectl about " + text.Clean(k.Context), Kind: kind, Detail: detail, Err: err}
}

// fix is a command that shows the user what is wrong, outside of regatta.
func (k Kubernetes) fix(args ...string) string {
	return text.Clean(text.Command(append([]string{k.command(), "--context", k.Context}, args...)))
}

// args are what kubectl is started with.
func (k Kubernetes) args() []string {
	if k.Namespace != "" {
		return []string{"--context", k.Context, "get", running, "-n", k.Namespace, "-o", "json"}
	}
	return []string{"--context", k.Context, "get", kinds, "-A", "-o", "json"}
}

// run starts kubectl and reads what it prints.
func (k Kubernetes) run(ctx context.Context, c *cluster) error {
	path, err := exec.LookPath(k.command())
	if err != nil {
		return k.failure(fault.NotFound, "there is no "+text.Clean(k.command())+" in PATH: install it, then try "+
			k.fix("version"), err)
	}
	said, read, exit := child.Read(ctx, child.Command{Name: path, Args: k.args(), Time: mostTime}, c.decode)
	return k.verdict(ctx, read, exit, said)
}

// verdict is what went wrong, if anything: time ran out, kubectl complained, or
// what it printed is not what was asked for.
func (k Kubernetes) verdict(ctx context.Context, read, exit error, said string) error {
	said = strings.TrimSpace(redact.Line(said))
	failed := errors.As(exit, new(*exec.ExitError))
	switch {
	case errors.Is(exit, child.ErrTooSlow):
		return k.failure(fault.Timeout, "no end in "+mostTime.String()+"; see "+k.fix("get", "nodes"), exit)
	case ctx.Err() != nil:
		return k.failure(fault.KindOf(ctx.Err()), "it does not answer; see whether "+k.fix("get", "nodes")+" does", ctx.Err())
	case failed && said != "":
		return k.failure(kindOfComplaint(said), said+"; see "+k.fix("auth", "can-i", "--list"), exit)
	case failed:
		return k.failure(fault.Unknown, exit.Error()+" without a word; see "+k.fix("get", "pods"), exit)
	case errors.Is(read, errTooMuch), errors.Is(read, errTooLarge):
		return k.failure(fault.TooLarge, read.Error(), read)
	case read != nil:
		return k.failure(fault.Protocol, "it does not print what kubectl does ("+redact.Line(read.Error())+"); see "+
			k.fix("get", "pods", "-o", "json"), read)
	case exit != nil:
		return k.failure(fault.Unknown, redact.Line(exit.Error()), exit)
	}
	return nil
}

// kindOfComplaint is the kind of what kubectl says in its own words.
func kindOfComplaint(said string) fault.Kind {
	for words, kind := range map[string]fault.Kind{
		"(Forbidden)": fault.Denied, "must be logged in": fault.Auth, "(Unauthorized)": fault.Auth,
		"does not exist": fault.NotFound, "Unable to connect": fault.Unreachable, "was refused": fault.Unreachable,
		"no such host": fault.Unresolved, "x509: ": fault.TLS, "i/o timeout": fault.Timeout,
	} {
		if strings.Contains(said, words) {
			return kind
		}
	}
	return fault.Unknown
}

package cli

import (
	"context"
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/config"
	"regatta/model/text"
)

// status is how a check ended.
type status string

const (
	statusOK   status = "ok"
	statusWarn status = "warn"
	statusFail status = "fail"
	statusSkip status = "skip"
)

// finding is what a check found, in one sentence, and what to do about it.
type finding struct {
	status  status
	message string
	advice  string
}

func ok(format string, args ...any) finding {
	return finding{statusOK, fmt.Sprintf(format, args...), ""}
}

func warn(advice, format string, args ...any) finding {
	return finding{statusWarn, fmt.Sprintf(format, args...), advice}
}

func fail(advice, format string, args ...any) finding {
	return finding{statusFail, fmt.Sprintf(format, args...), advice}
}

func skip(format string, args ...any) finding {
	return finding{statusSkip, fmt.Sprintf(format, args...), ""}
}

// broken is an error as a finding.
func broken(err error) finding { return fail(advice(err), "%s", err.Error()) }

// check is one thing that doctor looks at. Those that need the registry are
// skipped once one that blocks has failed.
type check struct {
	name   string
	blocks bool // what follows makes no sense without it
	local  bool // it does not need the registry
	apart  bool // it runs beside the others: a host that hangs costs its own time only
	run    func(ctx context.Context) finding
}

// checkTime is how long a check may take.
const checkTime = 10 * time.Second

type doctorOptions struct {
	args   []string
	output format
	limit  time.Duration
	blobs  bool
	yes    bool
}

func (a *program) doctor() *cobra.Command {
	o := doctorOptions{limit: checkTime}
	cmd := &cobra.Command{
		Use:   "doctor [HOST[/REPOSITORY]]",
		Short: "Find out why a registry, or regatta itself, does not work, or what a repository lacks",
		Args:  arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.args = args
			return a.runDoctor(cmd.Context(), o)
		},
	}
	formatFlag(cmd, &o.output)
	cmd.Flags().BoolVar(&o.blobs, "blobs", false, "of a repository: ask for every config and layer, one request each")
	cmd.Flags().BoolVar(&o.yes, "yes", false, "read many images also where the registry counts reads as pulls")
	return cmd
}

func (a *program) runDoctor(ctx context.Context, o doctorOptions) error {
	if o.blobs && (len(o.args) == 0 || !strings.Contains(o.args[0], "/")) {
		return app.Mistakef("--blobs is for a repository: want HOST/REPOSITORY")
	}
	if len(o.args) == 0 && a.flags.Context == "" {
		return a.examineSelf(ctx, o)
	}
	return a.withSession(func(s *app.App) error {
		r, ok, err := repositoryOf(s, o.args)
		if err != nil {
			return err
		}
		if ok {
			return a.examineRepository(ctx, s, r, o)
		}
		host, err := hostNamed(s, o.args)
		if err != nil {
			return err
		}
		e := newExamination(s, host)
		return a.examine(ctx, o, host, e.checks())
	})
}

// examineSelf looks at what is on this machine. A config that does not parse is
// a finding, and the rest goes on with the defaults.
func (a *program) examineSelf(ctx context.Context, o doctorOptions) error {
	c, err := config.Load(config.Path())
	if err != nil {
		c = config.Default()
	}
	s := app.New(a.now, c, a.flags)
	s.UseProfiles()
	s.Log = a.log
	defer func() { _ = s.Close() }()
	return a.examine(ctx, o, "", a.selfChecks(s, err))
}

func (a *program) examine(ctx context.Context, o doctorOptions, host string, checks []check) error {
	doc := &doctorJSON{Host: orNull(host), Checks: []checkJSON{}}
	failed, blocked := 0, ""
	for _, c := range startApart(ctx, o.limit, checks) {
		f := skip("not checked, because %q failed", blocked)
		if blocked == "" || c.local {
			f = bounded(ctx, o.limit, c.run)
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("examine %s: %w", host, err)
		}
		if f.status == statusFail {
			failed++
			if c.blocks && blocked == "" {
				blocked = c.name
			}
		}
		doc.add(c.name, f)
	}
	if err := a.streams.print(o.output, result{json: doc, text: doc.write}); err != nil {
		return err
	}
	if failed > 0 {
		return exitError{Failed, fmt.Errorf("%s of %d failed", text.Plural(failed, "check", "checks"), len(checks))}
	}
	return nil
}

// startApart starts the checks that run beside the others, and leaves it to
// their turn to wait for them.
func startApart(ctx context.Context, limit time.Duration, checks []check) []check {
	out := slices.Clone(checks)
	for i := range out {
		if run := out[i].run; out[i].apart {
			found := make(chan finding, 1)
			go func() { found <- bounded(ctx, limit, run) }()
			out[i].run = func(context.Context) finding { return <-found }
		}
	}
	return out
}

// bounded runs a check with a deadline, and does not wait for one that ignores
// it.
func bounded(ctx context.Context, limit time.Duration, run func(context.Context) finding) finding {
	limited, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	found := make(chan finding, 1)
	go func() { found <- run(limited) }()
	late := fail("the host, or something on the way to it, drops what it gets", "no answer in %s", limit)
	select {
	case f := <-found:
		if f.status == statusFail && limited.Err() != nil {
			return late
		}
		return f
	case <-limited.Done():
		return late
	}
}

type doctorJSON struct {
	Host   *string     `json:"host"`
	Checks []checkJSON `json:"checks"`
}

type checkJSON struct {
	Name    string  `json:"name"`
	Status  status  `json:"status"`
	Message string  `json:"message"`
	Advice  *string `json:"advice"`
}

func (doc *doctorJSON) add(name string, f finding) {
	doc.Checks = append(doc.Checks, checkJSON{
		Name: text.Clean(name), Status: f.status, Message: text.CleanLines(f.message), Advice: orNull(text.Clean(f.advice)),
	})
}

func (doc *doctorJSON) write(w io.Writer) {
	g := grid{header: make([]string, 3)}
	for _, c := range doc.Checks {
		g.add(string(c.Status), c.Name, c.Message)
		if c.Advice != nil {
			g.add("", "", "→ "+*c.Advice)
		}
	}
	g.write(w)
}

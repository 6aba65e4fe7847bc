package cli

import (
	"context"
	"fmt"
	"io"
	"strings"
	"time"

	"regatta/cmd/cli/output/null"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/doctor"
	"regatta/cmd/cli/output"
	"regatta/cmd/config"
	"regatta/model/text"
)

type doctorOptions struct {
	args   []string
	output output.Format
	limit  time.Duration
	blobs  bool
	yes    bool
}

func doctorVerb(a *program) *cobra.Command {
	o := doctorOptions{limit: doctor.CheckTime}
	cmd := &cobra.Command{
		Use:   "doctor [HOST[/REPOSITORY]]",
		Short: "Find out why a registry, or regatta itself, does not work, or what a repository lacks",
		Args:  arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.args = args
			return runDoctor(cmd.Context(), a, o)
		},
	}
	output.FormatFlag(cmd, &o.output)
	cmd.Flags().BoolVar(&o.blobs, "blobs", false, "of a repository: ask for every config and layer, one request each")
	cmd.Flags().BoolVar(&o.yes, "yes", false, "read many images also where the registry counts reads as pulls")
	return cmd
}

func runDoctor(ctx context.Context, a *program, o doctorOptions) error {
	if o.blobs && (len(o.args) == 0 || !strings.Contains(o.args[0], "/")) {
		return app.Mistakef("--blobs is for a repository: want HOST/REPOSITORY")
	}
	if len(o.args) == 0 && a.flags.Context == "" {
		return examineSelf(ctx, a, o)
	}
	return a.withSession(func(s *app.App) error {
		r, ok, err := repositoryOf(s, o.args)
		if err != nil {
			return err
		}
		if ok {
			return examineRepository(ctx, a, s, r, o)
		}
		host, err := hostNamed(s, o.args)
		if err != nil {
			return err
		}
		e := doctor.Examine(s, host)
		return examine(ctx, a, o, host, e.Checks())
	})
}

// examineSelf looks at what is on this machine. A config that does not parse is
// a finding, and the rest goes on with the defaults.
func examineSelf(ctx context.Context, a *program, o doctorOptions) error {
	c, err := config.Load(config.Path())
	if err != nil {
		c = config.Default()
	}
	s := app.New(a.now, c, a.flags)
	s.UseProfiles()
	s.Log = a.log
	defer func() { _ = s.Close() }()
	return examine(ctx, a, o, "", selfChecks(a, s, err))
}

func examine(ctx context.Context, a *program, o doctorOptions, host string, checks []doctor.Check) error {
	doc := &doctorJSON{Host: null.Of(host), Checks: []checkJSON{}}
	failed, blocked := 0, ""
	for _, c := range doctor.StartApart(ctx, o.limit, checks) {
		f := doctor.Skip("not checked, because %q failed", blocked)
		if blocked == "" || c.Local {
			f = doctor.Bounded(ctx, o.limit, c.Run)
		}
		if err := ctx.Err(); err != nil {
			return fmt.Errorf("examine %s: %w", host, err)
		}
		if f.Status == doctor.StatusFail {
			failed++
			if c.Blocks && blocked == "" {
				blocked = c.Name
			}
		}
		doc.add(c.Name, f)
	}
	if err := a.streams.Print(o.output, output.Result{JSON: doc, Text: doc.write}); err != nil {
		return err
	}
	if failed > 0 {
		return output.End(output.Failed, fmt.Errorf("%s of %d failed", text.Plural(failed, "check", "checks"), len(checks)))
	}
	return nil
}

type doctorJSON struct {
	Host   *string     `json:"host"`
	Checks []checkJSON `json:"checks"`
}

type checkJSON struct {
	Name    string        `json:"name"`
	Status  doctor.Status `json:"status"`
	Message string        `json:"message"`
	Advice  *string       `json:"advice"`
}

func (doc *doctorJSON) add(name string, f doctor.Finding) {
	doc.Checks = append(doc.Checks, checkJSON{
		Name: text.Clean(name), Status: f.Status, Message: text.CleanLines(f.Message),
		Advice: null.Of(text.Clean(adviceOn(f))),
	})
}

func (doc *doctorJSON) write(w io.Writer) {
	g := output.Grid{Header: make([]string, 3)}
	for _, c := range doc.Checks {
		g.Add(string(c.Status), c.Name, c.Message)
		if c.Advice != nil {
			g.Add("", "", "→ "+*c.Advice)
		}
	}
	g.Write(w)
}

// adviceOn is what to do about a finding.
func adviceOn(f doctor.Finding) string {
	if f.Err != nil && f.Advice == "" {
		return advice(f.Err)
	}
	return f.Advice
}

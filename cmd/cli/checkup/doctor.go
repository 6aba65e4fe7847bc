// Package checkup has the verb doctor: of this machine, of registries, of a repository. It
// imports app and model.
package checkup

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
	"regatta/cmd/cli/verb"
	"regatta/cmd/config"
	"regatta/model/text"
)

// Options are the flags of doctor.
type Options struct {
	Args   []string
	Output output.Format
	Limit  time.Duration
	blobs  bool
	yes    bool
}

// Doctor is the verb doctor.
func Doctor(a *verb.Program) *cobra.Command {
	o := Options{Limit: doctor.CheckTime}
	cmd := &cobra.Command{
		Use:   "doctor [HOST[/REPOSITORY]]",
		Short: "Find out why a registry, or regatta itself, does not work, or what a repository lacks",
		Args:  verb.Arguments(cobra.MaximumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.Args = args
			return Run(cmd.Context(), a, o)
		},
	}
	output.FormatFlag(cmd, &o.Output)
	cmd.Flags().BoolVar(&o.blobs, "blobs", false, "of a repository: ask for every config and layer, one request each")
	cmd.Flags().BoolVar(&o.yes, "yes", false, "read many images also where the registry counts reads as pulls")
	return cmd
}

// Run examines what the options name.
func Run(ctx context.Context, a *verb.Program, o Options) error {
	if o.blobs && (len(o.Args) == 0 || !strings.Contains(o.Args[0], "/")) {
		return app.Mistakef("--blobs is for a repository: want HOST/REPOSITORY")
	}
	if len(o.Args) == 0 && a.Flags.Context == "" {
		return examineSelf(ctx, a, o)
	}
	return a.WithSession(func(s *app.App) error {
		r, ok, err := repositoryOf(s, o.Args)
		if err != nil {
			return err
		}
		if ok {
			return examineRepository(ctx, a, s, r, o)
		}
		host, err := verb.HostNamed(s, o.Args)
		if err != nil {
			return err
		}
		e := doctor.Examine(s, host)
		return examine(ctx, a, o, host, e.Checks())
	})
}

// examineSelf looks at what is on this machine. A config that does not parse is
// a finding, and the rest goes on with the defaults.
func examineSelf(ctx context.Context, a *verb.Program, o Options) error {
	c, err := config.Load(config.Path())
	if err != nil {
		c = config.Default()
	}
	s := app.New(a.Now, c, a.Flags)
	s.UseProfiles()
	s.Log = a.Log
	defer func() { _ = s.Close() }()
	return examine(ctx, a, o, "", selfChecks(a, s, err))
}

func examine(ctx context.Context, a *verb.Program, o Options, host string, checks []doctor.Check) error {
	doc := &doctorJSON{Host: null.Of(host), Checks: []checkJSON{}}
	failed, blocked := 0, ""
	for _, c := range doctor.StartApart(ctx, o.Limit, checks) {
		f := doctor.Skip("not checked, because %q failed", blocked)
		if blocked == "" || c.Local {
			f = doctor.Bounded(ctx, o.Limit, c.Run)
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
	if err := a.Streams.Print(o.Output, output.Result{JSON: doc, Text: doc.write}); err != nil {
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
		return output.Advice(f.Err)
	}
	return f.Advice
}

package checkup

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/charmbracelet/colorprofile"
	"github.com/charmbracelet/x/term"

	"regatta/cmd/app"
	"regatta/cmd/app/doctor"
	"regatta/cmd/cli/verb"
	"regatta/cmd/config"
	"regatta/model/catalog"
	"regatta/model/text"
	"regatta/registry/plain"
)

// selfChecks look at this machine, and at each context of the config shortly.
func selfChecks(a *verb.Program, s *app.App, loaded error) []doctor.Check {
	at := func(f func() doctor.Finding) func(context.Context) doctor.Finding {
		return func(context.Context) doctor.Finding { return f() }
	}
	checks := configChecks(s.Config, loaded)
	checks = append(
		checks,
		doctor.Check{Name: "docker", Local: true, Run: at(func() doctor.Finding { return dockerFinding(a, s) })},
		doctor.Check{Name: "store", Local: true, Run: at(func() doctor.Finding { return doctor.StoreFinding(s) })},
		doctor.Check{Name: "terminal", Local: true, Run: at(func() doctor.Finding { return terminalFinding(a) })},
	)
	for _, c := range s.Contexts() {
		if c.Source == "config" {
			checks = append(checks, doctor.Check{Name: c.Name, Apart: true, Run: func(ctx context.Context) doctor.Finding {
				return probe(ctx, s, c)
			}})
		}
	}
	return checks
}

// configChecks are one, or one a mistake.
func configChecks(c *config.Config, err error) []doctor.Check {
	var problems config.Errors
	found := func(f doctor.Finding) doctor.Check {
		return doctor.Check{Name: "config", Local: true, Run: func(context.Context) doctor.Finding { return f }}
	}
	switch {
	case errors.As(err, &problems):
		var out []doctor.Check
		for _, p := range problems {
			out = append(out, found(doctor.Fail("", "%s", p.String())))
		}
		return out
	case err != nil:
		return []doctor.Check{found(doctor.Broken(err))}
	}
	if _, err := os.Stat(config.Path()); err != nil {
		return []doctor.Check{found(doctor.OK("%s is not there: defaults", config.Path()))}
	}
	named := text.Plural(len(c.Registries), "registry", "registries")
	return []doctor.Check{found(doctor.OK("%s names %s", config.Path(), named))}
}

func dockerFinding(a *verb.Program, s *app.App) doctor.Finding {
	dir := a.Streams.Env("DOCKER_CONFIG")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return doctor.Warn("set HOME or DOCKER_CONFIG", "docker's config is not to be found: %s", err.Error())
		}
		dir = filepath.Join(home, ".docker")
	}
	path := filepath.Join(dir, "config.json")
	raw, err := plain.Read(path, 16<<20)
	signedIn := text.Plural(len(s.Keychain().Hosts()), "registry", "registries")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return doctor.OK("%s is not there; signed in to %s", path, signedIn)
	case err != nil:
		return doctor.Fail("make it readable", "docker's config: %s", err.Error())
	case !json.Valid(raw):
		return doctor.Fail("repair it, or move it away and sign in again", "%s is no valid JSON", path)
	}
	return doctor.OK("%s: signed in to %s", path, signedIn)
}

func terminalFinding(a *verb.Program) doctor.Finding {
	if !a.Streams.Terminal {
		return doctor.OK("stdin or stdout is no terminal; the terminal UI needs one")
	}
	name := a.Streams.Env("TERM")
	size := "of unknown size"
	if f, isFile := a.Streams.Out.(*os.File); isFile {
		if w, h, err := term.GetSize(f.Fd()); err == nil {
			size = fmt.Sprintf("%d×%d", w, h)
		}
	}
	said := fmt.Sprintf("%s, %s, %s", name, size, colorprofile.Detect(a.Streams.Out, os.Environ()))
	if name == "" || name == "dumb" {
		return doctor.Warn("set TERM, for example to xterm-256color", "%s: the terminal UI needs more than that", said)
	}
	return doctor.OK("%s", said)
}

// probe looks at a context as the list of contexts in the terminal UI does.
func probe(ctx context.Context, s *app.App, c catalog.Context) doctor.Finding {
	p := s.Probe(ctx, c)
	if p.Err != nil {
		return doctor.Fail("regatta doctor "+c.Host+" says more", "%s as %s: %s", c.Host, p.Identity, p.Err.Error())
	}
	return doctor.OK("%s answers in %s as %s", c.Host, text.Took(p.Took), p.Identity)
}

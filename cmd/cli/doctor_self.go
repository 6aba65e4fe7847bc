package cli

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
	"regatta/cmd/config"
	"regatta/model/catalog"
	"regatta/model/text"
	"regatta/registry/plain"
)

// selfChecks look at this machine, and at each context of the config shortly.
func (a *program) selfChecks(s *app.App, loaded error) []check {
	at := func(f func() finding) func(context.Context) finding {
		return func(context.Context) finding { return f() }
	}
	checks := configChecks(s.Config, loaded)
	checks = append(
		checks,
		check{name: "docker", local: true, run: at(func() finding { return a.dockerFinding(s) })},
		check{name: "store", local: true, run: at(func() finding { return storeFinding(s) })},
		check{name: "terminal", local: true, run: at(a.terminalFinding)},
	)
	for _, c := range s.Contexts() {
		if c.Source == "config" {
			checks = append(checks, check{name: c.Name, apart: true, run: func(ctx context.Context) finding {
				return probe(ctx, s, c)
			}})
		}
	}
	return checks
}

// configChecks are one, or one a mistake.
func configChecks(c *config.Config, err error) []check {
	var problems config.Errors
	found := func(f finding) check {
		return check{name: "config", local: true, run: func(context.Context) finding { return f }}
	}
	switch {
	case errors.As(err, &problems):
		var out []check
		for _, p := range problems {
			out = append(out, found(fail("", "%s", p.String())))
		}
		return out
	case err != nil:
		return []check{found(broken(err))}
	}
	if _, err := os.Stat(config.Path()); err != nil {
		return []check{found(ok("%s is not there: defaults", config.Path()))}
	}
	return []check{found(ok("%s names %s", config.Path(), text.Plural(len(c.Registries), "registry", "registries")))}
}

func (a *program) dockerFinding(s *app.App) finding {
	dir := a.streams.Env("DOCKER_CONFIG")
	if dir == "" {
		home, err := os.UserHomeDir()
		if err != nil {
			return warn("set HOME or DOCKER_CONFIG", "docker's config is not to be found: %s", err.Error())
		}
		dir = filepath.Join(home, ".docker")
	}
	path := filepath.Join(dir, "config.json")
	raw, err := plain.Read(path, 16<<20)
	signedIn := text.Plural(len(s.Keychain().Hosts()), "registry", "registries")
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ok("%s is not there; signed in to %s", path, signedIn)
	case err != nil:
		return fail("make it readable", "docker's config: %s", err.Error())
	case !json.Valid(raw):
		return fail("repair it, or move it away and sign in again", "%s is no valid JSON", path)
	}
	return ok("%s: signed in to %s", path, signedIn)
}

func (a *program) terminalFinding() finding {
	if !a.streams.Terminal {
		return ok("stdin or stdout is no terminal; the terminal UI needs one")
	}
	name := a.streams.Env("TERM")
	size := "of unknown size"
	if f, isFile := a.streams.Out.(*os.File); isFile {
		if w, h, err := term.GetSize(f.Fd()); err == nil {
			size = fmt.Sprintf("%d×%d", w, h)
		}
	}
	said := fmt.Sprintf("%s, %s, %s", name, size, colorprofile.Detect(a.streams.Out, os.Environ()))
	if name == "" || name == "dumb" {
		return warn("set TERM, for example to xterm-256color", "%s: the terminal UI needs more than that", said)
	}
	return ok("%s", said)
}

// probe looks at a context as the list of contexts in the terminal UI does.
func probe(ctx context.Context, s *app.App, c catalog.Context) finding {
	p := s.Probe(ctx, c)
	if p.Err != nil {
		return fail("regatta doctor "+c.Host+" says more", "%s as %s: %s", c.Host, p.Identity, p.Err.Error())
	}
	return ok("%s answers in %s as %s", c.Host, text.Took(p.Took), p.Identity)
}

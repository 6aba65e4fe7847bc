package verb

import (
	"fmt"
	"strings"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry"
)

// Arguments makes cobra's complaints about them mistakes on the command line.
func Arguments(check cobra.PositionalArgs) cobra.PositionalArgs {
	return func(cmd *cobra.Command, args []string) error {
		if err := check(cmd, args); err != nil {
			return app.Mistake(err)
		}
		return nil
	}
}

// RootArguments knows that more than one argument is a mistyped verb.
func RootArguments(cmd *cobra.Command, args []string) error {
	if len(args) < 2 {
		return nil
	}
	message := fmt.Sprintf("there is no verb %q", text.Clean(args[0]))
	if near := cmd.SuggestionsFor(args[0]); len(near) > 0 {
		message += "; did you mean " + strings.Join(near, " or ") + "?"
	}
	return app.Mistakef("%s", message)
}

// checkContext finds a context that is not there.
func checkContext(s *app.App) error {
	if s.Flags.Context == "" || s.ContextHost() != "" {
		return nil
	}
	return app.Mistakef("there is no context %q; %s", text.Clean(s.Flags.Context), contextNames(s))
}

func contextNames(s *app.App) string {
	var names []string
	for _, c := range s.Contexts() {
		names = append(names, c.Name)
	}
	if len(names) == 0 {
		return "the config names none, and docker is signed in nowhere"
	}
	return "there are " + strings.Join(names, ", ")
}

// HostNamed is the registry that the arguments name: by its address, by the name of
// a context, or with --context not at all.
func HostNamed(s *app.App, args []string) (string, error) {
	if len(args) == 0 {
		if s.Flags.Context == "" {
			return "", app.Mistakef("which registry? name its host, or a context with --context")
		}
		return s.ContextHost(), nil
	}
	contexts := s.Contexts()
	for _, c := range contexts {
		if c.Name == args[0] {
			return c.Host, CheckHost(s, c.Host)
		}
	}
	r, err := ref.ParseTarget(args[0])
	switch {
	case err != nil:
		return "", app.Mistake(err)
	case r.Repository != "" && !strings.Contains(args[0], "/"):
		return "", app.Mistakef("%q is neither a host nor a context; %s", text.Clean(args[0]), contextNames(s))
	case r.Repository != "":
		return "", app.Mistakef("%q names a repository; want the registry's host alone", text.Clean(args[0]))
	}
	return r.Host, CheckHost(s, r.Host)
}

// CheckHost keeps the settings of one registry from being used for another.
func CheckHost(s *app.App, host string) error {
	if own := s.ContextHost(); s.Flags.Context != "" && host != own {
		return app.Mistakef("the context %s is the registry %s, not %s", text.Clean(s.Flags.Context), own, host)
	}
	return nil
}

// RepositoryNamed reads HOST/REPOSITORY; with --context the host may be left out.
func RepositoryNamed(s *app.App, arg string) (ref.Reference, error) {
	r, err := ref.ParseRepository(s.WithHost(arg))
	if err != nil {
		return r, app.Mistake(err)
	}
	if !strings.Contains(s.WithHost(arg), "/") && ref.CheckHost(arg) == nil && strings.ContainsAny(arg, ".:") {
		return r, app.Mistakef("%q is a host; add a repository: regatta repos %s lists them",
			text.Clean(arg), text.Clean(arg))
	}
	if r.Tag != "" || r.Digest != "" {
		return r, app.Mistakef("%q names an image; want a repository, without tag and digest", text.Clean(arg))
	}
	return r, CheckHost(s, r.Host)
}

// OpenRepository reads HOST/REPOSITORY as repository does, and opens its host.
func OpenRepository(s *app.App, arg string) (ref.Reference, registry.Backend, error) {
	r, err := RepositoryNamed(s, arg)
	if err != nil {
		return r, nil, err
	}
	b, err := s.Open(r.Host)
	return r, b, err
}

// ImageNamed reads a reference; with --context the host may be left out.
func ImageNamed(s *app.App, arg string) (ref.Reference, error) {
	r, err := ref.Parse(s.WithHost(arg))
	if err != nil {
		return r, app.Mistake(err)
	}
	return r, CheckHost(s, r.Host)
}

// TargetNamed is what the terminal UI opens: nil for the contexts.
func TargetNamed(s *app.App, args []string) (*ref.Reference, error) {
	if len(args) == 0 {
		if s.Flags.Context == "" {
			return nil, nil //nolint:nilnil // no target is what the user asked for
		}
		return &ref.Reference{Host: s.ContextHost()}, nil
	}
	r, err := ref.ParseTarget(args[0])
	if err == nil && r.Repository != "" {
		r, err = ref.ParseRepository(s.WithHost(args[0]))
	}
	if err != nil {
		return nil, app.Mistake(err)
	}
	return &r, CheckHost(s, r.Host)
}

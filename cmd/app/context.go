package app

import (
	"strings"

	"regatta/model/ref"
)

// ContextHost is the host of the context that --context names, "" without one.
func (s *App) ContextHost() string {
	for _, c := range s.Contexts() {
		if c.Name == s.Flags.Context {
			return c.Host
		}
	}
	return ""
}

// WithHost puts the context's host before a name that has none, which without
// a context would be Docker Hub's.
func (s *App) WithHost(arg string) string {
	if s.Flags.Context == "" {
		return arg
	}
	first, _, _ := strings.Cut(arg, "/")
	named := ref.CanonicalHost(first) == ref.DockerHub
	if r, err := ref.ParseRepository(arg); err == nil && r.Host == ref.DockerHub && !named {
		return s.ContextHost() + "/" + arg
	}
	return arg
}

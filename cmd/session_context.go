package cmd

import (
	"strings"

	"regatta/model/ref"
)

// contextHost is the host of the context that --context names, "" without one.
func (s *session) contextHost() string {
	for _, c := range s.contexts() {
		if c.Name == s.flags.context {
			return c.Host
		}
	}
	return ""
}

// withHost puts the context's host before a name that has none, which without
// a context would be Docker Hub's.
func (s *session) withHost(arg string) string {
	if s.flags.context == "" {
		return arg
	}
	first, _, _ := strings.Cut(arg, "/")
	named := ref.CanonicalHost(first) == ref.DockerHub
	if r, err := ref.ParseRepository(arg); err == nil && r.Host == ref.DockerHub && !named {
		return s.contextHost() + "/" + arg
	}
	return arg
}

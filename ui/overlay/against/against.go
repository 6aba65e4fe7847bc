// Package against asks for the image that another one is compared with. It
// imports model, kit and the line overlay.
package against

import (
	"strings"

	"regatta/model/ref"
	"regatta/ui/kit"
	"regatta/ui/overlay/ask"
)

// New asks what to compare the image from with, and opens the comparison.
func New(look *kit.Look, from ref.Reference, open func(from, to ref.Reference) kit.Screen) kit.Intent {
	check := func(line string) error {
		_, err := Parse(from, line)
		return err
	}
	then := func(line string) kit.Intent {
		to, err := Parse(from, line)
		if err != nil {
			return kit.Toast{Err: err}
		}
		return kit.Go{Screen: open(from, to)}
	}
	const hint = "a tag, a digest, or HOST/REPOSITORY:TAG"
	return kit.Push{Overlay: ask.New(look, "compare "+from.Short()+" with", hint, check, then)}
}

// Parse reads the name of an image that stands beside another: a tag or digest
// of the same repository, or a reference.
func Parse(beside ref.Reference, line string) (ref.Reference, error) {
	out := ref.Reference{Host: beside.Host, Repository: beside.Repository}
	line = strings.TrimSpace(line)
	if d, err := ref.ParseDigest(strings.TrimPrefix(line, "@")); err == nil {
		out.Digest = d
		return out, nil
	}
	if tag := strings.TrimPrefix(line, ":"); !strings.Contains(line, "/") && ref.CheckTag(tag) == nil {
		out.Tag = tag
		return out, nil
	}
	return ref.Parse(line)
}

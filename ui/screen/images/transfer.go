package images

import (
	"slices"
	"strings"

	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/ui/kit"
	"regatta/ui/overlay/ask"
)

// transferBindings lead to plans that bring images elsewhere. This registry
// does not change by them.
func (s *Screen) transferBindings() []kit.Binding {
	return kit.Bind("images", "Images", []kit.Binding{
		{
			ID: "transfer", Keys: kit.Keys{"m"}, Desc: "copy to another repository or registry: shows the plan",
			Disabled: s.noTransfer, Run: kit.Ask(s.transfer),
		},
		{
			ID: "pull", Keys: kit.Keys{"P"}, Desc: "pull to this machine: shows the plan", Disabled: s.noTransfer,
			Run: kit.Ask(s.pull),
		},
	})
}

func (s *Screen) noTransfer() string {
	switch {
	case s.wire.Change == nil:
		return "nothing can be copied here"
	case s.current() == nil:
		return "there is no image here"
	}
	return ""
}

func (s *Screen) transfer() kit.Intent {
	images, unread := s.chosen()
	if unread > 0 {
		return notRead(unread)
	}
	if i := slices.IndexFunc(images, s.archived); i >= 0 {
		return cannotBePulled(images[i])
	}
	what := s.of(images)
	check := func(line string) error {
		_, err := s.parseTarget(line)
		return err
	}
	const hint = "HOST/REPOSITORY[:TAG], or a REPOSITORY of this registry"
	return kit.Push{Overlay: ask.New(s.com.Look, "copy "+what+" where?", hint, check, func(line string) kit.Intent {
		to, err := s.parseTarget(line)
		if err != nil {
			return kit.Toast{Err: err}
		}
		return kit.Go{Screen: s.wire.Change.Copy(s.moves(images, to), "copy "+what+" to "+to.String())}
	})}
}

// parseTarget reads where to copy to. A name that does not begin with a host is
// a repository of this registry.
func (s *Screen) parseTarget(line string) (ref.Reference, error) {
	host, _, _ := strings.Cut(line, "/")
	if !strings.ContainsAny(host, ".:") && host != "localhost" || !strings.Contains(line, "/") {
		line = s.wire.Context.Host + "/" + line
	}
	return ref.ParseRepository(line)
}

// moves are the images with all their tags; a tag that is given is for one
// image alone.
func (s *Screen) moves(images []*image.Image, to ref.Reference) []plan.Move {
	var out []plan.Move
	for _, img := range images {
		from := ref.Reference{Host: s.wire.Context.Host, Repository: s.wire.Repository, Digest: img.Digest}
		tags := img.Tags
		if to.Tag != "" && len(images) == 1 {
			tags = []string{to.Tag}
		}
		if len(tags) == 0 {
			tags = []string{""}
		}
		for _, tag := range tags {
			out = append(out, plan.Move{From: from, To: ref.Reference{Host: to.Host, Repository: to.Repository, Tag: tag}})
		}
	}
	return out
}

func (s *Screen) pull() kit.Intent {
	images, unread := s.chosen()
	if unread > 0 {
		return notRead(unread)
	}
	if i := slices.IndexFunc(images, s.archived); i >= 0 {
		return cannotBePulled(images[i])
	}
	what := s.of(images)
	refs := make([]ref.Reference, 0, len(images))
	for _, img := range images {
		r := s.reference(img)
		r.Digest = img.Digest
		refs = append(refs, r)
	}
	check := func(line string) error {
		if line == "" {
			return errNowhere
		}
		return nil
	}
	const hint = "a directory (OCI layout), a FILE.tar, or daemon"
	return kit.Push{Overlay: ask.New(s.com.Look, "pull "+what+" where?", hint, check, func(line string) kit.Intent {
		return kit.Go{Screen: s.wire.Change.Pull(refs, line, "pull "+what+" to "+line)}
	})}
}

// errNowhere says that a pull needs a place.
const errNowhere = placeError("name a directory, a FILE.tar, or daemon")

type placeError string

// Error implements error.
func (e placeError) Error() string { return string(e) }

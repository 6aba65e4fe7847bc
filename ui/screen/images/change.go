package images

import (
	"slices"
	"strings"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/ui/kit"
	"regatta/ui/overlay/ask"
)

// changeBindings lead to plans. None of them changes anything.
func (s *Screen) changeBindings() []kit.Binding {
	out := kit.Bind("images", "Images", []kit.Binding{
		{
			ID: "delete", Keys: kit.Keys{"x"}, Desc: "delete: shows the plan", Short: "delete", Footer: true,
			Dangerous: true, Disabled: s.noChange, Run: kit.Ask(s.delete),
		},
		{
			ID: "retag", Keys: kit.Keys{"t"}, Desc: "point tags at this image", Short: "retag", Footer: true,
			Dangerous: true, Disabled: s.noChange, Run: kit.Ask(s.retag),
		},
		{
			ID: "untag", Keys: kit.Keys{"d"}, Desc: "remove tags only: shows the plan", Short: "untag",
			Footer: true, Dangerous: true, Disabled: s.noChange, Run: kit.Ask(s.untag),
		},
		{
			ID: "rollback", Keys: kit.Keys{"b"}, Desc: "roll tags back: shows what they can go back to",
			Short: "roll back", Footer: true, Dangerous: true, Disabled: s.noChange, Run: kit.Ask(s.rollback),
		},
		{
			ID: "archive", Keys: kit.Keys{"A"}, Desc: "archive, or bring back from the archive: shows the plan",
			Dangerous: true, Disabled: s.noArchive, Run: kit.Ask(s.archive),
		},
	})
	return append(out, s.transferBindings()...)
}

func (s *Screen) noChange() string {
	switch {
	case s.wire.Change == nil:
		return "nothing can be changed here"
	case s.wire.Context.ReadOnly:
		return "this context is read-only"
	case s.current() == nil:
		return "there is no image here"
	}
	return ""
}

// chosen are the marked images, else the one under the cursor. Images of which
// the digest is not known cannot be chosen: a change names what it expects.
func (s *Screen) chosen() (images []*image.Image, unread int) {
	rows := s.List.Table.Marked()
	if len(rows) == 0 {
		rows = append(rows, s.List.Table.Cursor())
	}
	s.List.Table.Touch()
	for _, row := range rows {
		img := s.set.At(s.set.Live(row))
		switch {
		case img == nil:
		case img.Digest == "" || img.State == image.Failed:
			unread++
		default:
			images = append(images, img)
		}
	}
	return images, unread
}

func (s *Screen) of(images []*image.Image) string {
	if len(images) == 1 {
		return images[0].Name() + " of " + s.wire.Repository
	}
	return text.Plural(len(images), "image", "images") + " of " + s.wire.Repository
}

func (s *Screen) delete() kit.Intent {
	images, unread := s.chosen()
	if unread > 0 {
		return notRead(unread)
	}
	digests := make([]ref.Digest, 0, len(images))
	for _, i := range images {
		digests = append(digests, i.Digest)
	}
	return kit.Go{Screen: s.wire.Change.Delete(digests, "delete "+s.of(images))}
}

// untag removes tags of one image by name, or all tags of the marked ones.
func (s *Screen) untag() kit.Intent {
	images, unread := s.chosen()
	if unread > 0 {
		return notRead(unread)
	}
	var tags []string
	for _, i := range images {
		tags = append(tags, i.Tags...)
	}
	if len(tags) == 0 {
		return kit.Toast{Level: kit.Warning, Text: "there is no tag to remove"}
	}
	if len(images) == 1 && len(tags) > 1 {
		return s.askTags("remove which tags of "+images[0].Name()+"?", strings.Join(tags, " "), s.untagPlan, tags)
	}
	return s.untagPlan(tags)
}

func (s *Screen) untagPlan(tags []string) kit.Intent {
	title := "untag " + text.Plural(len(tags), "tag", "tags") + " of " + s.wire.Repository
	if len(tags) == 1 {
		title = "untag " + tags[0] + " of " + s.wire.Repository
	}
	return kit.Go{Screen: s.wire.Change.Untag(tags, title)}
}

func (s *Screen) retag() kit.Intent {
	img := s.current()
	if img.Digest == "" || img.State == image.Failed {
		return notRead(1)
	}
	if s.archived(img) {
		return cannotBePulled(img)
	}
	d, name := img.Digest, img.Name()
	then := func(tags []string) kit.Intent {
		return kit.Go{Screen: s.wire.Change.Retag(d, tags, "point "+strings.Join(tags, " ")+" at "+name)}
	}
	return s.askTags("point which tags at "+name+"?", "one or more, such as prod; "+d.Short(), then, nil)
}

// askTags asks for tags; among, if not nil, are those that there are.
func (s *Screen) askTags(title, hint string, then func([]string) kit.Intent, among []string) kit.Intent {
	check := func(line string) error {
		tags := strings.Fields(line)
		if len(tags) == 0 {
			return ref.CheckTag("")
		}
		for _, t := range tags {
			if err := ref.CheckTag(t); err != nil {
				return err
			}
			if among != nil && !slices.Contains(among, t) {
				return noSuchTagError(t)
			}
		}
		return nil
	}
	return kit.Push{Overlay: ask.New(s.com.Look, title, hint, check, func(line string) kit.Intent {
		return then(strings.Fields(line))
	})}
}

type noSuchTagError string

// Error implements error.
func (e noSuchTagError) Error() string { return "the image has no tag " + string(e) }

func notRead(n int) kit.Intent {
	what := text.Plural(n, "image is", "images are")
	return kit.Toast{Level: kit.Warning, Text: what + " not read yet; wait, or press r"}
}

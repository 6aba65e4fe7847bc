package images

import (
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/ui/kit"
	"regatta/ui/overlay/ask"
)

// changeBindings lead to plans. None of them changes anything.
func (s *Screen) changeBindings() []kit.Binding {
	key := func(id, desc string, run func() kit.Intent, keys string) kit.Binding {
		return kit.Binding{
			ID: "images." + id, Keys: []string{keys}, Desc: desc, Group: "Images", Dangerous: true, Footer: true,
			Disabled: s.noChange, Run: func() (kit.Intent, tea.Cmd) { return run(), nil },
		}
	}
	out := []kit.Binding{
		key("delete", "delete: shows the plan", s.delete, "x"),
		key("retag", "point tags at this image", s.retag, "t"),
		key("untag", "remove tags only: shows the plan", s.untag, "d"),
		key("rollback", "roll tags back: shows what they can go back to", s.rollback, "b"),
	}
	out[3].Short = "roll back"
	out[0].Short, out[1].Short, out[2].Short = "delete", "retag", "untag"
	archive := key("archive", "archive, or bring back from the archive: shows the plan", s.archive, "A")
	archive.Footer, archive.Disabled = false, s.noArchive
	return append(append(out, archive), s.transferBindings()...)
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
	rows := s.list.Table.Marked()
	if len(rows) == 0 {
		rows = append(rows, s.list.Table.Cursor())
	}
	s.list.Table.Touch()
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

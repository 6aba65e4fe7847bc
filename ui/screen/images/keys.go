package images

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/ui/kit"
)

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	key := func(id, desc string, run func() (kit.Intent, tea.Cmd), keys ...string) kit.Binding {
		return kit.Binding{ID: "images." + id, Keys: keys, Desc: desc, Group: "Images", Run: run}
	}
	open := func(raw bool) func() (kit.Intent, tea.Cmd) {
		return kit.Ask(func() kit.Intent { return s.open(raw) })
	}
	own := []kit.Binding{
		key("open", "open", open(false), "enter", "l", "right"),
		key("raw", "raw manifest", open(true), "y"),
		key("copy", "copy reference", kit.Ask(s.copyReference), "c"),
		key("copy-digest", "copy digest", kit.Ask(s.copyDigest), "C"),
		key("copy-pull", "copy the docker pull command", kit.Ask(s.copyPull)),
		key("preview", "preview", kit.Do(s.togglePreview), "p"),
		key("everything", "untagged and companions too", s.toggleEverything, "U"),
		key("per-tag", "a row per tag, or per digest", s.togglePerTag, "E"),
		key("lifecycle", "lifecycle policy: what it would remove, and why", kit.Ask(s.lifecycle), "L"),
		key("cleanup", "cleanup: try rules for what to remove", kit.Ask(s.cleanup), "X"),
		key("usage", "used by: what runs these images", kit.Ask(s.usage), "u"),
		key("refresh", "refresh", func() (kit.Intent, tea.Cmd) { return nil, s.reload(false) }, "r", "ctrl+r"),
		key("refresh-all", "refresh, bypass the cache", func() (kit.Intent, tea.Cmd) { return nil, s.reload(true) }, "R"),
		key("health", "health: broken indexes, signatures and SBOMs whose image is gone", kit.Ask(s.health), "ctrl+z"),
		key("access", "who may pull, push and delete, and how it is set up", kit.Ask(s.access), "w"),
		key("compare", "compare the two marked, or with another image", kit.Ask(s.compare), "="),
		key("files", "files of the image, layer by layer", kit.Ask(func() kit.Intent {
			return kit.Go{Screen: s.wire.Files(s.exactly(s.current()))}
		}), "f"),
		key("storage", "storage: who holds which bytes", kit.Ask(func() kit.Intent {
			return kit.Go{Screen: s.wire.Storage()}
		}), "B"),
	}
	for i := range own[:5] {
		own[i].Disabled = s.noImage
	}
	own[5].Disabled = func() string { return kit.NoRoomForPane(s.width) }
	own[3].Disabled, own[4].Disabled = s.noDigest, s.noDigest
	own[1].Short, own[2].Short = "raw", "copy"
	own[11].Footer = s.err != nil || s.set.Len() == 0
	own[8].Disabled, own[9].Disabled, own[10].Disabled = s.noLifecycle, s.noCleanup, s.noUsage
	own[14].Disabled, own[15].Disabled, own[16].Disabled = s.noAccess, s.noDigest, s.noDigest
	own[0].Footer, own[1].Footer, own[2].Footer, own[5].Footer = true, true, true, true
	all := slices.Concat(own[:1], s.changeBindings(), s.list.Bindings(), own[1:])
	for i := range all {
		all[i].Run = kit.Then(all[i].Run, s.enrich) // a key may bring rows into view
	}
	return all
}

func (s *Screen) noImage() string {
	if s.current() == nil {
		return "there is no image here"
	}
	return ""
}

func (s *Screen) noDigest() string {
	if img := s.current(); img == nil || img.Digest == "" {
		return "the digest is not known yet"
	}
	return ""
}

func (s *Screen) noLifecycle() string {
	if s.wire.Lifecycle == nil {
		return "there is no lifecycle here"
	}
	return ""
}

func (s *Screen) noCleanup() string {
	if s.wire.Cleanup == nil {
		return "there is no cleanup here"
	}
	return ""
}

func (s *Screen) noUsage() string {
	if s.wire.Usage == nil {
		return "nobody can be asked what runs here"
	}
	return ""
}

func (s *Screen) noAccess() string {
	if s.wire.Access == nil {
		return kit.NoPolicies
	}
	return ""
}

func (s *Screen) access() kit.Intent { return kit.Go{Screen: s.wire.Access()} }

func (s *Screen) usage() kit.Intent { return kit.Go{Screen: s.wire.Usage()} }

func (s *Screen) cleanup() kit.Intent { return kit.Go{Screen: s.wire.Cleanup()} }

func (s *Screen) health() kit.Intent { return kit.Go{Screen: s.wire.Health()} }

func (s *Screen) lifecycle() kit.Intent { return kit.Go{Screen: s.wire.Lifecycle()} }

func (s *Screen) open(raw bool) kit.Intent {
	img := s.current()
	if img == nil {
		return nil
	}
	s.list.Table.Touch()
	return kit.Go{Screen: s.wire.Open(*img, raw)}
}

func (s *Screen) reference(img *image.Image) ref.Reference {
	r := ref.Reference{Host: s.wire.Context.Host, Repository: s.wire.Repository}
	if len(img.Tags) > 0 {
		r.Tag = img.Tags[0]
	} else {
		r.Digest = img.Digest
	}
	return r
}

func (s *Screen) copyReference() kit.Intent {
	name := s.reference(s.current()).String()
	return kit.Copy{What: name, Text: name}
}

func (s *Screen) copyDigest() kit.Intent {
	img := s.current()
	return kit.Copy{What: "digest " + img.Digest.Short(), Text: string(img.Digest)}
}

func (s *Screen) copyPull() kit.Intent {
	img := s.current()
	r := ref.Reference{Host: s.wire.Context.Host, Repository: s.wire.Repository, Digest: img.Digest}
	return kit.Copy{What: "the pull command of " + img.Name(), Text: "docker pull " + r.String()}
}

func (s *Screen) togglePreview() {
	s.preview = !s.preview
	s.resize()
}

func (s *Screen) toggleEverything() (kit.Intent, tea.Cmd) {
	s.everything = !s.everything
	return nil, s.list.Reorder()
}

// togglePerTag lists anew in the other way; the cursor stays on its tag.
func (s *Screen) togglePerTag() (kit.Intent, tea.Cmd) {
	if img := s.current(); img != nil && len(img.Tags) > 0 {
		s.wanted = img.Tags[0]
	}
	s.perTag = !s.perTag
	s.set = catalog.NewImages()
	if s.perTag {
		s.set = catalog.NewTags()
	}
	s.listed = false
	s.list.Table.Forget()
	return nil, s.Init()
}

func (s *Screen) selectWanted() {
	if s.wanted == "" {
		return
	}
	if row, ok := s.set.TagRow(s.wanted); ok && s.list.Table.Select(row) {
		s.wanted = ""
	}
}

// Unwind implements kit.Unwinder.
func (s *Screen) Unwind() (bool, tea.Cmd) { return s.list.Unwind() }

func (s *Screen) resize() {
	s.list.Table.SetSize(s.width-kit.PaneWidth(s.width, s.preview), s.height)
}

// Status implements kit.Reporter.
func (s *Screen) Status() kit.Status {
	if img := s.current(); img != nil && img.State == image.Failed {
		return kit.Status{Err: img.Err}
	}
	if s.err != nil {
		return kit.Status{Err: s.err}
	}
	line := s.list.Count() + " images"
	if tags := s.set.Tags(); tags > 0 {
		line += " · " + text.Plural(tags, "tag", "tags")
	}
	line += " · by " + s.list.Ordered()
	if f := s.list.Filter(); f != "" {
		line += " · filter " + f
	}
	if n := s.list.Table.Marks(); n > 0 {
		line += " · " + s.marked(n)
	}
	if caps := s.wire.Capabilities(); caps.CountsReads && caps.PushTimes {
		line += " · reads count as pulls here: rows are only listed"
	} else if caps.CountsReads {
		line += " · reads count as pulls here: visible rows only"
	}
	return kit.Status{Text: line, Busy: s.loading || len(s.inFlight) > 0}
}

// marked says how many images are marked, and how large they are together.
func (s *Screen) marked(n int) string {
	const most = 1000 // the line is drawn at every message
	if n > most {
		return text.Count(n) + " marked"
	}
	var total int64
	unknown := 0
	for _, row := range s.list.Table.Marked() {
		switch img := s.set.At(s.set.Live(row)); {
		case img == nil:
		case sized(img):
			total += img.Size
		default:
			unknown++
		}
	}
	said := text.Count(n) + " marked, "
	switch unknown {
	case 0:
		return said + text.Bytes(total) + " together at most"
	case n:
		return said + "of unknown size"
	}
	return said + text.Bytes(total) + " together at most, and " + text.Count(unknown) + " of unknown size"
}

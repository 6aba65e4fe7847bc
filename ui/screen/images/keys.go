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
	own := s.looking()
	all := slices.Concat(own[:1], s.changeBindings(), s.List.Bindings(), own[1:], s.leading())
	return kit.Afterwards(s.enrich, all) // a key may bring rows into view
}

// looking are the keys of what is shown.
func (s *Screen) looking() []kit.Binding {
	return kit.Bind("images", "Images", []kit.Binding{
		{
			ID: "open", Keys: kit.Keys{"enter", "l", "right"}, Desc: "open", Footer: true, Disabled: s.noImage,
			Run: kit.Ask(func() kit.Intent { return s.open(false) }),
		},
		{
			ID: "raw", Keys: kit.Keys{"y"}, Desc: "raw manifest", Short: "raw", Footer: true, Disabled: s.noImage,
			Run: kit.Ask(func() kit.Intent { return s.open(true) }),
		},
		{
			ID: "copy", Keys: kit.Keys{"c"}, Desc: "copy reference", Short: "copy", Footer: true,
			Disabled: s.noImage, Run: kit.Ask(s.copyReference),
		},
		{
			ID: "copy-digest", Keys: kit.Keys{"C"}, Desc: "copy digest", Disabled: s.noDigest,
			Run: kit.Ask(s.copyDigest),
		},
		{ID: "copy-pull", Desc: "copy the docker pull command", Disabled: s.noDigest, Run: kit.Ask(s.copyPull)},
		{
			ID: "preview", Keys: kit.Keys{"p"}, Desc: "preview", Footer: true,
			Disabled: func() string { return kit.NoRoomForPane(s.Width) }, Run: kit.Do(s.togglePreview),
		},
		{ID: "everything", Keys: kit.Keys{"U"}, Desc: "untagged and companions too", Run: s.toggleEverything},
		{ID: "per-tag", Keys: kit.Keys{"E"}, Desc: "a row per tag, or per digest", Run: s.togglePerTag},
	})
}

// leading are the keys that lead elsewhere, and read anew.
func (s *Screen) leading() []kit.Binding {
	return kit.Bind("images", "Images", []kit.Binding{
		{
			ID: "lifecycle", Keys: kit.Keys{"L"}, Desc: "lifecycle policy: what it would remove, and why",
			Disabled: s.noLifecycle, Run: kit.Ask(s.lifecycle),
		},
		{
			ID: "cleanup", Keys: kit.Keys{"X"}, Desc: "cleanup: try rules for what to remove",
			Disabled: s.noCleanup, Run: kit.Ask(s.cleanup),
		},
		{
			ID: "usage", Keys: kit.Keys{"u"}, Desc: "used by: what runs these images", Disabled: s.noUsage,
			Run: kit.Ask(s.usage),
		},
		{
			ID: "refresh", Keys: kit.Keys{"r", "ctrl+r"}, Desc: "refresh", Footer: s.err != nil || s.set.Len() == 0,
			Run: func() (kit.Intent, tea.Cmd) { return nil, s.reload(false) },
		},
		{
			ID: "refresh-all", Keys: kit.Keys{"R"}, Desc: "refresh, bypass the cache",
			Run: func() (kit.Intent, tea.Cmd) { return nil, s.reload(true) },
		},
		{
			ID: "health", Keys: kit.Keys{"ctrl+z"},
			Desc: "health: broken indexes, signatures and SBOMs whose image is gone", Run: kit.Ask(s.health),
		},
		{
			ID: "access", Keys: kit.Keys{"w"}, Desc: "who may pull, push and delete, and how it is set up",
			Disabled: s.noAccess, Run: kit.Ask(s.access),
		},
		{
			ID: "compare", Keys: kit.Keys{"="}, Desc: "compare the two marked, or with another image",
			Disabled: s.noDigest, Run: kit.Ask(s.compare),
		},
		{
			ID: "files", Keys: kit.Keys{"f"}, Desc: "files of the image, layer by layer", Disabled: s.noDigest,
			Run: kit.Ask(func() kit.Intent {
				return kit.Go{Screen: s.wire.Files(s.exactly(s.current()))}
			}),
		},
		{
			ID: "storage", Keys: kit.Keys{"B"}, Desc: "storage: who holds which bytes",
			Run: kit.Ask(func() kit.Intent {
				return kit.Go{Screen: s.wire.Storage()}
			}),
		},
	})
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
	s.List.Table.Touch()
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
	return nil, s.List.Reorder()
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
	s.List.Table.Forget()
	return nil, s.Init()
}

func (s *Screen) selectWanted() {
	if s.wanted == "" {
		return
	}
	if row, ok := s.set.TagRow(s.wanted); ok && s.List.Table.Select(row) {
		s.wanted = ""
	}
}

func (s *Screen) resize() {
	s.List.Table.SetSize(s.Width-kit.PaneWidth(s.Width, s.preview), s.Height)
}

// Status implements kit.Reporter.
func (s *Screen) Status() kit.Status {
	if img := s.current(); img != nil && img.State == image.Failed {
		return kit.Status{Err: img.Err}
	}
	if s.err != nil {
		return kit.Status{Err: s.err}
	}
	line := s.List.Count() + " images"
	if tags := s.set.Tags(); tags > 0 {
		line += " · " + text.Plural(tags, "tag", "tags")
	}
	line += " · by " + s.List.Ordered()
	if f := s.List.Filter(); f != "" {
		line += " · filter " + f
	}
	if n := s.List.Table.Marks(); n > 0 {
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
	for _, row := range s.List.Table.Marked() {
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

package image

import (
	"slices"

	tea "charm.land/bubbletea/v2"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/ui/component/list"
	"regatta/ui/kit"
	"regatta/ui/overlay/against"
)

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	return slices.Concat(
		s.looking(), s.finding(), s.leading(), s.sorting(), s.moving(), kit.Tabs("image", "Image", s.tabNames(), s.to),
	)
}

// looking are the keys of what is shown.
func (s *Screen) looking() []kit.Binding {
	return kit.Bind("image", "Image", []kit.Binding{
		{ID: "next-tab", Keys: kit.Keys{"tab", "]"}, Desc: "next tab", Footer: true, Run: s.turn(1)},
		{
			ID: "open", Keys: kit.Keys{"enter", "l", "right"}, Desc: "open", Footer: true,
			Disabled: s.nothingToOpen, Run: s.open,
		},
		{
			ID: "platform", Keys: kit.Keys{"o"}, Desc: "next platform", Short: "platform", Footer: true,
			Disabled: s.onePlatform, Run: s.nextPlatform,
		},
		{
			ID: "raw", Keys: kit.Keys{"y"}, Desc: "raw manifest", Short: "raw", Footer: true,
			Run: kit.Do(func() { s.tab = tabRaw }),
		},
		{
			ID: "copy", Keys: kit.Keys{"c"}, Desc: "copy reference", Short: "copy", Footer: true,
			Run: kit.Ask(s.copyReference),
		},
		{
			ID: "copy-digest", Keys: kit.Keys{"C"}, Desc: "copy digest", Short: "digest", Footer: true,
			Disabled: s.noDigest, Run: kit.Ask(s.copyDigest),
		},
	})
}

// finding are the keys that find something in it.
func (s *Screen) finding() []kit.Binding {
	return kit.Bind("image", "Image", []kit.Binding{
		{
			ID: "find", Keys: kit.Keys{"/"}, Desc: "find in the text, filter findings", Short: s.whereFindings("filter"),
			Footer: s.tab == tabFindings, Run: kit.Ask(s.askFind),
		},
		{
			ID: "find-next", Keys: kit.Keys{"n"}, Desc: "find the next",
			Run: kit.Ask(func() kit.Intent { return s.findAgain(1) }),
		},
		{
			ID: "find-previous", Keys: kit.Keys{"N"}, Desc: "find the one before",
			Run: kit.Ask(func() kit.Intent { return s.findAgain(-1) }),
		},
		{ID: "previous-tab", Keys: kit.Keys{"shift+tab", "["}, Desc: "previous tab", Run: s.turn(-1)},
	})
}

// leading are the keys that lead elsewhere.
func (s *Screen) leading() []kit.Binding {
	return kit.Bind("image", "Image", []kit.Binding{
		{
			ID: "usage", Keys: kit.Keys{"u"}, Desc: "used by: what runs this image",
			Run: kit.Ask(func() kit.Intent { return kit.Go{Screen: s.wire.Usage()} }),
		},
		{
			ID: "files", Keys: kit.Keys{"f"}, Desc: "files of the image, layer by layer", Short: "files",
			Footer: true, Disabled: s.noFiles, Run: kit.Ask(s.files),
		},
		{
			ID: "base", Keys: kit.Keys{"B"}, Desc: "base: what the image was built from", Disabled: s.noDigest,
			Run: kit.Ask(s.base),
		},
		{
			ID: "compare", Keys: kit.Keys{"="}, Desc: "compare with another image", Disabled: s.noDigest,
			Run: kit.Ask(s.compare),
		},
	})
}

// sorting are the keys of a table, and of all that was read.
func (s *Screen) sorting() []kit.Binding {
	return kit.Bind("image", "Image", []kit.Binding{
		{
			ID: "sort", Keys: kit.Keys{"s"}, Desc: "sort findings by the next column", Short: s.whereFindings("sort"),
			Footer: s.tab == tabFindings, Disabled: s.noFindings, Run: s.sortFindings,
		},
		{
			ID: "save", Keys: kit.Keys{"ctrl+s"}, Desc: "save findings as CSV", Disabled: s.noFindings,
			Run: s.saveFindings,
		},
		{
			ID: "refresh", Keys: kit.Keys{"r", "R", "ctrl+r"}, Desc: "refresh",
			Run: func() (kit.Intent, tea.Cmd) { return nil, s.reload() },
		},
	})
}

// moving are the keys that move.
func (s *Screen) moving() []kit.Binding {
	return kit.Bind("image", "Image", []kit.Binding{
		{ID: "down", Keys: kit.Keys{"j", "down"}, Desc: "down", Run: kit.Do(func() { s.move(1) })},
		{ID: "up", Keys: kit.Keys{"k", "up"}, Desc: "up", Run: kit.Do(func() { s.move(-1) })},
		{
			ID: "page-down", Keys: kit.Keys{"pgdown", "space", "ctrl+f"}, Desc: "page down",
			Run: kit.Do(func() { s.page(1) }),
		},
		{ID: "page-up", Keys: kit.Keys{"pgup", "ctrl+b"}, Desc: "page up", Run: kit.Do(func() { s.page(-1) })},
		{ID: "top", Keys: kit.Keys{"g", "home"}, Desc: "to the top", Run: kit.Do(func() { s.end(true) })},
		{ID: "bottom", Keys: kit.Keys{"G", "end"}, Desc: "to the end", Run: kit.Do(func() { s.end(false) })},
	})
}

// whereFindings is a short name where the tab is that of findings; else the help's words are
// meant.
func (s *Screen) whereFindings(short string) string {
	if s.tab == tabFindings {
		return short
	}
	return ""
}

// turn goes n tabs on, round and round.
func (s *Screen) turn(n int) func() (kit.Intent, tea.Cmd) {
	return s.to((s.tab + n + s.tabCount()) % s.tabCount())
}

// to turns to a tab, and reads what it shows if nobody has.
func (s *Screen) to(tab int) func() (kit.Intent, tea.Cmd) {
	return func() (kit.Intent, tea.Cmd) {
		s.tab = tab
		return nil, s.loadSupply()
	}
}

func (s *Screen) move(n int) {
	if t := s.tableOf(s.tab); t != nil {
		t.Move(n)
		return
	}
	s.texts[s.tab].Scroll(n)
}

func (s *Screen) page(n int) {
	if t := s.tableOf(s.tab); t != nil {
		t.Page(n)
		return
	}
	s.texts[s.tab].Page(n)
}

func (s *Screen) end(first bool) {
	t := s.tableOf(s.tab)
	switch {
	case t != nil && first:
		t.To(0)
	case t != nil:
		t.To(t.Len() - 1)
	case first:
		s.texts[s.tab].Home()
	default:
		s.texts[s.tab].End()
	}
}

func (s *Screen) mouse(msg tea.MouseMsg) (kit.Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.MouseWheelMsg:
		s.move(list.WheelLines(msg))
	case tea.MouseClickMsg:
		if msg.Y == 0 {
			if tab, ok := s.tabLine().Hit(msg.X, s.width); ok {
				return s.to(tab)()
			}
			return nil, nil
		}
		t := s.tableOf(s.tab)
		if t == nil {
			return nil, nil
		}
		if place, ok := t.PlaceAt(msg.Y - 2 - s.above(s.tab)); ok {
			if place == t.Place() {
				return s.open()
			}
			t.To(place)
		}
	}
	return nil, nil
}

// target is the manifest that the row under the cursor names.
func (s *Screen) target() (image.Descriptor, bool) {
	switch s.tab {
	case tabPlatforms:
		if i := int(s.platforms.Cursor()); i >= 0 {
			return s.root.Children[i], true
		}
	case tabReferrers:
		if l, ok := s.link(); ok {
			return l.node.Descriptor, true
		}
	}
	return image.Descriptor{}, false
}

func (s *Screen) nothingToOpen() string {
	if d, ok := s.target(); !ok || d.Digest == "" {
		return "nothing here to open; platforms and referrers can be"
	}
	return ""
}

func (s *Screen) open() (kit.Intent, tea.Cmd) {
	if l, ok := s.link(); ok && s.wire.Supply != nil {
		return s.openLink(l), nil
	}
	d, ok := s.target()
	if !ok || s.wire.Open == nil {
		return nil, nil
	}
	return kit.Go{Screen: s.wire.Open(ref.Reference{
		Host: s.wire.Reference.Host, Repository: s.wire.Repository, Digest: d.Digest,
	})}, nil
}

func (s *Screen) onePlatform() string {
	if len(image.PlatformChildren(s.root)) < 2 {
		return "there is one platform"
	}
	return ""
}

// nextPlatform looks at the next platform of an index.
func (s *Screen) nextPlatform() (kit.Intent, tea.Cmd) {
	children := image.PlatformChildren(s.root)
	next := children[0]
	for i, d := range children {
		if d.Digest == s.picked {
			next = children[(i+1)%len(children)]
		}
	}
	s.picked = next.Digest
	return kit.Toast{Text: "platform " + next.Platform.String()}, s.loadLeaf()
}

func (s *Screen) noDigest() string {
	if !s.rootOK {
		return "the digest is not known yet"
	}
	return ""
}

// name is the reference as people write it: by tag where there is one.
func (s *Screen) name() string {
	r := s.wire.Reference
	if r.Tag != "" {
		r.Digest = ""
	}
	return r.String()
}

// leafReference names the image of the platform that is looked at.
func (s *Screen) leafReference() ref.Reference {
	r := s.wire.Reference
	r.Digest = s.root.Digest
	if s.leafOK {
		r.Digest = s.leaf.Digest
	}
	return r
}

// base leads to what the platform that is looked at was built from.
func (s *Screen) base() kit.Intent { return kit.Go{Screen: s.wire.Base(s.leafReference())} }

func (s *Screen) files() kit.Intent { return kit.Go{Screen: s.wire.Files(s.leafReference())} }

func (s *Screen) noFiles() string {
	if !s.leafOK || s.leaf.Kind != image.KindImage {
		return "there is no image here whose files could be read"
	}
	return ""
}

// compare asks what to compare the image with: what stands on the screen is the
// second of the two.
func (s *Screen) compare() kit.Intent {
	here := s.wire.Reference
	here.Digest = s.root.Digest
	return against.New(s.com.Look, here, func(here, other ref.Reference) kit.Screen { return s.wire.Compare(other, here) })
}

func (s *Screen) copyReference() kit.Intent {
	name := s.name()
	return kit.Copy{What: name, Text: name}
}

func (s *Screen) copyDigest() kit.Intent {
	d := s.root.Digest
	if t, ok := s.target(); ok {
		d = t.Digest
	}
	return kit.Copy{What: "digest " + d.Short(), Text: string(d)}
}

// tabErr is what keeps the tab from showing all.
func (s *Screen) tabErr() error {
	switch s.tab {
	case tabReferrers:
		return s.chain.err
	case tabRaw, tabPlatforms:
		return nil
	}
	return s.leafErr
}

// Status implements kit.Reporter.
func (s *Screen) Status() kit.Status {
	switch {
	case s.rootErr != nil:
		return kit.Status{Err: s.rootErr}
	case s.tab == tabFindings:
		return s.findingsStatus()
	}
	if err := s.tabErr(); err != nil {
		return kit.Status{Err: err}
	}
	line := s.wire.Reference.Name()
	if s.rootOK {
		line = s.root.Kind.String() + " · " + string(s.root.Digest)
	}
	if t := s.tableOf(s.tab); t == nil {
		if first, last, total := s.texts[s.tab].Position(); last-first+1 < total {
			line += " · line " + text.Count(last) + " of " + text.Count(total)
		}
	}
	return kit.Status{Text: line, Busy: !s.rootOK || s.waiting()}
}

func (s *Screen) waiting() bool {
	leaf := s.root.Kind == image.KindImage || s.root.Kind == image.KindArtifact || s.picked != ""
	return leaf && !s.leafOK && s.leafErr == nil || s.chain.begun && !s.chain.done
}

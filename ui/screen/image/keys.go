package image

import (
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
	key := func(id, desc string, run func() (kit.Intent, tea.Cmd), keys ...string) kit.Binding {
		return kit.Binding{ID: "image." + id, Keys: keys, Desc: desc, Group: "Image", Run: run}
	}
	out := []kit.Binding{
		key("next-tab", "next tab", s.turn(1), "tab", "]"),
		key("open", "open", s.open, "enter", "l", "right"),
		key("platform", "next platform", s.nextPlatform, "o"),
		key("raw", "raw manifest", kit.Do(func() { s.tab = tabRaw }), "y"),
		key("copy", "copy reference", kit.Ask(s.copyReference), "c"),
		key("copy-digest", "copy digest", kit.Ask(s.copyDigest), "C"),
		key("find", "find in the text, filter findings", kit.Ask(s.askFind), "/"),
		key("find-next", "find the next", kit.Ask(func() kit.Intent { return s.findAgain(1) }), "n"),
		key("find-previous", "find the one before", kit.Ask(func() kit.Intent { return s.findAgain(-1) }), "N"),
		key("previous-tab", "previous tab", s.turn(-1), "shift+tab", "["),
		key("usage", "used by: what runs this image",
			kit.Ask(func() kit.Intent { return kit.Go{Screen: s.wire.Usage()} }), "u"),
		key("files", "files of the image, layer by layer", kit.Ask(s.files), "f"),
		key("base", "base: what the image was built from", kit.Ask(s.base), "B"),
		key("compare", "compare with another image", kit.Ask(s.compare), "="),
		key("sort", "sort findings by the next column", s.sortFindings, "s"),
		key("save", "save findings as CSV", s.saveFindings, "ctrl+s"),
		key("refresh", "refresh", func() (kit.Intent, tea.Cmd) { return nil, s.reload() }, "r", "R", "ctrl+r"),
		key("down", "down", kit.Do(func() { s.move(1) }), "j", "down"),
		key("up", "up", kit.Do(func() { s.move(-1) }), "k", "up"),
		key("page-down", "page down", kit.Do(func() { s.page(1) }), "pgdown", "space", "ctrl+f"),
		key("page-up", "page up", kit.Do(func() { s.page(-1) }), "pgup", "ctrl+b"),
		key("top", "to the top", kit.Do(func() { s.end(true) }), "g", "home"),
		key("bottom", "to the end", kit.Do(func() { s.end(false) }), "G", "end"),
	}
	for i := range 6 {
		out[i].Footer = true
	}
	out[2].Short, out[3].Short, out[4].Short, out[5].Short = "platform", "raw", "copy", "digest"
	out[1].Disabled, out[2].Disabled, out[5].Disabled = s.nothingToOpen, s.onePlatform, s.noDigest
	if s.tab == tabFindings {
		out[6].Short, out[6].Footer, out[14].Short, out[14].Footer = "filter", true, "sort", true
	}
	out[11].Disabled, out[12].Disabled, out[13].Disabled = s.noFiles, s.noDigest, s.noDigest
	out[14].Disabled, out[15].Disabled = s.noFindings, s.noFindings
	out[11].Short, out[11].Footer = "files", true
	for i, name := range s.tabNames() {
		out = append(out, key("tab-"+name, name, s.to(i), string(rune('1'+i))))
	}
	return out
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

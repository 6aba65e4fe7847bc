package files

import (
	"strconv"
	"strings"

	"regatta/model/file"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/kit"
)

const footHeight = 3

// headHeight is what is looked at, how much it is, what could not be read, and a
// gap.
func (s *Screen) headHeight() int {
	if s.gaps() == "" {
		return 3
	}
	return 4
}

func (s *Screen) resize() {
	h := max(0, s.height-s.headHeight()-footHeight)
	s.tree.SetSize(s.width, h)
	s.waste.SetSize(s.width, h)
}

// View implements kit.Screen.
func (s *Screen) View(width, height int) string {
	look := s.com.Look
	switch {
	case s.err != nil:
		return look.Message(width, height, kit.Span{Role: theme.Danger, Text: text.Clean(s.err.Error())},
			kit.Span{Role: theme.Text, Text: kit.Advice(s.err)})
	case s.stopped:
		return look.Message(width, height, kit.Span{Role: theme.Text, Text: "Reading the layers was cancelled."},
			kit.Span{Role: theme.Dim, Text: "r reads them again"})
	case !s.ready:
		return look.Message(width, height,
			kit.Span{Role: theme.Dim, Text: strings.TrimSpace("reading the layers … " + s.meter.KB())},
			kit.Span{Role: theme.Dim, Text: "esc cancels"})
	}
	return s.head(width) + "\n" + s.body(width, max(0, height-s.headHeight()-footHeight)) + "\n" + s.foot(width)
}

func (s *Screen) body(width, height int) string {
	look, t := s.com.Look, s.table()
	if t.Len() > 0 {
		return t.Draw(look)
	}
	note := "There are no files."
	switch {
	case s.mode == inFound:
		note = "No path fits " + text.Clean(s.glob)
	case s.layer > 0 && s.loaded.layer(s.layer-1).Err != nil:
		note = "This layer could not be read."
	case s.layer > 0:
		note = "This layer changes no file."
	case !s.loaded.Image.Complete():
		note = "Which files there are is unknown: " + s.unreadLayer() + " could not be read."
	}
	return look.Message(width, height, kit.Span{Role: theme.Text, Text: note})
}

// layer is what is known of a layer, counted from 0.
func (l Loaded) layer(i int) Layer {
	if i < 0 || i >= len(l.Layers) {
		return Layer{}
	}
	return l.Layers[i]
}

func (s *Screen) head(width int) string {
	look := s.com.Look
	out := look.Line(width, s.about()...) + "\n" + look.Line(width, s.sums()...) + "\n"
	if gaps := s.gaps(); gaps != "" {
		out += look.Line(width, kit.Span{Role: theme.Warn, Text: " ! not read: " + gaps}) + "\n"
	}
	return out + look.Line(width)
}

// about is what is looked at.
func (s *Screen) about() []kit.Span {
	n := len(s.loaded.Image.Layers)
	switch {
	case s.mode == inWaste:
		return []kit.Span{
			{Role: theme.Strong, Text: " wasted"}, {Role: theme.Dim, Text: "  removed or stored again by a later layer"},
		}
	case s.layer == 0:
		return []kit.Span{
			{Role: theme.Strong, Text: " all " + text.Plural(n, "layer", "layers")}, {Role: theme.Dim, Text: "  " + s.wire.Name},
		}
	}
	l := s.loaded.layer(s.layer - 1)
	return []kit.Span{
		{Role: theme.Strong, Text: " layer " + strconv.Itoa(s.layer) + " of " + strconv.Itoa(n)},
		{Role: theme.Dim, Text: "  " + l.Digest.Short() + "  "},
		{Role: theme.Text, Text: text.Bytes(l.Size)},
		{Role: theme.Dim, Text: " stored  " + text.Clean(l.By)},
	}
}

// sums is how much it is, and how much of what is stored is of use.
func (s *Screen) sums() []kit.Span {
	im, layer := s.loaded.Image, s.layer
	if s.mode == inWaste {
		layer = 0
	}
	if layer > 0 && s.loaded.layer(layer-1).Err != nil {
		return []kit.Span{{Role: theme.Warn, Text: " what it changes is unknown"}}
	}
	root := s.root(layer)
	least := ""
	if layer == 0 && !im.Complete() {
		least = "≥ "
	}
	out := []kit.Span{{
		Role: theme.Text,
		Text: " " + least + text.Plural(root.Files, "file", "files") + ", " + least + text.Bytes(root.Bytes),
	}}
	switch {
	case layer > 0:
		return append(out, s.counts[s.layer-1].spans()...)
	case least != "" && im.Wasted == 0:
		return append(out, kit.Span{Role: theme.Warn, Text: "  wasted: unknown"})
	case least != "":
		return append(out, kit.Span{Role: theme.Warn, Text: "  " + least + text.Bytes(im.Wasted) + " wasted"})
	case im.Wasted == 0:
		return append(out, kit.Span{Role: theme.Dim, Text: "  no wasted space"})
	}
	const room = 16
	used := bar.Share(im.Stored-im.Wasted, im.Stored)
	return append(out, kit.Span{Role: theme.Warn, Text: "  " + text.Bytes(im.Wasted) + " wasted  "},
		kit.Span{Role: theme.Accent, Text: bar.Of(room, used)},
		kit.Span{Role: theme.Dim, Text: " " + strconv.FormatFloat(100*used, 'f', 1, 64) + " % of " +
			text.Bytes(im.Stored) + " of use"})
}

func (c *counts) spans() []kit.Span {
	out := []kit.Span{
		{Role: theme.OK, Text: "  +" + text.Count(c.added)},
		{Role: theme.Warn, Text: "  ~" + text.Count(c.changed)},
		{Role: theme.Danger, Text: "  -" + text.Count(c.removed)},
	}
	if c.unclear > 0 {
		out = append(out, kit.Span{Role: theme.Warn, Text: "  ?" + text.Count(c.unclear)})
	}
	return out
}

// unreadLayer is the highest layer that could not be read: what lies in and below it
// is unknown.
func (s *Screen) unreadLayer() string {
	all := s.loaded.Image.Unread
	return "layer " + layerNumber(all[len(all)-1])
}

// gaps names the layers that could not be read.
func (s *Screen) gaps() string {
	var out []string
	for i, l := range s.loaded.Layers {
		if l.Err != nil {
			out = append(out, "layer "+strconv.Itoa(i+1)+": "+kit.Sentence(l.Err))
		}
	}
	return strings.Join(out, " · ")
}

// foot is what is under the cursor in full.
func (s *Screen) foot(width int) string {
	n := s.current()
	if n == nil {
		return s.com.Look.Footnote(width, footHeight)
	}
	e := n.Entry
	said := e.Perm() + "  " + strconv.Itoa(e.UID) + ":" + strconv.Itoa(e.GID)
	if n.Partial() {
		said += "  ≥ " + text.Plural(n.Files, "file", "files") + ", ≥ " + text.Bytes(n.Bytes)
	} else if n.IsDir() {
		said += "  " + text.Plural(n.Files, "file", "files") + ", " + text.Bytes(n.Bytes)
	} else if n.Inode != nil {
		said += "  " + text.ExactBytes(n.Inode.Size)
	}
	if n.Layer >= 0 {
		said += "  " + text.Stamp(e.Time()) + " UTC  layer " + layerNumber(n.Layer)
	} else if n.Unknown() {
		said = "taken away; what it was is unknown: " + s.unreadLayer() + " could not be read"
	} else if n.Partial() {
		said = ""
	} else {
		said = "no layer has it as a member: it is there for what is in it"
	}
	if n.Partial() {
		said += "  the rest is unknown: " + s.unreadLayer() + " was not read"
	}
	said = strings.TrimSpace(said)
	if e.Odd {
		said += "  its name leads outside"
	}
	return s.com.Look.Footnote(width, footHeight,
		kit.Span{Role: theme.Text, Text: kit.Fit("/"+e.Name()+tail(n), width-2)}, kit.Span{Role: roleOf(n), Text: said})
}

func roleOf(n *file.Node) theme.Role {
	if n.Entry.Odd {
		return theme.Warn
	}
	return theme.Dim
}

// Status implements kit.Reporter.
func (s *Screen) Status() kit.Status {
	switch {
	case s.err != nil:
		return kit.Status{Err: s.err}
	case s.saving != nil:
		return kit.Status{Text: strings.TrimSpace("saving "+s.saved+" … "+s.saving.KB()) + " · esc cancels", Busy: true}
	case !s.ready:
		return kit.Status{Text: "files of " + s.wire.Name, Busy: !s.stopped}
	}
	order := " · by name"
	if s.bySize {
		order = " · by size"
	}
	switch rows := text.Count(s.table().Len()); s.mode {
	case inWaste:
		return kit.Status{Text: rows + " paths · most first · esc goes back"}
	case inFound:
		return kit.Status{Text: rows + " fit " + text.Clean(s.glob) + order + " · esc goes back to the tree"}
	case inTree:
		return kit.Status{Text: rows + " shown" + order}
	}
	return kit.Status{}
}

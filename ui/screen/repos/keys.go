package repos

import (
	"context"
	"strings"

	tea "charm.land/bubbletea/v2"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/kit"
	"regatta/ui/overlay/ask"
)

// Bindings implements kit.Screen.
func (s *Screen) Bindings() []kit.Binding {
	own := kit.Bind("repos", "Repositories", []kit.Binding{
		{
			ID: "open", Keys: kit.Keys{"enter", "l", "right"}, Desc: "open", Footer: true, Disabled: s.noRow,
			Run: kit.Ask(s.open),
		},
		{ID: "pin", Keys: kit.Keys{"f"}, Desc: "pin", Footer: true, Disabled: s.noRow, Run: s.pin},
		{
			ID: "measure", Keys: kit.Keys{"i"}, Desc: "measure: read all images", Short: "measure", Footer: true,
			Disabled: s.noRow, Run: s.measure,
		},
		{ID: "tree", Keys: kit.Keys{"T"}, Desc: "as a tree", Run: kit.Do(func() { s.tree = !s.tree })},
		{
			ID: "preview", Keys: kit.Keys{"p"}, Desc: "preview", Footer: true,
			Disabled: func() string { return kit.NoRoomForPane(s.Width) }, Run: kit.Do(s.togglePreview),
		},
		{
			ID: "refresh", Keys: kit.Keys{"r", "R", "ctrl+r"}, Desc: "refresh",
			Footer: s.err != nil || s.set.Len() == 0, Run: func() (kit.Intent, tea.Cmd) { return nil, s.reload() },
		},
		{ID: "copy", Keys: kit.Keys{"c"}, Desc: "copy the name", Disabled: s.noRow, Run: kit.Ask(s.copyName)},
		{
			ID: "health", Keys: kit.Keys{"ctrl+z"},
			Desc: "health: broken indexes, signatures and SBOMs whose image is gone", Disabled: s.noRow,
			Run: kit.Ask(s.health),
		},
		{
			ID: "usage", Keys: kit.Keys{"u"}, Desc: "used by: what runs its images", Disabled: s.noRow,
			Run: kit.Ask(s.usage),
		},
		{
			ID: "access", Keys: kit.Keys{"w"}, Desc: "who may pull, push and delete, and how it is set up",
			Disabled: s.noAccess, Run: kit.Ask(s.access),
		},
		{
			ID: "lifecycle", Keys: kit.Keys{"L"},
			Desc: "lifecycle policies: what they would remove, of all that are marked", Disabled: s.noRow,
			Run: kit.Ask(s.lifecycle),
		},
		{
			ID: "rollback", Keys: kit.Keys{"b"}, Desc: "roll back one tag of each that is marked: shows what to",
			Disabled: s.noRollback, Run: kit.Ask(s.rollback),
		},
	})
	return kit.Afterwards(s.enrich, append(own, s.List.Bindings()...)) // a key may bring rows into view
}

func (s *Screen) noAccess() string {
	if s.wire.Access == nil {
		return kit.NoPolicies
	}
	return s.noRow()
}

func (s *Screen) noRow() string {
	if s.current() == nil {
		return "there is no repository here"
	}
	return ""
}

func (s *Screen) noRollback() string {
	if s.wire.Registry.ReadOnly {
		return "this context is read-only"
	}
	return s.noRow()
}

// rollback asks which tag goes back.
func (s *Screen) rollback() kit.Intent {
	all := s.chosen()
	return kit.Push{Overlay: ask.New(s.com.Look, "roll back which tag?", "of "+strings.Join(all, ", "), ref.CheckTag,
		func(tag string) kit.Intent { return kit.Go{Screen: s.wire.Rollback(all, tag)} })}
}

func (s *Screen) access() kit.Intent { return kit.Go{Screen: s.wire.Access(s.current().Name)} }

func (s *Screen) usage() kit.Intent { return kit.Go{Screen: s.wire.Usage(s.current().Name)} }

func (s *Screen) open() kit.Intent {
	if r := s.current(); r != nil {
		return kit.Go{Screen: s.wire.Open(r.Name)}
	}
	return nil
}

func (s *Screen) health() kit.Intent { return kit.Go{Screen: s.wire.Health(s.current().Name)} }

func (s *Screen) copyName() kit.Intent {
	name := s.wire.Registry.Host + "/" + s.current().Name
	return kit.Copy{What: name, Text: name}
}

func (s *Screen) pin() (kit.Intent, tea.Cmd) {
	r := *s.current()
	if s.wire.Pins == nil {
		return nil, nil
	}
	s.List.Table.Touch()
	s.set.Change(r.Name, func(r *image.Repository) { r.Pinned = !r.Pinned })
	verb := "pinned "
	if r.Pinned {
		verb = "unpinned "
	}
	pins := s.wire.Pins
	keep := s.lane.Go(func(context.Context) tea.Msg { return pinnedMsg{pins.SetPin(r.Name, !r.Pinned)} })
	return kit.Toast{Level: kit.Success, Text: verb + r.Name}, tea.Batch(keep, s.List.Reorder())
}

// measure reads all images of the marked repositories, or of the current one.
func (s *Screen) measure() (kit.Intent, tea.Cmd) {
	var cmds []tea.Cmd
	for _, name := range s.chosen() {
		if !s.inFlight[name] {
			s.measured[name] = true
			cmds = append(cmds, s.detail(name, s.wire.Source.SurveyRepository))
		}
	}
	what := text.Plural(len(cmds), "repository", "repositories")
	return kit.Toast{Text: "reading all images of " + what}, tea.Batch(cmds...)
}

// chosen are the marked repositories, or the current one.
func (s *Screen) chosen() []string {
	rows := s.List.Table.Marked()
	if len(rows) == 0 {
		rows = append(rows, s.List.Table.Cursor())
	}
	var out []string
	for _, row := range rows {
		if r := s.set.At(row); r != nil {
			out = append(out, r.Name)
		}
	}
	return out
}

func (s *Screen) lifecycle() kit.Intent { return kit.Go{Screen: s.wire.Lifecycle(s.chosen())} }

func (s *Screen) togglePreview() {
	s.preview = !s.preview
	s.resize()
}

func (s *Screen) resize() { s.List.Table.SetSize(s.Width-s.paneWidth(), s.Height) }

func (s *Screen) paneWidth() int { return kit.PaneWidth(s.Width, s.preview) }

// pane tells the current repository's details.
func (s *Screen) pane(width, height int) string {
	r := s.current()
	if r == nil {
		return kit.Block(nil, width, height)
	}
	p := kit.NewPane(s.com.Look, width)
	p.Title(r.Name)
	p.Field("host", s.wire.Registry.Host)
	p.Field("tags", countOrUnknown(r.Tags, r.More))
	p.Field("images", countOrUnknown(r.Images, false))
	if r.Size >= 0 {
		p.Field("size", text.Bytes(r.Size)+" ("+text.ExactBytes(r.Size)+")")
	}
	if m, ok := s.wire.Registry.Price.Month(r.Stored); ok {
		p.Field("stored", stored(r.Stored))
		p.Field("a month", m.String())
		p.Gap()
		p.Text(theme.Dim, "by "+s.wire.Registry.Price.From)
	}
	p.Field("newest", text.Stamp(r.LastPush))
	p.Gap()
	if r.State == image.Failed && r.Err != nil {
		p.Text(theme.Danger, r.Err.Error())
		p.Text(theme.Text, kit.Advice(r.Err))
	} else if r.Size < 0 {
		p.Text(theme.Dim, "Size and age are not known until the images are read: press i.")
	}
	return p.Draw(height)
}

func countOrUnknown(n int, more bool) string {
	switch {
	case n < 0:
		return "unknown"
	case more:
		return "more than " + text.Count(n)
	}
	return text.Count(n)
}

// Status implements kit.Reporter.
func (s *Screen) Status() kit.Status {
	if r := s.current(); r != nil && r.State == image.Failed {
		return kit.Status{Err: r.Err}
	}
	if s.refused() && s.set.Len() > 0 {
		return kit.Status{Text: "no catalog (" + kit.KindText(s.err) + "): pinned repositories only; : opens any by name"}
	}
	if s.err != nil {
		return kit.Status{Err: s.err}
	}
	line := s.List.Count() + " repositories"
	if f := s.List.Filter(); f != "" {
		line += " · filter " + f
	}
	if n := s.List.Table.Marks(); n > 0 {
		line += " · " + text.Count(n) + " marked"
	}
	return kit.Status{Text: line + s.month(), Busy: s.loading || len(s.inFlight) > 0}
}

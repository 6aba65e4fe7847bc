// Package tui connects the screens of the terminal UI with what regatta does: it turns what
// a screen asks for into a call of the application, and nothing else. It imports app, ui,
// model and registry, and no command line.
package tui

import (
	"context"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"runtime/debug"
	"sync"

	tea "charm.land/bubbletea/v2"

	"regatta/cmd/app"
	"regatta/cmd/tui/desk"
	"regatta/cmd/tui/keys"
	"regatta/model/catalog"
	"regatta/model/fault"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/ui"
	"regatta/ui/kit"
)

// Run opens the terminal UI on what target names, or on the contexts.
func Run(ctx context.Context, s *app.App, in io.Reader, out io.Writer, target *ref.Reference) error {
	if err := keys.Check(s.Config); err != nil {
		return err
	}
	// A list of 100,000 images is 50 MB; collecting at a quarter more, not at
	// twice, keeps the whole program below 150 MB for some percent of a core.
	debug.SetGCPercent(25)
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	b := desk.NewBoard(ctx, s)
	go b.LookBack()
	opened := New(ctx, s, b, target)
	defer b.Wait()
	defer cancel()
	_, err := tea.NewProgram(opened, tea.WithContext(ctx), tea.WithInput(in), tea.WithOutput(out)).Run()
	if errors.Is(err, tea.ErrProgramKilled) && ctx.Err() != nil || errors.Is(err, tea.ErrInterrupted) {
		return nil
	}
	if err != nil {
		return fmt.Errorf("run the terminal UI: %w", err)
	}
	return nil
}

// New is the terminal UI on what target names, or on the contexts. It ends with ctx, and the
// changes that it has begun with the board.
func New(ctx context.Context, s *app.App, b *desk.Board, target *ref.Reference) *ui.App {
	w := &desk.Desk{App: s, Board: b, Common: kit.Common{
		Ctx: ctx, Look: &kit.Look{ASCII: s.Config.Icons == "ascii"}, Now: s.Now,
		ReadOnly: s.Config.ReadOnly || s.Flags.ReadOnly, Preview: s.Config.Preview, Prefetch: s.Config.Prefetch,
		Save: func(ctx context.Context, name string, rows [][]string) (string, error) {
			return saveTable(ctx, s, name, rows)
		},
	}}
	known := sync.OnceValue(s.Contexts)
	w.Open = func(r ref.Reference) kit.Screen { return targetScreen(w, r) }
	w.Image = func(c catalog.Context, b registry.Backend, r ref.Reference, tags []string, raw bool) kit.Screen {
		return imageScreen(w, c, b, r, tags, raw)
	}
	var first kit.Screen
	if target != nil {
		first = targetScreen(w, *target)
	} else {
		first = contextsScreen(w)
	}
	return ui.New(ui.Options{
		Common: w.Common, Keymap: kit.Keymap(s.Config.Keys), Mouse: s.Config.Mouse, Theme: s.Config.Theme,
		Gauge:    func() kit.Gauge { return gaugeOf(w) },
		Requests: func(com kit.Common) kit.Screen { return requestsScreen(w, com) },
		Open:     func(typed, host string) []kit.Candidate { return candidates(w, known(), typed, host) },
		Journal:  func(com kit.Common) kit.Screen { return desk.Journal(w, com) },
		UndoLast: func(kit.Common) kit.Screen { return desk.UndoLast(w) },
	}, first)
}

// saveTable writes a table as CSV into the working directory. It never
// overwrites a file.
func saveTable(_ context.Context, s *app.App, name string, rows [][]string) (string, error) {
	stamp := s.Now().UTC().Format("20060102-150405")
	name = filepath.Base("regatta-" + name + "-" + stamp)
	path := filepath.Join(s.Dir, name+".csv")
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // a name of our own making
	for i := 2; errors.Is(err, fs.ErrExist); i++ {
		path = filepath.Join(s.Dir, fmt.Sprintf("%s-%d.csv", name, i))
		f, err = os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600) //nolint:gosec // a name of our own making
	}
	if err != nil {
		return "", &fault.Error{Op: "save table to", Object: path, Err: err}
	}
	w := csv.NewWriter(f)
	err = errors.Join(w.WriteAll(rows), f.Close())
	if err != nil {
		return "", &fault.Error{Op: "save table to", Object: path, Err: err}
	}
	return path, nil
}

// Package keys knows the bindings of all screens: it checks those of the config, and writes the
// page about them. It imports ui.
package keys

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"regatta/cmd/config"
	"regatta/model/file"
	"regatta/model/image"
	model "regatta/model/storage"
	"regatta/theme"
	"regatta/ui"
	"regatta/ui/kit"
	"regatta/ui/screen/access"
	"regatta/ui/screen/base"
	"regatta/ui/screen/cleanup"
	"regatta/ui/screen/compare"
	"regatta/ui/screen/contexts"
	"regatta/ui/screen/files"
	"regatta/ui/screen/health"
	imagescreen "regatta/ui/screen/image"
	"regatta/ui/screen/images"
	"regatta/ui/screen/journal"
	"regatta/ui/screen/lifecycle"
	"regatta/ui/screen/repos"
	"regatta/ui/screen/requests"
	"regatta/ui/screen/review"
	"regatta/ui/screen/rollback"
	"regatta/ui/screen/storage"
	"regatta/ui/screen/supply"
	"regatta/ui/screen/usage"
)

// Set is the bindings of one screen, those that work everywhere included.
type Set struct {
	Screen   string
	Bindings []kit.Binding
}

// Sets asks every screen for its bindings. The screens are not connected to
// anything: bindings are there before a registry is.
func Sets() []Set {
	com := kit.Common{Look: &kit.Look{Styles: &theme.Styles{}}, Ctx: context.Background()}
	screens := []struct {
		name   string
		screen kit.Screen
	}{
		{"Contexts", contexts.New(com, contexts.Wiring{})},
		{"Repositories", repos.New(com, repos.Wiring{})},
		{"Images", images.New(com, images.Wiring{Capabilities: func() image.Capabilities { return image.Capabilities{} }})},
		{"Cleanup", cleanup.New(com, cleanup.Wiring{})},
		{"Lifecycle", lifecycle.New(com, lifecycle.Wiring{})},
		{"Image", imagescreen.New(com, imagescreen.Wiring{})},
		{"Files", files.New(com, files.Wiring{})},
		{"File", files.NewHead(com, files.Wiring{}, &file.Node{})},
		{"Storage", storage.New(com, storage.Wiring{})},
		{"Layers", storage.NewLayers(com, storage.Wiring{}, model.Picture{}, nil)},
		{"Packages", supply.NewPackages(com, supply.PackagesWiring{})},
		{"Document", supply.NewDocument(com, supply.DocumentWiring{})},
		{"Base image", base.New(com, base.Wiring{})},
		{"Compare", compare.New(com, compare.Wiring{})},
		{"Used by", usage.New(com, usage.Wiring{})},
		{"Access", access.New(com, access.Wiring{})},
		{"Health", health.New(com, health.Wiring{})},
		{"Rollback", rollback.New(com, rollback.Wiring{})},
		{"What a tag pointed to", rollback.NewPast(com, rollback.Wiring{}, rollback.Loaded{})},
		{"Rollback of several tags", rollback.NewSeveral(com, rollback.SeveralWiring{})},
		{"After a rollback", rollback.NewAfter(com, rollback.AfterWiring{})},
		{"Plan", review.New(com, review.Wiring{})},
		{"Journal", journal.New(com, journal.Wiring{})},
		{"Steps of a run", journal.NewSteps(com, nil, nil, journal.Entry{})},
		{"Request log", requests.New(com, nil)},
	}
	out := make([]Set, 0, len(screens)+1)
	for _, s := range screens {
		out = append(out, Set{s.name, s.screen.Bindings()})
		s.screen.Close()
	}
	return append(out, Set{"Everywhere", ui.Bindings()})
}

// Check validates the keys of the config: known actions, keys that exist,
// and no key with two meanings on one screen.
func Check(c *config.Config) error {
	sets := Sets()
	return c.Validate(actions(sets), func(action string, keys []string) string {
		for _, k := range keys {
			if !kit.IsKey(k) {
				return fmt.Sprintf("there is no key %q; write x, X, f1, enter, ctrl+x or alt+x", k)
			}
		}
		return conflict(sets, kit.Keymap(c.Keys), action)
	})
}

func actions(sets []Set) []string {
	var out []string
	for _, s := range sets {
		for _, b := range s.Bindings {
			out = append(out, b.ID)
		}
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// conflict is which other action on the same screen has one of action's keys.
func conflict(sets []Set, keymap kit.Keymap, action string) string {
	everywhere := sets[len(sets)-1].Bindings
	for _, s := range sets {
		all := s.Bindings
		if s.Screen != "Everywhere" {
			all = append(slices.Clone(all), everywhere...)
		}
		all = keymap.Apply(all, false)
		i := slices.IndexFunc(all, func(b kit.Binding) bool { return b.ID == action })
		if i < 0 {
			continue
		}
		for _, b := range all {
			if b.ID != action && overlaps(b.Keys, all[i].Keys) {
				return fmt.Sprintf("%s is the key of %s too, on the screen %s",
					strings.Join(all[i].Keys, ", "), b.ID, strings.ToLower(s.Screen))
			}
		}
	}
	return ""
}

func overlaps(a, b []string) bool {
	return slices.ContainsFunc(a, func(k string) bool { return slices.Contains(b, k) })
}

// Page is docs/keys.md.
func Page() string {
	var b strings.Builder
	b.WriteString("# Keys\n\nGenerated from the bindings themselves: `make docs`. " +
		"Any of them can be changed in the config by the name in the last column.\n")
	for _, s := range Sets() {
		fmt.Fprintf(&b, "\n## %s\n\n| key | does | name |\n|---|---|---|\n", s.Screen)
		for _, bind := range s.Bindings {
			keys := "`:` only"
			if len(bind.Keys) > 0 {
				keys = "`" + strings.Join(bind.Keys, "` `") + "`"
			}
			fmt.Fprintf(&b, "| %s | %s | %s |\n", keys, bind.Desc, bind.ID)
		}
	}
	return b.String()
}

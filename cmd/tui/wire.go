package tui

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"regatta/cmd/app"
	"regatta/cmd/tui/contents"
	"regatta/cmd/tui/desk"
	"regatta/cmd/tui/retention"
	"regatta/cmd/tui/rollback"
	"regatta/cmd/tui/users"
	"regatta/model/catalog"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/contexts"
	imagescreen "regatta/ui/screen/image"
	"regatta/ui/screen/images"
	"regatta/ui/screen/repos"
	"regatta/ui/screen/requests"
)

func contextsScreen(w *desk.Desk) kit.Screen {
	return contexts.New(w.Common, contexts.Wiring{
		Contexts: w.App.Contexts(), Prober: w.App,
		Open: func(c catalog.Context) kit.Screen { return reposScreen(w, c) },
	})
}

func reposScreen(w *desk.Desk, c catalog.Context) kit.Screen {
	w.App.Choose(c)
	b, err := w.App.Open(c.Host)
	if err != nil {
		return kit.NewBroken(w.Common, c.Host, err)
	}
	return repos.New(w.Common, repos.Wiring{
		Registry: repos.Registry{
			Context: c, CheapReads: func() bool { return b.Capabilities().CheapReads }, Price: w.App.PriceOf(c.Host),
		},
		Source: b,
		Pins:   pins{w.App, c.Host},
		Open:   func(repository string) kit.Screen { return imagesScreen(w, c, b, repository) },
		Health: func(repository string) kit.Screen { return retention.Health(w, c, b, repository) },
		Usage:  func(repository string) kit.Screen { return users.Usage(w, c, b, repository) },
		Access: users.Access(w, c, b),

		Rollback:  rollback.OfRepositories(w, c, b),
		Lifecycle: func(repositories []string) kit.Screen { return retention.Policies(w, c, b, repositories) },
	})
}

func imagesScreen(w *desk.Desk, c catalog.Context, b registry.Backend, repository string) kit.Screen {
	changes := desk.Changes(w, c, b, repository)
	changes.Rollback = rollback.OfTags(w, c, b, repository)
	return images.New(w.Common, images.Wiring{
		Context: c, Repository: repository, Capabilities: b.Capabilities, Source: b, Referrers: b,
		Change:    changes,
		Lifecycle: func() kit.Screen { return retention.Lifecycle(w, c, b, repository, "") },
		Cleanup:   func() kit.Screen { return retention.Cleanup(w, c, b, repository) },
		Health:    func() kit.Screen { return retention.Health(w, c, b, repository) },
		Usage:     func() kit.Screen { return users.Usage(w, c, b, repository) },
		Access:    users.Of(repository, users.Access(w, c, b)),
		Compare:   contents.Compare(w, c),
		Storage:   func() kit.Screen { return contents.Storage(w, c, b, repository) },
		Files:     contents.Files(w, c, b),
		Uses:      users.UsesFor(w, c.Host),
		Open: func(img image.Image, raw bool) kit.Screen {
			r := ref.Reference{Host: c.Host, Repository: repository, Digest: img.Digest}
			if len(img.Tags) > 0 {
				r.Tag = img.Tags[0]
			}
			return imageScreen(w, c, b, r, img.Tags, raw)
		},
	})
}

func imageScreen(w *desk.Desk,
	c catalog.Context, b registry.Backend, r ref.Reference, tags []string, raw bool,
) kit.Screen {
	return imagescreen.New(w.Common, imagescreen.Wiring{
		Context: c, Repository: r.Repository, Reference: r, Tags: tags, Raw: raw, Source: b,
		Open:    func(child ref.Reference) kit.Screen { return imageScreen(w, c, b, child, nil, false) },
		Usage:   func() kit.Screen { return users.UsageOfImage(w, c, b, r) },
		Scanner: b.Abilities().Scans, Replicator: b.Abilities().Copies, Compare: contents.Compare(w, c),
		Supply: contents.Supply(w, c, b, r), Base: contents.Base(w, c, b), Files: contents.Files(w, c, b),
	})
}

func requestsScreen(w *desk.Desk, com kit.Common) kit.Screen {
	return requests.New(com, requestLog{w.App})
}

// requestLog is what registries were asked.
type requestLog struct{ app *app.App }

// Requests implements requests.Log.
func (w requestLog) Requests() []requests.Request {
	entries := w.app.Transport().Entries()
	out := make([]requests.Request, 0, len(entries))
	for _, e := range entries {
		path := e.URL
		if u, err := url.Parse(e.URL); err == nil {
			path = u.RequestURI()
		}
		out = append(out, requests.Request{
			ID: e.ID, At: e.Start, Method: e.Method, Host: e.Host, Path: text.Clean(path), Status: e.Status,
			Took: e.Duration, Waited: e.Waited, Bytes: e.BytesIn, Attempt: e.Attempt, Err: text.Clean(e.Err),
		})
	}
	return out
}

// Version implements requests.Log.
func (w requestLog) Version() uint64 { return w.app.Transport().Version() }

// gaugeOf tells what goes on below the screens.
func gaugeOf(w *desk.Desk) kit.Gauge {
	g := kit.Gauge{}
	load := w.App.Transport().Load()
	g.InFlight = load.InFlight
	if until := load.PausedUntil.Sub(w.App.Now()); until > 0 {
		g.Waiting, g.Host = until, load.PausedHost
	}
	if load.BudgetHost != "" {
		g.Budget = fmt.Sprintf("%d/%d reads left", load.Budget.Remaining, load.Budget.Limit)
	}
	working, reason := w.App.Store().Health()
	g.Reason = reason
	if !working {
		g.Notice = "no store"
	}
	g.Warnings = load.Warnings
	g.Runs = w.Board.Gauges()
	g.Unfinished = w.Board.Unfinished()
	return g
}

// candidates are what the palette can open for a typed text: contexts by name, a
// repository or image of the registry that one is in, and anything that reads
// as HOST or HOST/REPOSITORY.
func candidates(w *desk.Desk, known []catalog.Context, typed, host string) []kit.Candidate {
	var out []kit.Candidate
	if len(typed) > 1 && strings.HasPrefix("contexts", strings.TrimPrefix(typed, ":")) || typed == "ctx" {
		out = append(out, kit.Candidate{
			Title: "contexts", Detail: "all registries",
			Intent: func() kit.Intent { return kit.Replace{Screen: contextsScreen(w)} },
		})
	}
	for _, c := range known {
		if typed != "" && strings.Contains(c.Name+" "+c.Host, typed) {
			out = append(out, kit.Candidate{
				Title: c.Name, Detail: "context",
				Intent: func() kit.Intent { return kit.Go{Screen: reposScreen(w, c)} },
			})
		}
	}
	if !strings.ContainsAny(typed, "./:") {
		return out
	}
	return append(out, references(w, typed, host)...)
}

// references are what typed names: in the registry that one is in first. Text
// that starts with a host means that host only.
func references(w *desk.Desk, typed, host string) []kit.Candidate {
	var out []kit.Candidate
	open := func(r ref.Reference, detail string) {
		out = append(out, kit.Candidate{
			Title: "open " + r.String(), Detail: detail,
			Intent: func() kit.Intent { return kit.Go{Screen: targetScreen(w, r)} },
		})
	}
	r, err := ref.ParseTarget(typed)
	here, herr := ref.ParseRepository(host + "/" + typed)
	if host != "" && herr == nil && (err != nil || r.Host == ref.DockerHub) {
		open(here, "this registry")
	}
	switch {
	case err == nil:
		open(r, "registry")
	case len(out) == 0 && strings.Contains(typed, "/"):
		why := err.Error()
		why = why[strings.LastIndex(why, ": ")+1:]
		return []kit.Candidate{{Title: "not a name:" + why, Intent: func() kit.Intent { return nil }}}
	}
	return out
}

// targetScreen is the screen for a reference: a registry, a repository or an image.
func targetScreen(w *desk.Desk, r ref.Reference) kit.Screen {
	c := w.App.ContextOf(r.Host)
	if r.Repository == "" {
		return reposScreen(w, c)
	}
	b, err := w.App.Open(r.Host)
	switch {
	case err != nil:
		return kit.NewBroken(w.Common, r.Host, err)
	case r.Tag == "" && r.Digest == "":
		return imagesScreen(w, c, b, r.Repository)
	}
	return imagescreen.New(w.Common, imagescreen.Wiring{
		Context: c, Repository: r.Repository, Reference: r, Named: true, Source: b,
		Open:    func(child ref.Reference) kit.Screen { return imageScreen(w, c, b, child, nil, false) },
		Usage:   func() kit.Screen { return users.UsageOfImage(w, c, b, r) },
		Scanner: b.Abilities().Scans, Replicator: b.Abilities().Copies, Compare: contents.Compare(w, c),
		Supply: contents.Supply(w, c, b, r), Base: contents.Base(w, c, b), Files: contents.Files(w, c, b),
	})
}

// pins are the repositories of the config and those pinned by the user.
type pins struct {
	app *app.App

	host string
}

// Pins implements repos.Pins.
func (p pins) Pins(ctx context.Context) ([]string, error) {
	own, err := p.app.Store().Pins(ctx, p.host)
	return append(append([]string{}, p.app.RegistryOf(p.host).Pins...), own...), err
}

// SetPin implements repos.Pins.
func (p pins) SetPin(repository string, pinned bool) error {
	return p.app.Store().SetPin(p.host, repository, pinned)
}

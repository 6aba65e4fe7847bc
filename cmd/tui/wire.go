package tui

import (
	"context"
	"fmt"
	"net/url"
	"strings"

	"regatta/cmd/app"
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

// wiring makes screens and connects them with backends.
type wiring struct {
	app *app.App

	com   kit.Common
	board *Board
	known func() []catalog.Context // the contexts as they were at first: the palette asks at every key
}

func (w *wiring) contextsScreen() kit.Screen {
	return contexts.New(w.com, contexts.Wiring{Contexts: w.app.Contexts(), Prober: w.app, Open: w.reposScreen})
}

func (w *wiring) reposScreen(c catalog.Context) kit.Screen {
	w.app.Choose(c)
	b, err := w.app.Open(c.Host)
	if err != nil {
		return kit.NewBroken(w.com, c.Host, err)
	}
	return repos.New(w.com, repos.Wiring{
		Registry: repos.Registry{
			Context: c, CheapReads: func() bool { return b.Capabilities().CheapReads }, Price: w.app.PriceOf(c.Host),
		},
		Source: b,
		Pins:   pins{w.app, c.Host},
		Open:   func(repository string) kit.Screen { return w.imagesScreen(c, b, repository) },
		Health: func(repository string) kit.Screen { return w.healthScreen(c, b, repository) },
		Usage:  func(repository string) kit.Screen { return w.usageScreen(c, b, repository) },
		Access: w.accessScreen(c, b),

		Rollback:  w.rollbackOfRepositories(c, b),
		Lifecycle: func(repositories []string) kit.Screen { return w.policiesScreen(c, b, repositories) },
	})
}

func (w *wiring) imagesScreen(c catalog.Context, b registry.Backend, repository string) kit.Screen {
	return images.New(w.com, images.Wiring{
		Context: c, Repository: repository, Capabilities: b.Capabilities, Source: b, Referrers: b,
		Change:    w.changes(c, b, repository),
		Lifecycle: func() kit.Screen { return w.lifecycleScreen(c, b, repository, "") },
		Cleanup:   func() kit.Screen { return w.cleanupScreen(c, b, repository) },
		Health:    func() kit.Screen { return w.healthScreen(c, b, repository) },
		Usage:     func() kit.Screen { return w.usageScreen(c, b, repository) },
		Access:    of(repository, w.accessScreen(c, b)),
		Compare:   w.compareScreen(c),
		Storage:   func() kit.Screen { return w.storageScreen(c, b, repository) },
		Files:     w.filesScreen(c, b),
		Uses:      w.usesFor(c.Host),
		Open: func(img image.Image, raw bool) kit.Screen {
			r := ref.Reference{Host: c.Host, Repository: repository, Digest: img.Digest}
			if len(img.Tags) > 0 {
				r.Tag = img.Tags[0]
			}
			return w.imageScreen(c, b, r, img.Tags, raw)
		},
	})
}

func (w *wiring) imageScreen(
	c catalog.Context, b registry.Backend, r ref.Reference, tags []string, raw bool,
) kit.Screen {
	return imagescreen.New(w.com, imagescreen.Wiring{
		Context: c, Repository: r.Repository, Reference: r, Tags: tags, Raw: raw, Source: b,
		Open:    func(child ref.Reference) kit.Screen { return w.imageScreen(c, b, child, nil, false) },
		Usage:   func() kit.Screen { return w.usageOfImage(c, b, r) },
		Scanner: app.ScannerOf(b), Replicator: replicatorOf(b), Compare: w.compareScreen(c),
		Supply: supplySource{w, c, b, r}, Base: w.baseScreen(c, b), Files: w.filesScreen(c, b),
	})
}

func (w *wiring) requestsScreen(com kit.Common) kit.Screen { return requests.New(com, w) }

// Requests implements requests.Log.
func (w *wiring) Requests() []requests.Request {
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
func (w *wiring) Version() uint64 { return w.app.Transport().Version() }

// gauge tells what goes on below the screens.
func (w *wiring) gauge() kit.Gauge {
	g := kit.Gauge{}
	load := w.app.Transport().Load()
	g.InFlight = load.InFlight
	if until := load.PausedUntil.Sub(w.app.Now()); until > 0 {
		g.Waiting, g.Host = until, load.PausedHost
	}
	if load.BudgetHost != "" {
		g.Budget = fmt.Sprintf("%d/%d reads left", load.Budget.Remaining, load.Budget.Limit)
	}
	working, reason := w.app.Store().Health()
	g.Reason = reason
	if !working {
		g.Notice = "no store"
	}
	g.Warnings = load.Warnings
	g.Runs = w.board.gauges()
	g.Unfinished = w.board.Unfinished()
	return g
}

// candidates are what the palette can open for a typed text: contexts by name, a
// repository or image of the registry that one is in, and anything that reads
// as HOST or HOST/REPOSITORY.
func (w *wiring) candidates(typed, host string) []kit.Candidate {
	var out []kit.Candidate
	if len(typed) > 1 && strings.HasPrefix("contexts", strings.TrimPrefix(typed, ":")) || typed == "ctx" {
		out = append(out, kit.Candidate{
			Title: "contexts", Detail: "all registries",
			Intent: func() kit.Intent { return kit.Replace{Screen: w.contextsScreen()} },
		})
	}
	for _, c := range w.known() {
		if typed != "" && strings.Contains(c.Name+" "+c.Host, typed) {
			out = append(out, kit.Candidate{
				Title: c.Name, Detail: "context",
				Intent: func() kit.Intent { return kit.Go{Screen: w.reposScreen(c)} },
			})
		}
	}
	if !strings.ContainsAny(typed, "./:") {
		return out
	}
	return append(out, w.references(typed, host)...)
}

// references are what typed names: in the registry that one is in first. Text
// that starts with a host means that host only.
func (w *wiring) references(typed, host string) []kit.Candidate {
	var out []kit.Candidate
	open := func(r ref.Reference, detail string) {
		out = append(out, kit.Candidate{
			Title: "open " + r.String(), Detail: detail,
			Intent: func() kit.Intent { return kit.Go{Screen: w.target(r)} },
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

// target is the screen for a reference: a registry, a repository or an image.
func (w *wiring) target(r ref.Reference) kit.Screen {
	c := w.app.ContextOf(r.Host)
	if r.Repository == "" {
		return w.reposScreen(c)
	}
	b, err := w.app.Open(r.Host)
	switch {
	case err != nil:
		return kit.NewBroken(w.com, r.Host, err)
	case r.Tag == "" && r.Digest == "":
		return w.imagesScreen(c, b, r.Repository)
	}
	return imagescreen.New(w.com, imagescreen.Wiring{
		Context: c, Repository: r.Repository, Reference: r, Named: true, Source: b,
		Open:    func(child ref.Reference) kit.Screen { return w.imageScreen(c, b, child, nil, false) },
		Usage:   func() kit.Screen { return w.usageOfImage(c, b, r) },
		Scanner: app.ScannerOf(b), Replicator: replicatorOf(b), Compare: w.compareScreen(c),
		Supply: supplySource{w, c, b, r}, Base: w.baseScreen(c, b), Files: w.filesScreen(c, b),
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

// Package sandbox is a container registry inside the process: the OCI
// distribution-spec 1.1 over a store that can be seeded with the history of a
// made-up company, and the AWS account that the registry belongs to: the ECR, ECS
// and STS APIs on the same store. It is the offline demo, the fake behind every test, and,
// served over a socket, a registry that real clients use. It may import std
// and its own internal packages; it knows no terminal.
package sandbox

import (
	"net/http"
	"sync"
	"time"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/company"
	"regatta/registry/sandbox/internal/store"
)

// Options say what registry to make.
type Options struct {
	// Now is the clock of pushes, pulls, tokens and rate windows. Required.
	Now func() time.Time
	// Empty leaves the seeded company out.
	Empty bool
	// Auth says who may do what; the zero value lets anyone do anything.
	Auth Auth
	// Quirks are the habits of other registries to take on.
	Quirks Quirks
	// Account is the AWS account that the registry belongs to.
	Account Account
}

// Registry is a registry in memory. It is an http.Handler and safe for
// concurrent use.
type Registry struct {
	now    func() time.Time
	store  *store.Store
	auth   Auth
	tokens tokens
	cloud  cloud

	mu     sync.RWMutex
	quirks Quirks
	faults []*armed
	served []Request
	rate   rate
}

// New makes a registry, ready to serve. Repositories of the seeded company
// are filled when first asked for.
func New(o Options) *Registry {
	if o.Now == nil {
		panic("sandbox: Options.Now is required")
	}
	rg := &Registry{now: o.Now, store: store.New(), auth: o.Auth, quirks: o.Quirks}
	rg.cloud = newCloud(rg.store, o)
	if !o.Empty {
		company.Found(rg.store, rg.cloud.ecs.Pin)
		rg.cloud.ecr.Found(company.Epoch().AddDate(-1, 0, 0))
		rg.cloud.ecs.Found(company.Epoch())
	}
	return rg
}

// Epoch is the instant the seeded company's history ends:
// 2026-11-20T09:00:00Z. Everything seeded is dated before it, so content and
// digests are always the same.
func Epoch() time.Time { return company.Epoch() }

// Close removes the temporary files of large uploads.
func (rg *Registry) Close() error { return rg.store.Close() }

// ServeHTTP serves the registry protocol under /v2/, tokens under /token, and
// the APIs of the AWS account at /.
func (rg *Registry) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	operation := rg.cloud.server.OperationOf(r)
	rec := &recorder{ResponseWriter: w, note: func(status int) { rg.note(r, operation, status) }}
	defer rec.finish()
	rg.faulty(http.HandlerFunc(rg.serve), r).ServeHTTP(rec, r)
}

func (rg *Registry) serve(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Docker-Distribution-Api-Version", "registry/2.0")
	q := rg.currentQuirks()
	if q.Warning != "" {
		w.Header().Add("Warning", `299 - "`+q.Warning+`"`)
	}
	switch {
	case r.URL.Path == "/token", q.PublicECR && r.URL.Path == "/token/":
		rg.serveToken(w, r)
		return
	case aws.Serves(r):
		rg.cloud.server.ServeHTTP(w, r)
		return
	}
	to, ok := parseRoute(r.URL.Path)
	if !ok {
		fail(w, http.StatusNotFound, codeUnsupported, "no such endpoint")
		return
	}
	if !rg.authorized(w, r, to) {
		return
	}
	c := &call{Registry: rg, w: w, r: r, to: to, quirks: q}
	c.dispatch()
}

// PublicKey verifies the signatures of the seeded images, as PEM.
func PublicKey() string { return company.PublicKey() }

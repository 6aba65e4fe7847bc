package cmd

import (
	"context"

	"regatta/model/catalog"
	model "regatta/model/health"
	"regatta/model/ref"
	"regatta/registry"
	"regatta/registry/survey"
	"regatta/ui/kit"
	"regatta/ui/screen/health"
)

// healthScreen looks for what is wrong with a repository, as doctor does.
func (w *wiring) healthScreen(c catalog.Context, b registry.Backend, repository string) kit.Screen {
	r := ref.Reference{Host: c.Host, Repository: repository}
	can := b.Capabilities()
	return health.New(w.com, health.Wiring{
		Context: c, Repository: repository, Counts: can.CountsReads, Untagged: can.Untagged,
		Load: func(ctx context.Context, progress func(total, done int)) (health.Patient, error) {
			p := &patient{ward{ref: r, backend: b}}
			return p, p.read(ctx, progress)
		},
		Open: func(f model.Finding) kit.Screen {
			at := r
			at.Digest = f.Digest
			return w.imageScreen(c, b, at, f.Tags, false)
		},
		Delete: w.changes(c, b, repository).Delete,
	})
}

// patient implements health.Patient.
type patient struct{ ward }

// Findings implements health.Patient.
func (p *patient) Findings() []model.Finding { return model.Examine(p.graph, nil) }

// Blobs implements health.Patient.
func (p *patient) Blobs(
	ctx context.Context, progress func(total, done int),
) (all []model.Finding, unasked int, err error) {
	w := p.ward // each search counts its own failures
	lost, err := w.missingBlobs(ctx, progress)
	return model.Examine(w.graph, lost), w.unasked, err
}

// Read implements health.Patient.
func (p *patient) Read() int { return len(p.graph.Manifests()) }

// Gaps implements health.Patient.
func (p *patient) Gaps() []string {
	var out []string
	for _, g := range p.graph.Gaps() {
		out = append(out, gapName(g)+": "+g.Reason)
	}
	return out
}

// Advice implements health.Patient.
func (p *patient) Advice(f model.Finding) string { return p.adviceOn(f) }

// read reads the repository's manifests, and what they lead to.
func (w *ward) read(ctx context.Context, progress func(total, done int)) (err error) {
	w.graph, err = survey.Graph(ctx, w.backend, w.backend, w.ref.Repository,
		survey.Options{Referrers: true, Subjects: true, Progress: progress})
	return err
}

package run

import (
	"cmp"
	"context"
	"io"

	"regatta/model/image"
	"regatta/model/plan"
)

// copyBlob mounts a blob where that is possible, else it streams it: a registry that
// refuses to mount, whatever it says, may take the bytes.
func (r *Run) copyBlob(ctx context.Context, i int) error {
	s := r.plan.Steps[i]
	repo := s.Reference.Repository
	if s.From.Host == r.plan.Registry && s.From.Repository != repo {
		mounted, err := r.reg.Mount(ctx, repo, s.From.Repository, s.Digest)
		if ended := ctx.Err(); mounted || ended != nil {
			return cmp.Or(err, ended)
		}
	}
	d := image.Descriptor{Digest: s.Digest, Size: s.Size}
	return r.reg.PushBlob(ctx, repo, d, func(ctx context.Context, offset int64) (io.ReadCloser, error) {
		body, err := r.open(ctx, s, d, offset)
		if err != nil {
			return nil, err
		}
		return &counted{ReadCloser: body, at: offset, mark: func(at int64) { r.meter.reached(i, at) }}, nil
	})
}

func (r *Run) open(ctx context.Context, s plan.Step, d image.Descriptor, offset int64) (io.ReadCloser, error) {
	if s.From.Host == "" {
		return r.local.Blob(ctx, d, offset)
	}
	return r.source(s.From.Host).Blob(ctx, s.From.Repository, d, offset)
}

// pull writes an image to the plan's place on this machine.
func (r *Run) pull(ctx context.Context, i int) error {
	return r.local.Save(ctx, r.reg, r.plan.Steps[i].Reference, func(at int64) { r.meter.reached(i, at) })
}

// counted tells how far a blob was read.
type counted struct {
	io.ReadCloser

	at   int64
	mark func(at int64)
}

// Read implements io.Reader.
func (c *counted) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	if c.at += int64(n); n > 0 {
		c.mark(c.at)
	}
	return n, err
}

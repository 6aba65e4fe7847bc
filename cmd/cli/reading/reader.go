package reading

import (
	"context"
	"fmt"
	"io"

	"regatta/cmd/app"
	"regatta/cmd/app/browse"
	"regatta/cmd/cli/output"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry"
)

// Reader is a reader of a repository's images that tells how far it is; with all, also
// where the registry counts many reads.
func Reader(b registry.Backend, r ref.Reference, p *output.Progress, all bool) *browse.Reader {
	t := browse.NewReader(b, r, p.Add)
	t.Sparing = !all
	return t
}

// Costs says what reading costs, or refuses it.
func Costs(ctx context.Context, s output.Streams, t *browse.Reader, r ref.Reference, listed []image.Image) error {
	n, err := t.CheckCost(ctx, listed)
	if err == nil && n > 0 {
		fmt.Fprintf(s.Err, "%s counts reads as pulls: this takes %s or more\n", r.Host, text.Plural(n, "read", "reads"))
	}
	return err
}

// Failed is what could not be read.
func Failed(t *browse.Reader) *output.Failures { return &output.Failures{List: t.Failed} }

// Partly is the error for a reading that stopped on its way.
func Partly(w io.Writer, t *browse.Reader) error {
	_ = Failed(t).Report(w, "read", "images", t.Total)
	code := output.Partly
	if app.IsRefusal(t.Stopped) {
		code = output.Refused
	}
	return output.End(code, fmt.Errorf("read %s of %s images: %w",
		text.Count(t.Got()), text.Count(t.Total), t.Stopped))
}

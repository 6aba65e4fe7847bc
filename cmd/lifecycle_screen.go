package cmd

import (
	"context"

	"regatta/model/catalog"
	model "regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry"
	"regatta/ui/kit"
	"regatta/ui/screen/lifecycle"
)

// lifecycleScreen tries policies on a repository.
func (w *wiring) lifecycleScreen(c catalog.Context, b registry.Backend, repository string) kit.Screen {
	r := ref.Reference{Host: c.Host, Repository: repository}
	return lifecycle.New(w.com, lifecycle.Wiring{
		Context: c, Repository: repository, Counts: b.Capabilities().CountsReads,
		Load: func(ctx context.Context) (lifecycle.Loaded, error) {
			in, err := readRepository(ctx, b, r, func(int, int) {})
			if err != nil {
				return lifecycle.Loaded{}, err
			}
			return lifecycle.Loaded{Images: in.images, Weigh: in.weigh, Notes: in.notes()}, nil
		},
		Open: func(img model.Image) kit.Screen {
			at := r
			at.Digest = img.Digest
			return w.imageScreen(c, b, at, img.Tags, false)
		},
	})
}

// notes say on what verdicts rest, in a few words.
func (in *previewInput) notes() []string {
	var out []string
	if in.made > 0 {
		out = append(out, text.Plural(in.made, "age is", "ages are")+" from when it was made")
	}
	if n := len(in.failed.list); n > 0 {
		out = append(out, text.Plural(n, "image", "images")+" could not be read")
	}
	return out
}

package app

import (
	"cmp"
	"context"
	"slices"
	"strings"

	"regatta/model/catalog"
	"regatta/model/image"
	"regatta/registry"
)

// ListImages lists a whole repository without reading an image. With the error of a
// list that is cut comes what was listed until then.
func ListImages(ctx context.Context, b registry.Backend, repo string) ([]image.Image, error) {
	page, err := b.Images(ctx, repo, "")
	all, omitted := page.Images, page.Omitted
	for err == nil && page.Next != "" {
		page, err = b.Images(ctx, repo, page.Next)
		all, omitted = append(all, page.Images...), omitted+page.Omitted
	}
	return all, cmp.Or(err, image.Omitted(omitted))
}

// ListRepositories reads the whole catalog. With an error comes what there is
// nevertheless: the pinned repositories, or the pages before the error.
func ListRepositories(ctx context.Context, b registry.Backend) ([]image.Repository, error) {
	set := catalog.NewRepositories()
	set.Begin()
	var err error
	omitted := 0
	for cursor, more := "", true; more; more = err == nil && cursor != "" {
		var page image.RepositoryPage
		page, err = b.Repositories(ctx, cursor)
		set.Append(page.Repositories)
		cursor, omitted = page.Next, omitted+page.Omitted
	}
	err = cmp.Or(err, image.Omitted(omitted))
	rows := set.Snapshot()
	out := make([]image.Repository, len(rows))
	for i, r := range rows {
		out[i] = *r
	}
	slices.SortFunc(out, func(x, y image.Repository) int { return strings.Compare(x.Name, y.Name) })
	return out, err
}

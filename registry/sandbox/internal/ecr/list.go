package ecr

import (
	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/store"
)

type listImagesIn struct {
	named
	aws.Paging

	Filter filter `json:"filter"`
}

type listImagesOut struct {
	IDs       []imageID `json:"imageIds"`
	NextToken string    `json:"nextToken,omitempty"`
}

// place is where a list of tags goes on: behind a tag of an image.
type place struct {
	store.Position

	Tag string
}

// listImages has one entry a tag, and one for an image without.
func (a *API) listImages(c *aws.Call, in listImagesIn) (listImagesOut, error) {
	out := listImagesOut{IDs: []imageID{}}
	repo, err := a.repository(c, in.named)
	if err == nil {
		err = in.Filter.check()
	}
	if err != nil {
		return out, err
	}
	n, err := in.Size(100, 1000)
	if err != nil {
		return out, err
	}
	var from place
	if err := in.Place(&from); err != nil {
		return out, err
	}
	entries := a.entries(repo, from, n+1, in.Filter.wants(c.Now))
	if len(entries) > n {
		out.NextToken = aws.Token(entries[n-1].place)
		entries = entries[:n]
	}
	for _, e := range entries {
		out.IDs = append(out.IDs, e.imageID)
	}
	return out, nil
}

type entry struct {
	imageID
	place
}

func (a *API) entries(repo *store.Repository, from place, n int, wants func(store.Listed) bool) []entry {
	var all []entry
	add := func(l store.Listed, after string) {
		for _, tag := range l.Tags {
			if tag > after {
				all = append(all, entry{imageID{l.Digest, tag}, place{l.Position(), tag}})
			}
		}
		if len(l.Tags) == 0 {
			all = append(all, entry{imageID{Digest: l.Digest}, place{Position: l.Position()}})
		}
	}
	if from.Tag != "" { // the rest of the tags of the image where the last page ended
		if m, ok := repo.Manifest(from.Digest); ok {
			if l := (store.Listed{Manifest: m, Tags: repo.TagsOf(m.Digest)}); len(l.Tags) > 0 && wants(l) {
				add(l, from.Tag)
			}
		}
	}
	for _, l := range repo.After(from.Position, n, wants) {
		add(l, "")
	}
	return all[:min(n, len(all))]
}

package browse

import (
	"cmp"
	"io"
	"strings"
	"time"

	"regatta/cmd/cli/output/null"

	"regatta/cmd/cli/output"
	"regatta/model/catalog"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
)

// foldNames makes a set of what was listed.
func foldNames(listed []image.Image) *catalog.Images {
	set := catalog.NewImages()
	set.Begin()
	set.Append(listed)
	return set
}

// newestFirst lists the images by their newest version; those that tie are
// ordered by name, so that the same repository always reads the same.
func newestFirst(set *catalog.Images) []*image.Image {
	snap := set.Snapshot()
	version := snap.Order(catalog.ByVersion, true)
	rows := catalog.View(snap.Rows, nil, func(a, b catalog.Row) int {
		x, y := snap.Rows[a], snap.Rows[b]
		return cmp.Or(version(a, b), cmp.Compare(x.Name(), y.Name()), cmp.Compare(x.Digest, y.Digest))
	})
	out := make([]*image.Image, len(rows))
	for i, r := range rows {
		out[i] = snap.Rows[r]
	}
	return out
}

// TagsJSON is the document of tags.
type TagsJSON struct {
	Repository string      `json:"repository"`
	Complete   bool        `json:"complete"`
	Images     []imageJSON `json:"images"`
}

// Shown is how images are listed.
type Shown struct {
	namesOnly bool
	cut       bool // there are more
	users     usersOf
}

type imageJSON struct {
	Digest       *ref.Digest    `json:"digest"`
	Tags         []string       `json:"tags"`
	MediaType    *string        `json:"mediaType"`
	ArtifactType *string        `json:"artifactType"`
	SizeBytes    *int64         `json:"sizeBytes"`
	CreatedAt    *string        `json:"createdAt"`
	PushedAt     *string        `json:"pushedAt"`
	PulledAt     *string        `json:"pulledAt"`
	Platforms    []PlatformJSON `json:"platforms"`
	StorageClass *string        `json:"storageClass"`
	InUse        []string       `json:"inUse"`
}

// PlatformJSON is what one platform of an image is.
type PlatformJSON struct {
	OS           *string     `json:"os"`
	Architecture *string     `json:"architecture"`
	Variant      *string     `json:"variant"`
	Digest       *ref.Digest `json:"digest"`
	SizeBytes    *int64      `json:"sizeBytes"`
}

// TagsResult is how the images of a repository are printed.
func TagsResult(now time.Time, r ref.Reference, images []*image.Image, how Shown) output.Result {
	doc := TagsJSON{Repository: r.Repository, Complete: !how.cut, Images: []imageJSON{}}
	for _, img := range images {
		if how.namesOnly || img.Digest != "" {
			doc.Images = append(doc.Images, ImageDocument(img, how.users))
		}
	}
	return output.Result{JSON: doc, Text: func(w io.Writer) {
		if how.namesOnly {
			writeNames(w, images)
		} else {
			writeImages(w, now, images, how.users)
		}
	}}
}

// ImageDocument is an image in JSON; users: who runs it, nil if nobody asked.
func ImageDocument(img *image.Image, users usersOf) imageJSON {
	size := img.Size
	if img.State != image.Read {
		size = -1
	}
	return imageJSON{
		Digest: null.Of(img.Digest), Tags: output.List(img.Tags), MediaType: null.Of(img.MediaType),
		ArtifactType: null.Of(img.ArtifactType), SizeBytes: null.Size(size), CreatedAt: null.Time(img.Created),
		PushedAt: null.Time(img.Pushed), PulledAt: null.Time(img.Pulled),
		Platforms: PlatformDocs(img.Platforms), InUse: output.List(users.of(img)),
	}
}

// PlatformDocs are the platforms of an image in JSON.
func PlatformDocs(in []image.PlatformImage) []PlatformJSON {
	out := []PlatformJSON{}
	for _, p := range in {
		out = append(out, PlatformJSON{
			OS: null.Of(p.OS), Architecture: null.Of(p.Architecture), Variant: null.Of(p.Variant),
			Digest: null.Of(p.Digest), SizeBytes: null.Size(p.Size),
		})
	}
	return out
}

func writeNames(w io.Writer, images []*image.Image) {
	g := output.Grid{Header: []string{""}}
	for _, img := range images {
		for _, tag := range img.Tags {
			g.Add(tag)
		}
	}
	g.Write(w)
}

func writeImages(w io.Writer, now time.Time, images []*image.Image, users usersOf) {
	g := output.Grid{Header: []string{"TAGS", "DIGEST", "SIZE", "CREATED", "PLATFORMS"}}
	if users != nil {
		g.Header = append(g.Header, "IN USE")
	}
	for _, img := range images {
		if img.Digest == "" {
			continue
		}
		row := []string{
			tagsCell(img), img.Digest.Short(), text.Bytes(img.Size), text.Age(img.Time(), now), platformsCell(img),
		}
		if users != nil {
			row = append(row, users.cell(img))
		}
		g.Add(row...)
	}
	g.Write(w)
}

func tagsCell(img *image.Image) string {
	if len(img.Tags) == 0 {
		return "<untagged>"
	}
	return strings.Join(img.Tags, ", ")
}

// platformsCell says what the image runs on, or what else it is.
func platformsCell(img *image.Image) string {
	var names []string
	for _, p := range img.Platforms {
		if p.Known() {
			names = append(names, p.String())
		}
	}
	switch {
	case len(names) > 0:
		return strings.Join(names, ", ")
	case img.ArtifactType != "":
		return image.ShortMediaType(img.ArtifactType)
	case img.Kind == image.KindIndex:
		return "index"
	}
	return img.Kind.String()
}

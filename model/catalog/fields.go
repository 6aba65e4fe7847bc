package catalog

import (
	"slices"
	"time"

	"regatta/model/image"
	"regatta/model/query"
)

type each[T any] = func(*T, func(string) bool) bool

// ImageFields are the fields of images that a filter may name.
func ImageFields() *query.Schema[image.Image] {
	return &query.Schema[image.Image]{
		Name: func(i *image.Image, yield func(string) bool) bool {
			return slices.ContainsFunc(i.Tags, yield) || yield(string(i.Digest))
		},
		Text: map[string]each[image.Image]{
			"tag":      func(i *image.Image, yield func(string) bool) bool { return slices.ContainsFunc(i.Tags, yield) },
			"digest":   func(i *image.Image, yield func(string) bool) bool { return yield(string(i.Digest)) },
			"kind":     func(i *image.Image, yield func(string) bool) bool { return yield(i.Kind.String()) },
			"type":     matchType,
			"platform": matchPlatform,
		},
		Size: map[string]func(*image.Image) int64{"size": knownSize},
		Count: map[string]func(*image.Image) int64{
			"tags":      func(i *image.Image) int64 { return int64(len(i.Tags)) },
			"platforms": func(i *image.Image) int64 { return int64(len(i.Platforms)) },
		},
		Age: map[string]func(*image.Image) time.Time{
			"age":    func(i *image.Image) time.Time { return i.Time() },
			"pulled": func(i *image.Image) time.Time { return i.Pulled },
		},
		Is: imageFlags(),
	}
}

func imageFlags() map[string]func(*image.Image) bool {
	return map[string]func(*image.Image) bool{
		"untagged": func(i *image.Image) bool { return len(i.Tags) == 0 },
		"multi":    func(i *image.Image) bool { return len(i.Platforms) > 1 },
		"signed":   func(i *image.Image) bool { return i.Signatures > 0 },
		"sbom":     func(i *image.Image) bool { return i.SBOMs > 0 },
		"attested": func(i *image.Image) bool { return i.Attestations > 0 },
		"failed":   func(i *image.Image) bool { return i.State == image.Failed },
		"read":     func(i *image.Image) bool { return i.State == image.Read || i.State == image.Cached },
		"broken":   isBroken,
	}
}

// isBroken tells an index of which a platform is missing.
func isBroken(i *image.Image) bool {
	return slices.ContainsFunc(i.Platforms, func(p image.PlatformImage) bool { return p.Size < 0 })
}

func matchPlatform(i *image.Image, yield func(string) bool) bool {
	return slices.ContainsFunc(i.Platforms, func(p image.PlatformImage) bool { return yield(p.String()) })
}

func matchType(i *image.Image, yield func(string) bool) bool {
	return yield(i.ArtifactType) || yield(i.MediaType)
}

func knownSize(i *image.Image) int64 {
	if i.State == image.Unread || i.State == image.Failed {
		return -1
	}
	return i.Size
}

// RepositoryFields are the fields of repositories that a filter may name.
func RepositoryFields() *query.Schema[image.Repository] {
	return &query.Schema[image.Repository]{
		Name:  func(r *image.Repository, yield func(string) bool) bool { return yield(r.Name) },
		Size:  map[string]func(*image.Repository) int64{"size": func(r *image.Repository) int64 { return r.Size }},
		Count: map[string]func(*image.Repository) int64{"tags": func(r *image.Repository) int64 { return int64(r.Tags) }},
		Age:   map[string]func(*image.Repository) time.Time{"age": func(r *image.Repository) time.Time { return r.LastPush }},
		Is: map[string]func(*image.Repository) bool{
			"pinned": func(r *image.Repository) bool { return r.Pinned },
			"failed": func(r *image.Repository) bool { return r.State == image.Failed },
			"empty":  func(r *image.Repository) bool { return r.Tags == 0 },
		},
	}
}

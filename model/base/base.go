// Package base finds out what an image was built from: by the layers that it
// shares from the lowest on, or by what it says of itself, and how far that is
// behind what the base image is now. It is pure and imports the standard library
// and its siblings in model.
package base

import (
	"cmp"
	"slices"
	"time"

	"regatta/model/image"
	"regatta/model/order"
	"regatta/model/ref"
	"regatta/model/text"
)

// The annotations and labels that name a base image (OCI image-spec,
// annotations.md).
const (
	nameAnnotation   = "org.opencontainers.image.base.name"
	digestAnnotation = "org.opencontainers.image.base.digest"
)

// Claim is what an image says of its base.
type Claim struct {
	Name   string     // a reference, "" if it says nothing
	Digest ref.Digest // "" if it does not say
}

// Claimed reads it from the annotations of the manifest, else from the labels of
// the config.
func Claimed(m image.Manifest, c image.Config) Claim {
	for _, from := range []map[string]string{m.Annotations, c.Labels} {
		if from[nameAnnotation] != "" {
			d, _ := ref.ParseDigest(from[digestAnnotation]) // what is none counts as unsaid
			return Claim{from[nameAnnotation], d}
		}
	}
	return Claim{}
}

// Candidate is an image that others may be built from, for the platform of the
// image that is looked at.
type Candidate struct {
	Repository ref.Reference
	Digest     ref.Digest // that tags point to
	Image      ref.Digest // of the platform
	Tags       []string
	Layers     []ref.Digest
	Created    time.Time
	Unread     bool // layers and time could not be read
}

// Name is how to speak of the candidate.
func (c Candidate) Name() string {
	name := c.Repository.Repository
	if len(c.Tags) > 0 {
		best := slices.MaxFunc(c.Tags, func(a, b string) int { return cmp.Compare(order.Of(a), order.Of(b)) })
		return name + ":" + best
	}
	return name + "@" + c.Digest.Short()
}

// How a base was recognised.
const (
	ByLayers     = "layers"
	ByAnnotation = "annotation"
)

// Found is what an image was built from.
type Found struct {
	Candidate

	By     string
	Shared int // layers that it gave the image

	Tag   string      // that is compared with
	Now   *Candidate  // what the tag points to; nil: it is not there
	Later []Candidate // images of the base that came since, up to Now, the oldest first
	Lag   time.Duration

	Unread int // candidates that could not be read: a nearer base, or a later image, may be among them
}

// Current reports whether the image was built from what the tag points to.
func (f Found) Current() bool { return f.Now != nil && f.Now.Digest == f.Digest }

// Unread is how many candidates could not be read.
func Unread(all []Candidate) int {
	n := 0
	for _, c := range all {
		if c.Unread {
			n++
		}
	}
	return n
}

// Recognise finds the base of an image with such layers among candidates of one
// or more repositories. Layers count before what the image says; of bases that
// are built from each other the largest is meant.
func Recognise(layers []ref.Digest, says Claim, tag string, all []Candidate) (Found, bool) {
	out := Found{Unread: Unread(all)}
	for _, c := range all {
		n := len(c.Layers)
		if n == 0 || n >= len(layers) || !slices.Equal(c.Layers, layers[:n]) {
			continue
		}
		if n > out.Shared || n == out.Shared && c.Created.Before(out.Created) {
			out.Candidate, out.By, out.Shared = c, ByLayers, n
		}
	}
	if out.By == "" {
		i := slices.IndexFunc(all, func(c Candidate) bool {
			return says.Digest != "" && (c.Digest == says.Digest || c.Image == says.Digest)
		})
		if i < 0 {
			return out, false
		}
		out.Candidate, out.By = all[i], ByAnnotation
	}
	return out.compared(tag, all), true
}

// compared looks where the tag points now; without a tag it is latest.
func (f Found) compared(tag string, all []Candidate) Found {
	var own []Candidate
	for _, c := range all {
		if c.Repository.Repository == f.Repository.Repository && c.Repository.Host == f.Repository.Host {
			own = append(own, c)
		}
	}
	slices.SortStableFunc(own, func(a, b Candidate) int { return a.Created.Compare(b.Created) })
	if tag == "" {
		tag = "latest"
	}
	f.Tag = tag
	for i := range own {
		if slices.Contains(own[i].Tags, tag) {
			f.Now = &own[i]
		}
	}
	if f.Now == nil || f.Now.Unread {
		return f
	}
	f.Later = slices.DeleteFunc(slices.Clone(own), func(c Candidate) bool {
		return c.Unread || !c.Created.After(f.Created) || c.Created.After(f.Now.Created)
	})
	f.Lag = max(0, f.Now.Created.Sub(f.Created))
	return f
}

// KnownBy says how the base was recognised.
func (f Found) KnownBy() string {
	if f.By == ByAnnotation {
		return "what the image says"
	}
	return text.Plural(f.Shared, "layer", "layers") + " that they share"
}

// State says what the base's tag points to now.
func (f Found) State() string {
	const day = 24 * time.Hour
	least := ""
	if f.Unread > 0 {
		least = "≥ "
	}
	switch {
	case f.Current():
		return f.Tag + " is the same image: up to date"
	case f.Now == nil && f.Unread > 0:
		return "where " + f.Tag + " points to is unknown: " + f.NotRead()
	case f.Now == nil:
		return "there is no tag " + f.Tag + " any more"
	case f.Now.Unread:
		return f.Tag + " is another image now, which could not be read"
	}
	return f.Tag + " is " + f.Now.Name() + ", " + least + text.Plural(len(f.Later), "image", "images") + " and " +
		text.Plural(int(f.Lag/day), "day", "days") + " later"
}

// NotRead says how many candidates could not be read; nothing if all were.
func (f Found) NotRead() string {
	if f.Unread == 0 {
		return ""
	}
	return text.Plural(f.Unread, "image", "images") + " could not be read"
}

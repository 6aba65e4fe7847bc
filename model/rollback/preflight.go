package rollback

import (
	"fmt"
	"slices"
	"strings"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/model/usage"
)

// Content is what was found of an image at the registry.
type Content struct {
	Digest    ref.Digest
	Missing   error        // why its manifest could not be read, nil if it was
	Manifests []ref.Digest // that are there: itself and its children
	Children  []ref.Digest // that are not there
	Blobs     int          // configs and layers that are there
	Lost      []ref.Digest // configs and layers that are not
	Unasked   int          // manifests and blobs of which there was no answer
	Why       string       // why there was none, of the first
	Platforms []image.Platform
	Storage   image.Storage
	Signed    bool
	SignedErr error // why it is not known
}

// Broken reports whether the image is known not to be whole: a registry may refuse to set
// a tag on it.
func (c Content) Broken() bool { return c.Missing != nil || len(c.Children)+len(c.Lost) > 0 }

// Before is what going back is judged by.
type Before struct {
	Tag           ref.Reference
	Shown         ref.Digest // what the tag pointed to when the target was chosen
	Now           ref.Digest // what it points to
	Left, Target  Content    // of what is left behind only the platforms and the signature count
	Immutable     bool
	ReadOnly      error
	Follow        []usage.Hit // what looks the tag up when it starts next
	Pinned        []usage.Use // what runs a digest of the repository that is not the target's, and keeps it
	Incomplete    []string    // what could not say what it runs
	Asked         bool        // whether anybody was asked what it runs
	Expires       string      // why the lifecycle policy would remove the target after going back, if it would
	ExpiresLeft   string      // likewise what is left behind
	PolicyUnknown error       // why that is not known
}

// Preflight is every check, in the order in which a user reads them.
func Preflight(b Before) []Check {
	return []Check{
		b.tag(), b.whole(), b.storage(), b.platforms(), b.signature(), b.mutable(), b.lifecycle(), b.users(), b.pins(),
		b.permission(),
	}
}

func (b Before) tag() Check {
	c := Check{Name: "tag", Level: OK, Text: b.Tag.Tag + " points to " + b.Now.Short()}
	switch {
	case b.Now == "":
		c.Level, c.Text = Block, b.Tag.Tag+" is not there any more"
	case b.Now != b.Shown:
		c.Level = Block
		c.Text = fmt.Sprintf("%s points to %s now, not to %s: look again", b.Tag.Tag, b.Now.Short(), b.Shown.Short())
	case b.Now == b.Target.Digest:
		c.Level, c.Text = Block, b.Tag.Tag+" points to the target already"
	}
	return c
}

func (b Before) whole() Check {
	t := b.Target
	c := Check{Name: "content", Level: OK, Text: fmt.Sprintf(
		"%s and %s are there", text.Plural(len(t.Manifests), "manifest", "manifests"), text.Plural(t.Blobs, "blob", "blobs"))}
	switch {
	case t.Storage != image.Standard && (t.Missing != nil || len(t.Children)+len(t.Lost)+t.Unasked > 0):
		c.Level, c.Text = Warn, "it cannot be looked at where it is"
	case t.Missing != nil:
		c.Level, c.Text = Block, "the manifest cannot be read: "+t.Missing.Error()
	case len(t.Children) > 0:
		c.Level, c.Text = Block, "manifests that it lists are not there: "+short(t.Children)
	case len(t.Lost) > 0:
		c.Level, c.Text = Block, "configs or layers are not there: "+short(t.Lost)
	case t.Unasked > 0:
		c.Level, c.Text = Warn, "there was no answer for "+text.Plural(t.Unasked, "manifest or blob", "manifests and blobs")
	}
	return c
}

// short names a few digests.
func short(d []ref.Digest) string {
	const few = 3
	names := make([]string, 0, few)
	for _, one := range d[:min(few, len(d))] {
		names = append(names, one.Short())
	}
	out := strings.Join(names, ", ")
	if len(d) > few {
		out += fmt.Sprintf(" and %d more", len(d)-few)
	}
	return out
}

func (b Before) storage() Check {
	c := Check{Name: "storage", Level: OK, Text: "it can be pulled"}
	switch b.Target.Storage {
	case image.Archived:
		c.Level, c.Text = Block, "it is archived: `regatta restore` brings it back within twenty minutes"
	case image.Restoring:
		c.Level, c.Text = Block, "it is on its way back from the archive: wait until it is there"
	case image.Standard:
	}
	return c
}

func (b Before) platforms() Check {
	c := Check{Name: "platforms", Level: OK, Text: names(b.Target.Platforms)}
	var lost []image.Platform
	for _, p := range b.Left.Platforms {
		if !slices.ContainsFunc(b.Target.Platforms, func(o image.Platform) bool { return o.String() == p.String() }) {
			lost = append(lost, p)
		}
	}
	switch {
	case len(lost) > 0 && len(lost) == len(b.Left.Platforms):
		c.Level, c.Text = Block, "it has none of the platforms that are there now: "+names(lost)
	case len(lost) > 0:
		c.Level, c.Text = Warn, "it lacks "+names(lost)+", which the image that is there has"
	case c.Text == "":
		c.Level, c.Text = Warn, "it says nothing of its platforms"
	}
	return c
}

func names(platforms []image.Platform) string {
	out := make([]string, 0, len(platforms))
	for _, p := range platforms {
		if p.Known() {
			out = append(out, p.String())
		}
	}
	return strings.Join(out, ", ")
}

func (b Before) signature() Check {
	c := Check{Name: "signature", Level: OK, Text: "it is signed, as far as the registry says; nothing was verified"}
	switch {
	case b.Target.SignedErr != nil:
		c.Level, c.Text = Warn, "it is not known whether it is signed: "+b.Target.SignedErr.Error()
	case !b.Target.Signed && b.Left.Signed:
		c.Level, c.Text = Warn, "it is not signed, and the image that is there is"
	case !b.Target.Signed:
		c.Text = "neither it nor the image that is there is signed"
	}
	return c
}

func (b Before) mutable() Check {
	c := Check{Name: "mutability", Level: OK, Text: "the tag can be moved, as far as is known"}
	if b.Immutable {
		c.Level, c.Text = Block, "tags that are there cannot be moved in this repository: deploy the digest instead"
	}
	return c
}

func (b Before) lifecycle() Check {
	c := Check{Name: "lifecycle", Level: OK, Text: "no lifecycle policy would remove it, or the image left behind"}
	switch {
	case b.PolicyUnknown != nil:
		c.Level, c.Text = Warn, "the lifecycle policy is not known: "+b.PolicyUnknown.Error()
	case b.Expires != "":
		c.Level, c.Text = Warn, "the lifecycle policy would remove it: "+b.Expires
	case b.ExpiresLeft != "":
		c.Level, c.Text = Warn, "the lifecycle policy would remove the image left behind: "+b.ExpiresLeft
	}
	return c
}

func (b Before) users() Check {
	c := Check{Name: "used by", Level: OK}
	switch {
	case len(b.Follow) > 0:
		c.Text = "starts with it next: " + few(b.Follow)
	case !b.Asked:
		c.Level, c.Text = Unknown, "no usage source is configured"
	default:
		c.Text = "nothing that was asked follows the tag"
	}
	if kept := b.keepers(); len(kept) > 0 {
		c.Level = Warn
		c.Text += "; nodes that have the tag already start the former image again, as the imagePullPolicy is not Always: " +
			few(kept)
	}
	if len(b.Incomplete) > 0 {
		c.Level = Warn
		c.Text += "; incomplete: " + strings.Join(b.Incomplete, "; ")
	}
	return c
}

// place is that of a use.
type place string

// String implements fmt.Stringer.
func (p place) String() string { return string(p) }

// keepers are those that follow the tag, and may not look it up.
func (b Before) keepers() []place {
	var out []place
	for _, h := range b.Follow {
		if p := place(h.Place); h.Kept && !slices.Contains(out, p) {
			out = append(out, p)
		}
	}
	return out
}

func (b Before) pins() Check {
	if len(b.Pinned) == 0 {
		return Check{Name: "pinned", Level: OK, Text: "nothing that is known keeps another digest"}
	}
	return Check{Name: "pinned", Level: Warn, Text: "keeps its digest until it is deployed anew: " + few(b.Pinned)}
}

// few are the first of many, as they name themselves.
func few[T fmt.Stringer](all []T) string {
	const most = 3
	out := make([]string, 0, most)
	for _, one := range all[:min(most, len(all))] {
		out = append(out, one.String())
	}
	s := strings.Join(out, ", ")
	if len(all) > most {
		s += fmt.Sprintf(" and %d more", len(all)-most)
	}
	return s
}

func (b Before) permission() Check {
	c := Check{
		Name: "permission", Level: Unknown,
		Text: "allowed here; unknown for the registry until the tag is set",
	}
	if b.ReadOnly != nil {
		c.Level, c.Text = Block, b.ReadOnly.Error()
	}
	return c
}

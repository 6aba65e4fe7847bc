package catalog

import (
	"slices"
	"time"

	"regatta/model/image"
	"regatta/model/order"
	"regatta/model/ref"
)

// Len is the number of rows that are not gone.
func (c *Images) Len() int { return c.live }

// At is the row's image, nil if it is gone.
func (c *Images) At(row Row) *image.Image {
	if row < 0 || int(row) >= len(c.rows) {
		return nil
	}
	return c.rows[row]
}

// Live is where the row is now: itself, or the row that it joined.
func (c *Images) Live(row Row) Row {
	for {
		to, ok := c.forward[row]
		if !ok {
			return row
		}
		row = to
	}
}

// Row finds a digest's row.
func (c *Images) Row(d ref.Digest) (Row, bool) {
	row, ok := c.byDigest[d]
	return row, ok
}

// TagRow finds a tag's row.
func (c *Images) TagRow(tag string) (Row, bool) {
	e, ok := c.tags[tag]
	return c.Live(e.row), ok
}

// Unsettled are the row's tags of which the registry has not said in this
// session what they point to.
func (c *Images) Unsettled(row Row) []string {
	img := c.At(row)
	if img == nil {
		return nil
	}
	var out []string
	for _, t := range img.Tags {
		if !c.tags[t].settled {
			out = append(out, t)
		}
	}
	return out
}

// Tags is the number of tags in the set.
func (c *Images) Tags() int { return len(c.tags) }

// IsCompanion reports whether the image only exists beside another one: all its
// tags are signature, attestation, SBOM or referrers tags, or it is a referrer.
func IsCompanion(img *image.Image) bool {
	if img.Subject != "" {
		return true
	}
	for _, t := range img.Tags {
		if _, ok := image.ParseCompanion(t); !ok {
			return false
		}
	}
	return len(img.Tags) > 0
}

func (c *Images) countCompanion(tag string) {
	p, ok := image.ParseCompanion(tag)
	if !ok {
		return
	}
	n := c.companions[p.Subject]
	switch p.Role {
	case "sig":
		n.signatures++
	case "sbom":
		n.sboms++
	default:
		return
	}
	c.companions[p.Subject] = n
	c.Describe(p.Subject, func(i *image.Image) {
		i.Signatures, i.SBOMs = max(i.Signatures, n.signatures), max(i.SBOMs, n.sboms)
	})
}

// Snapshot is a set as it was at one moment.
type Snapshot struct {
	Rows []*image.Image
	keys []order.Key
}

// Snapshot copies the rows' addresses, not the images.
func (c *Images) Snapshot() Snapshot {
	return Snapshot{Rows: slices.Clone(c.rows), keys: slices.Clone(c.keys)}
}

// ImageOrder is a column that images can be sorted by.
type ImageOrder uint8

// The orders of images.
const (
	ByVersion ImageOrder = iota
	ByTime
	BySize
	ByTag
	ByPulled
)

// Order compares the snapshot's images. Images of which the value is unknown
// come last in either direction.
func (s Snapshot) Order(by ImageOrder, reverse bool) Compare {
	switch by {
	case ByTime:
		return s.byNumbers(func(i *image.Image) int64 { return instant(i.Time()) }, reverse)
	case ByPulled:
		return s.byNumbers(func(i *image.Image) int64 { return instant(i.Pulled) }, reverse)
	case BySize:
		return s.byNumbers(sortableSize, reverse)
	case ByTag:
		return func(a, b Row) int { return byString(s.name(a), s.name(b), reverse) }
	case ByVersion:
	}
	return func(a, b Row) int { return byString(s.keys[a], s.keys[b], reverse) }
}

// byNumbers reads the values once, side by side: a sort of 100,000 rows compares
// two million times, and following pointers each time costs most of it.
func (s Snapshot) byNumbers(value func(*image.Image) int64, reverse bool) Compare {
	values := make([]int64, len(s.Rows))
	for i, img := range s.Rows {
		if img != nil {
			values[i] = value(img)
		}
	}
	return func(a, b Row) int { return byNumber(values[a], values[b], reverse) }
}

// instant is a time as a number, negative where it is unknown.
func instant(t time.Time) int64 {
	if t.IsZero() {
		return -1
	}
	return max(0, t.UnixNano())
}

func sortableSize(i *image.Image) int64 {
	if i.State == image.Unread || i.State == image.Failed || i.Kind == image.KindSchema1 {
		return -1
	}
	return i.Size
}

func (s Snapshot) name(r Row) string {
	if tags := s.Rows[r].Tags; len(tags) > 0 {
		return tags[0]
	}
	return ""
}

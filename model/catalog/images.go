package catalog

import (
	"slices"

	"regatta/model/image"
	"regatta/model/order"
	"regatta/model/ref"
)

// Images is the growing set of a repository's images, one row a digest. A tag
// whose digest is not known yet has a row of its own; it joins the row of its
// digest when that becomes known. The zero value is not ready: see NewImages.
type Images struct {
	rows       []*image.Image
	keys       []order.Key
	forward    map[Row]Row
	byDigest   map[ref.Digest]Row
	tags       map[string]tagEntry
	companions map[ref.Digest]companions
	listing    uint32
	live       int  // rows that are not gone
	perTag     bool // rows do not join: each tag has its own
}

// tagEntry is where a tag is, in which listing it was last seen, and whether
// the registry has said what it points to in this session.
type tagEntry struct {
	row     Row
	listing uint32
	settled bool
}

type companions struct{ signatures, sboms int }

// NewImages returns an empty set.
func NewImages() *Images {
	return &Images{
		forward: map[Row]Row{}, byDigest: map[ref.Digest]Row{},
		tags: map[string]tagEntry{}, companions: map[ref.Digest]companions{},
	}
}

// NewTags returns an empty set in which every tag has a row of its own.
func NewTags() *Images {
	c := NewImages()
	c.perTag = true
	return c
}

// Begin starts a listing: what Append brings until Finish is what there is. All
// tags become unsettled, so that their digests are asked for again.
func (c *Images) Begin() {
	c.listing++
	for t, e := range c.tags {
		e.settled = false
		c.tags[t] = e
	}
}

// Append adds a page of the listing. An image without a digest stands for its
// tags only.
func (c *Images) Append(page []image.Image) {
	for _, img := range page {
		if img.Digest == "" {
			for _, t := range img.Tags {
				c.see(t)
			}
			continue
		}
		c.appendFull(img)
	}
}

// Recall adds what the store remembers: it is shown until the listing and the
// registry say otherwise, and it is gone after Finish if they do not.
func (c *Images) Recall(known []image.Image) {
	for _, img := range known {
		for _, t := range img.Tags {
			if e, ok := c.tags[t]; ok && e.settled {
				continue
			}
			row := c.rowOf(t, img.Digest)
			c.place(t, row, false)
			if c.rows[row].State != image.Read {
				c.update(row, img)
			}
		}
	}
}

// tag makes a row for a tag that has none.
func (c *Images) tag(tag string) {
	if _, ok := c.tags[tag]; !ok {
		c.tags[tag] = tagEntry{row: c.add(image.Image{Tags: []string{tag}})}
		c.countCompanion(tag)
	}
}

// see records that the listing brought the tag.
func (c *Images) see(tag string) {
	c.tag(tag)
	e := c.tags[tag]
	e.listing = c.listing
	c.tags[tag] = e
}

// rowOf is the row that tag belongs on when it points to d: the row of the
// digest, else the tag's own if that has no digest yet, else a new one.
func (c *Images) rowOf(tag string, d ref.Digest) Row {
	row, ok := c.byDigest[d]
	if ok && !c.perTag {
		return row
	}
	e, has := c.tags[tag]
	row = c.Live(e.row)
	if !has || c.rows[row] == nil || c.rows[row].Digest != "" && !c.perTag {
		row = c.add(image.Image{})
	}
	if !c.perTag {
		c.byDigest[d] = row
	}
	return row
}

func (c *Images) appendFull(img image.Image) {
	if len(img.Tags) == 0 {
		c.appendUntagged(img)
	}
	for _, t := range img.Tags {
		row := c.rowOf(t, img.Digest)
		c.place(t, row, true)
		c.see(t)
		c.update(row, img)
	}
}

func (c *Images) appendUntagged(img image.Image) {
	row, ok := c.byDigest[img.Digest]
	if !ok {
		row = c.add(image.Image{})
		c.byDigest[img.Digest] = row
	}
	c.update(row, img)
}

// Attach records what the registry (or, for a Cached image, the store) says
// that tag points to.
func (c *Images) Attach(tag string, img image.Image) {
	if _, ok := c.tags[tag]; !ok {
		return // the tag went away while its details were on their way
	}
	row := c.rowOf(tag, img.Digest)
	c.settle(tag, row, img.State != image.Cached)
	c.update(row, img)
}

// Fail records that reading what tag points to failed.
func (c *Images) Fail(tag string, err error) {
	e, ok := c.tags[tag]
	if !ok {
		return
	}
	e.row, e.settled = c.Live(e.row), true
	c.tags[tag] = e
	c.change(e.row, func(i *image.Image) { i.State, i.Err = image.Failed, err })
}

// Describe records details of a digest, whatever its tags are.
func (c *Images) Describe(d ref.Digest, change func(*image.Image)) {
	if row, ok := c.byDigest[d]; ok {
		c.change(row, change)
	}
	if !c.perTag {
		return
	}
	for row, img := range c.rows {
		if img != nil && img.Digest == d {
			c.change(Row(row), change)
		}
	}
}

// Finish ends a listing: tags that it did not bring are gone. An image that was
// read in this session and has lost its tags stays, untagged; what only the
// store remembers goes.
func (c *Images) Finish() {
	for t, e := range c.tags {
		if e.listing == c.listing {
			continue
		}
		row := c.Live(e.row)
		delete(c.tags, t)
		c.detach(t, row)
		if img := c.rows[row]; img != nil && len(img.Tags) == 0 && (c.perTag || img.State != image.Read) {
			c.drop(row, NoRow)
		}
	}
}

func (c *Images) add(img image.Image) Row {
	row := Row(len(c.rows)) //nolint:gosec // a set holds fewer than 2^31 rows: each takes hundreds of bytes
	c.rows = append(c.rows, &img)
	c.keys = append(c.keys, order.Best(img.Tags))
	c.live++
	return row
}

// place puts a tag on row, wherever it was before, if it was anywhere.
func (c *Images) place(tag string, row Row, settled bool) {
	if _, ok := c.tags[tag]; ok {
		c.settle(tag, row, settled)
		return
	}
	c.tags[tag] = tagEntry{row: row, settled: settled}
	c.change(row, func(i *image.Image) { i.Tags = insertTag(i.Tags, tag) })
	c.countCompanion(tag)
}

// settle moves tag to row.
func (c *Images) settle(tag string, row Row, settled bool) {
	e := c.tags[tag]
	from := c.Live(e.row)
	e.row, e.settled = row, settled
	c.tags[tag] = e
	if from == row && slices.Contains(c.rows[row].Tags, tag) {
		return
	}
	if from != row {
		c.detach(tag, from)
		if img := c.rows[from]; img != nil && len(img.Tags) == 0 && img.State != image.Read {
			c.drop(from, row)
		}
	}
	c.change(row, func(i *image.Image) { i.Tags = insertTag(i.Tags, tag) })
}

func (c *Images) detach(tag string, row Row) {
	if c.rows[row] == nil {
		return
	}
	c.change(row, func(i *image.Image) {
		i.Tags = slices.DeleteFunc(slices.Clone(i.Tags), func(t string) bool { return t == tag })
	})
}

func (c *Images) drop(row, to Row) {
	if d := c.rows[row].Digest; d != "" && c.byDigest[d] == row {
		delete(c.byDigest, d)
	}
	c.rows[row] = nil
	c.live--
	if to != NoRow {
		c.forward[row] = to
	}
}

// update replaces what is known of the row's image; its tags are the set's
// business.
func (c *Images) update(row Row, img image.Image) {
	c.change(row, func(i *image.Image) {
		tags, sigs, sboms := i.Tags, i.Signatures, i.SBOMs
		*i = img
		extra := c.companions[img.Digest]
		i.Tags = tags
		i.Signatures = max(i.Signatures, sigs, extra.signatures)
		i.SBOMs = max(i.SBOMs, sboms, extra.sboms)
	})
}

func (c *Images) change(row Row, change func(*image.Image)) {
	img := *c.rows[row]
	change(&img)
	c.rows[row] = &img
	c.keys[row] = order.Best(img.Tags)
}

// insertTag keeps the newest name first.
func insertTag(tags []string, tag string) []string {
	key := order.Of(tag)
	at := len(tags)
	for i, t := range tags {
		if k := order.Of(t); k < key || k == key && t > tag {
			at = i
			break
		}
	}
	return slices.Insert(slices.Clone(tags), at, tag)
}

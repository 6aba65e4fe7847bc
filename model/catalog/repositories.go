package catalog

import (
	"cmp"
	"slices"

	"regatta/model/image"
)

// Repositories is the growing set of a registry's repositories, one row a name.
type Repositories struct {
	rows    []*image.Repository
	index   map[string]Row
	seen    map[string]uint32
	listing uint32
}

// NewRepositories returns an empty set.
func NewRepositories() *Repositories {
	return &Repositories{index: map[string]Row{}, seen: map[string]uint32{}}
}

// Begin starts a listing: what Append brings until Finish is what there is.
func (c *Repositories) Begin() { c.listing++ }

// Append adds a page of the listing. Details of a repository that is already
// there stay.
func (c *Repositories) Append(page []image.Repository) {
	for _, r := range page {
		c.seen[r.Name] = c.listing
		row, ok := c.index[r.Name]
		if !ok {
			row = Row(len(c.rows)) //nolint:gosec // a set holds fewer than 2^31 rows
			c.index[r.Name] = row
			c.rows = append(c.rows, &r)
			continue
		}
		if old := *c.rows[row]; r.State != image.Unread || r.Pinned != old.Pinned {
			old.Pinned = old.Pinned || r.Pinned
			if r.State != image.Unread {
				old = r
			}
			c.rows[row] = &old
		}
	}
}

// Finish ends a listing: repositories that it did not bring are gone.
func (c *Repositories) Finish() {
	for name, row := range c.index {
		if c.seen[name] != c.listing {
			c.rows[row] = nil
			delete(c.index, name)
			delete(c.seen, name)
		}
	}
}

// Change replaces what is known of a repository.
func (c *Repositories) Change(name string, change func(*image.Repository)) {
	row, ok := c.index[name]
	if !ok {
		return
	}
	r := *c.rows[row]
	change(&r)
	c.rows[row] = &r
}

// Len is the number of repositories.
func (c *Repositories) Len() int { return len(c.index) }

// At is the row's repository, nil if it is gone.
func (c *Repositories) At(row Row) *image.Repository {
	if row < 0 || int(row) >= len(c.rows) {
		return nil
	}
	return c.rows[row]
}

// Row finds a repository.
func (c *Repositories) Row(name string) (Row, bool) {
	row, ok := c.index[name]
	return row, ok
}

// Snapshot copies the rows' addresses for another goroutine to read.
func (c *Repositories) Snapshot() []*image.Repository { return slices.Clone(c.rows) }

// RepositoryOrder is a column that repositories can be sorted by.
type RepositoryOrder uint8

// The orders of repositories.
const (
	ByName RepositoryOrder = iota
	ByTags
	ByStored
	ByLastPush
)

// OrderRepositories compares repositories: pinned ones come first, unknown
// values last, in either direction.
func OrderRepositories(rows []*image.Repository, by RepositoryOrder, reverse bool) Compare {
	return func(a, b Row) int {
		x, y := rows[a], rows[b]
		if x.Pinned != y.Pinned {
			if x.Pinned {
				return -1
			}
			return 1
		}
		return cmp.Or(compareRepositories(x, y, by, reverse), cmp.Compare(x.Name, y.Name))
	}
}

func compareRepositories(x, y *image.Repository, by RepositoryOrder, reverse bool) int {
	switch by {
	case ByTags:
		return byNumber(int64(x.Tags), int64(y.Tags), reverse)
	case ByStored:
		return byNumber(x.Size, y.Size, reverse)
	case ByLastPush:
		return byTime(x.LastPush, y.LastPush, reverse)
	case ByName:
	}
	return byString(x.Name, y.Name, reverse)
}

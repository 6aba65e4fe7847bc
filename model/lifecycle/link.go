package lifecycle

import (
	"cmp"
	"slices"

	"regatta/model/ref"
)

// nothing is no entry.
const nothing int32 = -1

// link is an index and what it lists.
type link struct{ index, child int32 }

// adjacent is the indexes of every entry, in one list.
type adjacent struct {
	from []int32 // by entry: where its part of the list begins; nil if there is none
	list []int32
}

func (a adjacent) of(entry int32) []int32 {
	if a.from == nil {
		return nil
	}
	return a.list[a.from[entry]:a.from[entry+1]]
}

// connect finds out which images point to which.
func (e *engine) connect(images []Image) {
	children, subjects := pointers(images)
	if children+subjects == 0 {
		return
	}
	e.links = make([]link, 0, children)
	c := connector{engine: e, places: newPlaces(e.digests)}
	for i := range images {
		for _, d := range images[i].Children {
			c.add(pointer{int32(i), true}, d)
		}
		if d := images[i].Subject; d != "" {
			c.add(pointer{int32(i), false}, d)
		}
	}
	c.settle()
	e.arrange()
}

// pointer is an image that points to its child, or to its subject.
type pointer struct {
	from  int32
	child bool
}

// connector settles pointers, some at a time.
type connector struct {
	*engine
	*places

	n    int
	to   [together]ref.Digest
	from [together]pointer
}

func (c *connector) add(from pointer, to ref.Digest) {
	if c.n == together {
		c.settle()
	}
	c.from[c.n], c.to[c.n] = from, to
	c.n++
}

func (c *connector) settle() {
	var found [together]int32
	c.of(c.to[:c.n], found[:c.n])
	for i, to := range found[:c.n] {
		switch from := c.from[i]; {
		case to == nothing || to == from.from:
		case from.child:
			c.links = append(c.links, link{from.from, to})
		default:
			c.refer(from.from, to)
		}
	}
	c.n = 0
}

func (e *engine) refer(from, subject int32) {
	for len(e.subjects) < len(e.entries) {
		e.subjects = append(e.subjects, nothing)
	}
	e.subjects[from] = subject
}

// arrange sorts the links by child, and the indexes of each by digest.
func (e *engine) arrange() {
	from := make([]int32, len(e.entries)+1)
	for _, l := range e.links {
		from[l.child+1]++
	}
	for i := range e.entries {
		from[i+1] += from[i]
	}
	list, next := make([]int32, len(e.links)), slices.Clone(from)
	for _, l := range e.links {
		list[next[l.child]] = l.index
		next[l.child]++
	}
	for i := range e.entries {
		if some := list[from[i]:from[i+1]]; len(some) > 1 {
			slices.SortFunc(some, func(a, b int32) int { return cmp.Compare(e.digests[a], e.digests[b]) })
		}
	}
	e.parents = adjacent{from, list}
}

// pointers is how many images are pointed to.
func pointers(images []Image) (children, subjects int) {
	for i := range images {
		children += len(images[i].Children)
		if images[i].Subject != "" {
			subjects++
		}
	}
	return children, subjects
}

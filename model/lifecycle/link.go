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
	at := places(images)
	if at == nil {
		return
	}
	for i := range images {
		img, here := &images[i], int32(i)
		for _, d := range img.Children {
			if child, ok := at[d]; ok && child != here {
				e.links = append(e.links, link{here, child})
			}
		}
		if subject, ok := at[img.Subject]; ok && subject != here {
			e.refer(here, subject)
		}
	}
	e.arrange()
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

// places is where each image is, nil if none points to another.
func places(images []Image) map[ref.Digest]int32 {
	points := false
	for i := range images {
		points = points || len(images[i].Children) > 0 || images[i].Subject != ""
	}
	if !points {
		return nil
	}
	at := make(map[ref.Digest]int32, len(images))
	for i := range images {
		at[images[i].Digest] = int32(i)
	}
	return at
}

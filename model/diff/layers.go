package diff

import (
	"regatta/model/image"
	"regatta/model/ref"
)

// Layer is a layer of an image, and the step that made it.
type Layer struct {
	Digest ref.Digest
	Size   int64 // bytes, as stored
	By     string
}

// Layers are those that two images share and do not, with their bytes.
type Layers struct {
	Common, Added, Removed                []Layer
	CommonBytes, AddedBytes, RemovedBytes int64
	// Changes are all of them as they lie above each other, from the lowest on:
	// what went from a place stands before what came there.
	Changes []Change
}

// Change is what became of one layer.
type Change struct {
	Layer

	Side int // below 0: removed, above 0: added, 0: both have it
}

func (l *Layers) put(c Change) {
	of, bytes := &l.Common, &l.CommonBytes
	switch {
	case c.Side < 0:
		of, bytes = &l.Removed, &l.RemovedBytes
	case c.Side > 0:
		of, bytes = &l.Added, &l.AddedBytes
	}
	*of, *bytes = append(*of, c.Layer), *bytes+c.Size
	l.Changes = append(l.Changes, c)
}

func layers(a, b []image.Step) Layers {
	was, is := sides(a, b, -1), sides(b, a, 1)
	var out Layers
	removed := func() {
		for len(was) > 0 && was[0].Side < 0 {
			out.put(was[0])
			was = was[1:]
		}
	}
	for _, c := range is {
		removed()
		if c.Side == 0 && len(was) > 0 {
			was = was[1:]
		}
		out.put(c)
	}
	for _, c := range was {
		if c.Side < 0 {
			out.put(c)
		}
	}
	return out
}

// sides tells which layers of all the other side has as well. Of a layer that
// is there twice the last is the one that is not shared.
func sides(all, other []image.Step, side int) []Change {
	has := map[ref.Digest]int{}
	for _, s := range other {
		has[s.Layer.Digest]++
	}
	out := make([]Change, len(all))
	for i, s := range all {
		out[i].Layer = Layer{s.Layer.Digest, s.Layer.Size, s.Instruction()}
		if has[s.Layer.Digest]--; has[s.Layer.Digest] < 0 {
			out[i].Side = side
		}
	}
	return out
}

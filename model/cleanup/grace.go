package cleanup

import (
	"regatta/model/graph"
	"regatta/model/ref"
	"regatta/model/text"
)

// grace leaves of the images that would go those whose time has come. The
// others are marked, unless they are already; marks of images that would not go
// any more are taken away, so that a time that passed long ago does not count.
func (e *evaluation) grace(chosen []ref.Digest) ([]ref.Digest, graph.Blast) {
	wanted := make(map[ref.Digest]bool, len(chosen))
	var due []ref.Digest
	for _, d := range chosen {
		wanted[d] = true
		img := &e.stock.Images[e.stock.at[d]]
		switch v := e.verdict(d); {
		case len(img.Marks) == 0:
			at := e.now.Add(e.rules.Grace)
			v.Outcome, v.Why = Marked, "it goes after "+text.Stamp(at)+": "+v.Why
			e.out.marks[MarkTag(d, at)] = d
		case e.now.Before(img.due):
			v.Why = "it is marked and goes after " + text.Stamp(img.due) + ": " + v.Why
		default:
			v.Why += ", and marked to go after " + text.Stamp(img.due)
			due = append(due, d)
		}
	}
	for i := range e.stock.Images {
		if img := &e.stock.Images[i]; !wanted[img.Digest] {
			e.out.unmarks = append(e.out.unmarks, img.Marks...)
		}
	}
	return e.unbroken(due)
}

package cleanup

import (
	"slices"
	"time"

	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
)

// grace leaves of the images that would go those whose time has come. The
// others begin to wait, unless they do already: in the archive where there is
// one, else marked by a tag. Marks of images that would not go any more are
// taken away, so that a time that passed long ago does not count.
func (e *evaluation) grace(chosen []ref.Digest) ([]ref.Digest, graph.Blast) {
	wanted := make(map[ref.Digest]bool, len(chosen))
	var due []ref.Digest
	for _, d := range chosen {
		wanted[d] = true
		img := &e.stock.Images[e.stock.at[d]]
		v := e.verdict(d)
		how, until := e.waits(img)
		switch {
		case img.storage == image.Restoring:
			v.Why = "it is on its way back from the archive: " + v.Why
		case until.IsZero():
			e.begin(img, v)
		case e.now.Before(until):
			v.Why = "it is " + how + " and goes after " + text.Stamp(until) + ": " + v.Why
		default:
			v.Why += ", and " + how + " to go after " + text.Stamp(until)
			due = append(due, d)
		}
	}
	e.archiveWhole()
	for i := range e.stock.Images {
		if img := &e.stock.Images[i]; !wanted[img.Digest] {
			e.out.unmarks = append(e.out.unmarks, img.Marks...)
		}
	}
	return e.unbroken(due)
}

// waits tells how an image waits and until when; zero: it does not yet. In the
// archive it does whoever has put it there: for so long nobody could pull it.
func (e *evaluation) waits(img *Image) (how string, until time.Time) {
	switch {
	case len(img.Marks) > 0:
		return "marked", img.due
	case e.stock.Archives && img.storage == image.Archived && !img.archived.IsZero():
		return "in the archive", img.archived.Add(e.rules.Grace)
	}
	return "", time.Time{}
}

// archiveWhole takes out of what goes to the archive what an index needs that
// does not go there with it.
func (e *evaluation) archiveWhole() {
	whole, _ := e.unbroken(e.out.archives)
	for _, d := range e.out.archives {
		if !slices.Contains(whole, d) {
			e.verdict(d).Outcome = Kept
		}
	}
	e.out.archives = whole
}

// begin has an image wait.
func (e *evaluation) begin(img *Image, v *Verdict) {
	at := e.now.Add(e.rules.Grace)
	v.Outcome, v.Why = Marked, "it goes after "+text.Stamp(at)+": "+v.Why
	if e.stock.Archives {
		v.Outcome = Archived
		e.out.archives = append(e.out.archives, img.Digest)
		return
	}
	e.out.marks[MarkTag(img.Digest, at)] = img.Digest
}

package cleanup

import (
	"maps"
	"slices"

	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
)

// Summary counts what rules do.
type Summary struct {
	Keep, Mark, Archive, Remove int
	Bytes                       int64 // that come back
	Exact                       bool  // Bytes is no estimate
}

// Summarize counts the verdicts.
func (s *Selection) Summarize() Summary {
	out := Summary{Bytes: s.Bytes, Exact: s.Exact}
	for _, v := range s.Verdicts {
		switch v.Outcome {
		case Kept:
			out.Keep++
		case Marked:
			out.Mark++
		case Archived:
			out.Archive++
		case Removed:
			out.Remove++
		}
	}
	return out
}

// Verdict is what becomes of an image of the stock.
func (s *Selection) Verdict(d ref.Digest) (Verdict, bool) {
	i, ok := s.Stock.at[d]
	if !ok {
		return Verdict{}, false
	}
	return s.Verdicts[i], true
}

// stored is where the images are that are there.
func (s *Stock) stored() map[ref.Digest]image.Storage {
	out := make(map[ref.Digest]image.Storage, len(s.Images))
	for i := range s.Images {
		out[s.Images[i].Digest] = s.Images[i].storage
	}
	return out
}

// Idle are the entries of the keep list that name nothing in the repository.
func (s *Selection) Idle() []string {
	var tags []string
	for i := range s.Stock.Images {
		tags = append(tags, s.Stock.Images[i].Tags...)
	}
	slices.Sort(tags)
	return s.keep.idle(s.Stock.graph, tags)
}

// Pruning is the selection as model/plan takes it. What goes along is left to
// the plan, which finds the same.
func (s *Selection) Pruning() plan.Pruning {
	out := plan.Pruning{
		Reasons: map[ref.Digest]string{}, Unmarks: slices.Clone(s.unmarks), Marks: maps.Clone(s.marks),
		Archives: slices.Clone(s.archives), Stored: s.Stock.stored(),
	}
	for i, v := range s.Verdicts {
		img := &s.Stock.Images[i]
		if v.Outcome != Removed {
			out.Kept = append(out.Kept, plan.Kept{Digest: img.Digest, Reason: v.Why})
		}
		if v.Outcome != Kept && !v.Along {
			out.Reasons[img.Digest] = v.Why
		}
		if v.Outcome == Removed && !v.Along {
			out.Deletes = append(out.Deletes, img.Digest)
		}
	}
	return out
}

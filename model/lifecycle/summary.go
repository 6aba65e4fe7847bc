package lifecycle

import "regatta/model/ref"

// Summary is what a policy does in total.
type Summary struct {
	Keep, Expire, Transition int   // images
	ReclaimedBytes           int64 // see Weigher
	Estimated                bool  // the bytes are not exact: at most so many
}

// Weigher tells how many bytes come back when manifests go: each manifest,
// config and layer once that nothing else in the repository references. exact
// is false where it had to guess.
type Weigher func(gone []ref.Digest) (bytes int64, exact bool)

// Summarize counts outcomes and the bytes that come back. Without a Weigher
// the sizes of what expires are added up: layers that images share count for
// each of them, so it is an upper bound.
func (e *Evaluation) Summarize(weigh Weigher) Summary {
	var s Summary
	var gone []ref.Digest
	for i, v := range e.Verdicts {
		switch v.Outcome {
		case Keep:
			s.Keep++
		case Transition:
			s.Transition++
		case Expire:
			s.Expire++
			gone = append(gone, e.Images[i].Digest)
			s.ReclaimedBytes += max(0, e.Images[i].Size)
		}
	}
	if weigh == nil {
		s.Estimated = len(gone) > 0
		return s
	}
	bytes, exact := weigh(gone)
	s.ReclaimedBytes, s.Estimated = bytes, !exact
	return s
}

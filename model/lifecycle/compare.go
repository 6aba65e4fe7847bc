package lifecycle

import (
	"slices"

	"regatta/model/ref"
)

// Difference is how a policy treats a repository other than another policy
// does: the images whose outcome changed, sorted by digest.
type Difference struct {
	Expire, Transition, Keep []ref.Digest
}

// Compare tells what changes from one evaluation to another. Images that only
// one of them has do not count.
func Compare(from, to *Evaluation) Difference {
	before := make(map[ref.Digest]Outcome, len(from.Images))
	for i := range from.Images {
		before[from.Images[i].Digest] = from.Verdicts[i].Outcome
	}
	var d Difference
	for i := range to.Images {
		digest, now := to.Images[i].Digest, to.Verdicts[i].Outcome
		if was, ok := before[digest]; !ok || was == now {
			continue
		}
		switch now {
		case Expire:
			d.Expire = append(d.Expire, digest)
		case Transition:
			d.Transition = append(d.Transition, digest)
		case Keep:
			d.Keep = append(d.Keep, digest)
		}
	}
	for _, list := range [][]ref.Digest{d.Expire, d.Transition, d.Keep} {
		slices.Sort(list)
	}
	return d
}

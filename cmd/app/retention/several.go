package retention

import (
	"regatta/model/cost"
	"regatta/model/lifecycle"
)

// Tried is a repository that a policy was tried on.
type Tried struct {
	Name    string
	Preview *Preview // nil where Err is not
	Err     error    // nothing of all that is known
}

// Totals are what becomes of several repositories together.
type Totals struct {
	Repositories, Failed     int
	Expire, Transition, Keep int // images
	InUse                    int // of those that expire
	ReclaimedBytes           int64
	Saves                    *cost.Money // nil: not known, or in several currencies
}

// TotalsOf adds up what is known.
func TotalsOf(all []Tried) Totals {
	out := Totals{Repositories: len(all)}
	mixed := false
	for _, one := range all {
		if one.Err != nil {
			out.Failed++
			continue
		}
		out.count(one.Preview.Summary)
		out.InUse += one.Preview.InUse()
		if m, known := one.Preview.Saves(); known && !mixed {
			out.Saves, mixed = plus(out.Saves, m)
		}
	}
	return out
}

func (t *Totals) count(s lifecycle.Summary) {
	t.Expire += s.Expire
	t.Transition += s.Transition
	t.Keep += s.Keep
	t.ReclaimedBytes += s.ReclaimedBytes
}

// plus is a sum. Amounts in several currencies have none.
func plus(sum *cost.Money, m cost.Money) (total *cost.Money, mixed bool) {
	switch {
	case sum == nil:
		return &m, false
	case sum.Currency != m.Currency:
		return nil, true
	}
	both := sum.Plus(m)
	return &both, false
}

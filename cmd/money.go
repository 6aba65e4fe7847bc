package cmd

import (
	"regatta/model/cost"
	"regatta/model/image"
)

// saves continues a sentence about bytes that come back.
func saves(m cost.Money, known bool) string {
	if !known {
		return ""
	}
	return ", which saves " + m.String() + " a month"
}

// monthOf is what repositories cost together, and how many of them that is. It
// reports false if nothing is known of any.
func monthOf(p cost.Price, all []image.Repository) (sum cost.Money, n int) {
	for _, r := range all {
		if m, ok := p.Month(r.Stored); ok {
			sum = sum.Plus(m)
			n++
		}
	}
	return sum, n
}

// moneyOrNull is an amount for JSON, null where it is not known.
func moneyOrNull(m cost.Money, known bool) *cost.Money {
	if !known {
		return nil
	}
	return &m
}

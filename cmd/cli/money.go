package cli

import (
	"regatta/model/cost"
)

// saves continues a sentence about bytes that come back.
func saves(m cost.Money, known bool) string {
	if !known {
		return ""
	}
	return ", which saves " + m.String() + " a month"
}

// moneyOrNull is an amount for JSON, null where it is not known.
func moneyOrNull(m cost.Money, known bool) *cost.Money {
	if !known {
		return nil
	}
	return &m
}

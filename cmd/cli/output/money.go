package output

import (
	"regatta/model/cost"
)

// Saves continues a sentence about bytes that come back.
func Saves(m cost.Money, known bool) string {
	if !known {
		return ""
	}
	return ", which saves " + m.String() + " a month"
}

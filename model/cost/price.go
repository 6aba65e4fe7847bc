// Package cost turns stored bytes into money: what a repository costs a month,
// and what a change saves. It is pure: it imports the standard library and its
// siblings in model.
package cost

import (
	"regatta/model/image"
	"regatta/model/text"
)

// GB is how many bytes a price is for. Amazon counts storage in units of 2^30
// bytes and calls them GB (S3 pricing, FAQ); for ECR it says no other.
const GB = 1 << 30

// Price is what a GB of storage costs a month, by class. The zero Price is that
// of a registry of which none is known.
type Price struct {
	Standard float64 `json:"standard"`
	Archive  float64 `json:"archive"`
	Currency string  `json:"currency"` // ISO 4217
	From     string  `json:"from"`     // who says so, and when: "AWS, us-east-1, September 2026"
}

// Known reports whether there is a price.
func (p Price) Known() bool { return p.Currency != "" }

// Month is what stored bytes cost a month. It reports false where the price or
// the bytes are not known: that is not the same as nothing.
func (p Price) Month(s image.Stored) (Money, bool) {
	if !p.Known() || !s.Known {
		return Money{}, false
	}
	amount := float64(s.Standard)/GB*p.Standard + float64(s.Archived)/GB*p.Archive
	return Money{Amount: amount, Currency: p.Currency, AtMost: s.AtMost}, true
}

// MonthOf is what repositories cost together, and how many of them that is: none if
// nothing is known of any.
func (p Price) MonthOf(all []image.Repository) (sum Money, n int) {
	for _, r := range all {
		if m, ok := p.Month(r.Stored); ok {
			sum = sum.Plus(m)
			n++
		}
	}
	return sum, n
}

// Saves is what it saves a month when bytes of standard storage go.
func (p Price) Saves(bytes int64, atMost bool) (Money, bool) {
	return p.Month(image.Stored{Known: true, Standard: bytes, AtMost: atMost})
}

// Clean is the price with text that is safe to show: it may come from a file.
func (p Price) Clean() Price {
	p.Currency, p.From = text.Clean(p.Currency), text.Clean(p.From)
	return p
}

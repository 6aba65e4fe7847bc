package cost

import (
	"encoding/json"
	"math"
	"strings"

	"github.com/dustin/go-humanize"
)

// Money is an amount in a currency.
type Money struct {
	Amount   float64
	Currency string
	AtMost   bool // the amount is an upper bound
	AtLeast  bool // the amount is a lower bound; with AtMost it is neither
}

// Plus is the sum of two amounts of one currency.
func (m Money) Plus(n Money) Money {
	if m.Currency == "" {
		return n
	}
	m.Amount += n.Amount
	m.AtMost, m.AtLeast = m.AtMost || n.AtMost, m.AtLeast || n.AtLeast
	return m
}

// String is the amount to the hundredth: "$12.30", "≤ $12.30", "≥ $12.30", "< $0.01",
// "CHF 3.00".
func (m Money) String() string {
	sign := map[string]string{"USD": "$", "EUR": "€", "GBP": "£"}[m.Currency]
	if sign == "" {
		sign = m.Currency + " "
	}
	const least = 0.01
	if m.Amount > 0 && m.Amount < least && !m.AtLeast {
		return "< " + sign + "0.01"
	}
	whole, cents := math.Modf(math.Round(m.Amount*100) / 100)
	out := sign + humanize.Commaf(whole) + "." + twoDigits(int(math.Round(cents*100)))
	return m.bound() + out
}

// bound is the sign before an amount that is not exact.
func (m Money) bound() string {
	switch {
	case m.Amount <= 0:
		return ""
	case m.AtMost && m.AtLeast:
		return "about "
	case m.AtMost:
		return "≤ "
	case m.AtLeast:
		return "≥ "
	}
	return ""
}

func twoDigits(n int) string {
	const digits = "0123456789"
	return digits[n/10:n/10+1] + digits[n%10:n%10+1]
}

// Rounded is the amount to the hundredth of a cent.
func (m Money) Rounded() float64 {
	const parts = 10_000
	return math.Round(m.Amount*parts) / parts
}

// MarshalJSON writes the amount to the hundredth of a cent.
func (m Money) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Amount   float64 `json:"amount"`
		Currency string  `json:"currency"`
		AtMost   bool    `json:"atMost"`
		AtLeast  bool    `json:"atLeast,omitempty"`
	}{m.Rounded(), m.Currency, m.AtMost, m.AtLeast})
}

// Currency reports whether s has the form of a currency's code, such as EUR.
func Currency(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}

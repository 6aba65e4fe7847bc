package cost_test

import (
	"encoding/json"
	"testing"

	"pgregory.net/rapid"

	"regatta/model/cost"
	"regatta/model/image"
)

var euros = cost.Price{Standard: 0.10, Archive: 0.05, Currency: "EUR"}

// A month costs each class its price, per 2^30 bytes.
func TestMonth(t *testing.T) {
	t.Parallel()
	m, ok := euros.Month(image.Stored{Known: true, Standard: 20 * cost.GB, Archived: 10 * cost.GB})
	if !ok || m.String() != "€2.50" {
		t.Errorf("%s, %v", m, ok)
	}
	if m, ok := euros.Saves(3*cost.GB/2, true); !ok || m.String() != "≤ €0.15" {
		t.Errorf("%s, %v", m, ok)
	}
}

// What is not known costs something unknown, which is not nothing.
func TestUnknown(t *testing.T) {
	t.Parallel()
	if m, ok := euros.Month(image.Stored{Standard: cost.GB}); ok {
		t.Errorf("unknown bytes cost %s", m)
	}
	if m, ok := (cost.Price{}).Month(image.Stored{Known: true, Standard: cost.GB}); ok {
		t.Errorf("without a price it is %s", m)
	}
	if m, ok := euros.Month(image.Stored{Known: true}); !ok || m.String() != "€0.00" {
		t.Errorf("an empty repository costs %s, %v", m, ok)
	}
}

func TestMoneyInWords(t *testing.T) {
	t.Parallel()
	for want, m := range map[string]cost.Money{
		"< $0.01":     {Amount: 0.0001, Currency: "USD", AtMost: true},
		"$0.01":       {Amount: 0.01, Currency: "USD"},
		"$1.00":       {Amount: 0.999, Currency: "USD"},
		"≤ $1,234.05": {Amount: 1234.051, Currency: "USD", AtMost: true},
		"≥ $1,234.05": {Amount: 1234.051, Currency: "USD", AtLeast: true},
		"≥ $0.00":     {Amount: 0.0001, Currency: "USD", AtLeast: true},
		"about $3.20": {Amount: 3.2, Currency: "USD", AtLeast: true, AtMost: true},
		"CHF 3.20":    {Amount: 3.2, Currency: "CHF"},
		"£0.00":       {Currency: "GBP", AtMost: true},
	} {
		if got := m.String(); got != want {
			t.Errorf("%+v is %q, want %q", m, got, want)
		}
	}
	raw, err := json.Marshal(cost.Money{Amount: 1.234567, Currency: "USD", AtMost: true})
	if err != nil || string(raw) != `{"amount":1.2346,"currency":"USD","atMost":true}` {
		t.Errorf("%s, %v", raw, err)
	}
}

// The parts cost together what the whole costs, and a bound stays one.
func TestPlus(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		size := rapid.Int64Range(0, 1<<50)
		a, b := size.Draw(t, "a"), size.Draw(t, "b")
		bound := rapid.Bool().Draw(t, "bound")
		x, _ := euros.Saves(a, bound)
		y, _ := euros.Saves(b, false)
		whole, _ := euros.Saves(a+b, bound)
		sum := cost.Money{}.Plus(x).Plus(y)
		if d := sum.Amount - whole.Amount; d > 1e-6 || d < -1e-6 || sum.AtMost != bound || sum.Currency != "EUR" {
			t.Fatalf("%+v, want %+v", sum, whole)
		}
	})
}

func TestCurrency(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]bool{"USD": true, "usd": false, "EURO": false, "": false, "U$D": false} {
		if cost.Currency(s) != want {
			t.Errorf("%q: %v", s, !want)
		}
	}
}

// Repositories of which nothing is known cost no known amount, and hide no other.
func TestMonthOfRepositories(t *testing.T) {
	t.Parallel()
	p := cost.Price{Standard: 0.1, Currency: "USD"}
	known := image.Repository{Stored: image.Stored{Known: true, Standard: 10 * cost.GB}}
	if sum, n := p.MonthOf([]image.Repository{known, {}, known}); n != 2 || sum.Amount != 2 || sum.Currency != "USD" {
		t.Errorf("%v of %d", sum, n)
	}
	if _, n := p.MonthOf([]image.Repository{{}}); n != 0 {
		t.Errorf("%d are known", n)
	}
}

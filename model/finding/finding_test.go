package finding_test

import (
	"strings"
	"testing"

	"pgregory.net/rapid"

	"regatta/model/finding"
)

func TestCounts(t *testing.T) {
	t.Parallel()
	c := finding.Counts{finding.Critical: 1, finding.Low: 3}
	if c.Total() != 4 || c.Most() != 3 || c.String() != "1 critical, 3 low" || c.Short() != "1C 3L" {
		t.Errorf("%d, %d, %q, %q", c.Total(), c.Most(), c.String(), c.Short())
	}
	if s, ok := c.Worst(); s != finding.Critical || !ok {
		t.Errorf("the worst is %v, %v", s, ok)
	}
	if _, ok := (finding.Counts{}).Worst(); ok || (finding.Counts{}).String() != "none" {
		t.Error("nothing has a worst")
	}
}

// A severity is read as it is written; what is not one is the least.
func TestParseSeverity(t *testing.T) {
	t.Parallel()
	for _, s := range finding.Severities() {
		if got := finding.ParseSeverity(strings.ToUpper(s.String())); got != s {
			t.Errorf("%v is read as %v", s, got)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		if s := finding.ParseSeverity(rapid.String().Draw(t, "severity")); s > finding.Undefined {
			t.Fatalf("severity %d", s)
		}
	})
}

// Every state but those with findings says why there are none.
func TestMissing(t *testing.T) {
	t.Parallel()
	for _, s := range []finding.State{
		finding.NotScanned, finding.Pending, finding.Failed, finding.Unsupported, finding.Expired, finding.Unavailable,
		finding.Limited, finding.Archived, "STRANGE",
	} {
		if r := (finding.Report{State: s}); r.Missing() == "" || r.Scanned() {
			t.Errorf("%s: %q, %v", s, r.Missing(), r.Scanned())
		}
	}
	if r := (finding.Report{State: finding.Complete}); r.Missing() != "" || !r.Scanned() {
		t.Error("a complete scan is no scan")
	}
}

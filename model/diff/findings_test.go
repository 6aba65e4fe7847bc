package diff_test

import (
	"testing"

	"regatta/model/diff"
	"regatta/model/finding"
)

func found(name, in string) finding.Finding {
	return finding.Finding{Name: name, Packages: []finding.Package{{Name: in}}}
}

func TestCompareFindings(t *testing.T) {
	t.Parallel()
	before := finding.Report{
		State: finding.Complete, Findings: []finding.Finding{found("CVE-1", "a"), found("CVE-2", "a"), found("CVE-2", "b")},
	}
	after := finding.Report{State: finding.Complete, Findings: []finding.Finding{found("CVE-2", "a"), found("CVE-3", "c")}}
	got := diff.CompareFindings(before, after)
	if !got.Known() || len(got.Gone) != 2 || got.Gone[0].Name != "CVE-1" || got.Gone[1].Packages[0].Name != "b" {
		t.Errorf("gone: %+v", got.Gone)
	}
	if len(got.New) != 1 || got.New[0].Name != "CVE-3" {
		t.Errorf("new: %+v", got.New)
	}
	after.State, after.Findings = finding.NotScanned, nil
	if got := diff.CompareFindings(before, after); got.Known() || len(got.Gone)+len(got.New) > 0 {
		t.Errorf("of what was not scanned nothing is known: %+v", got)
	}
}

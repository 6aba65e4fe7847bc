package cli

import (
	"testing"

	"regatta/registry/sandbox"
)

// openScanned goes to an image of the account that was scanned.
func openScanned(s *stage, tag string) {
	s.Advance(settle).Press("/").Type("tag:" + tag).Press("enter").Advance(settle).Press("enter").Advance(settle)
	s.Press("8").Advance(settle)
}

// Findings are of the platform that is looked at, can be filtered, sorted and
// saved.
func TestFindingsTab(t *testing.T) {
	t.Parallel()
	perform(t, onAccount(), func(s *stage) {
		openScanned(s, "v2.11.0")
		s.See("findings in linux/amd64 · by severity", "CVE-2026-")
		s.Press("/").Type("severity:low").Press("enter").Advance(settle)
		s.See("filter severity:low").SeeNot("CVE-2026-10044", "CVE-2026-10058")
		s.Press("s").Advance(settle).See("by score")
		s.See("/ filter", "s sort")
		s.Press("esc").Advance(settle).See("CVE-2026-10001").SeeNot("filter severity:low")
		s.Press("1").Advance(settle).See("1 critical, 1 high, 1 low")
	})
}

// A permission that is missing is told by its name, and the other tabs are there.
func TestFindingsDenied(t *testing.T) {
	t.Parallel()
	with := onAccount()
	with.options.Account.Keys = map[string]sandbox.Role{"AKIADEMO": {Denied: []string{"ecr:DescribeImageScanFindings"}}}
	perform(t, with, func(s *stage) {
		openScanned(s, "v3.3.0")
		s.See("denied: the", "permission ecr:DescribeImageScanFindings is missing")
		s.Press("1").Advance(settle).See("entrypoint").SeeNot("DescribeImageScanFindings")
	})
}

// Where images are not scanned there is no such tab.
func TestNoFindingsElsewhere(t *testing.T) {
	t.Parallel()
	perform(t, in("shop/api"), func(s *stage) {
		s.Advance(settle).Press("enter").Advance(settle).See("7 raw").SeeNot("8 findings")
	})
}

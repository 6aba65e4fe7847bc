package ecr

import (
	"cmp"
	"slices"
	"time"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/prng"
	"regatta/registry/sandbox/internal/store"
)

// findings are what a basic scan found (API reference, ImageScanFindings).
type findings struct {
	CompletedAt aws.Time       `json:"imageScanCompletedAt"`
	SourceAt    aws.Time       `json:"vulnerabilitySourceUpdatedAt"`
	Counts      map[string]int `json:"findingSeverityCounts"`
	Findings    []finding      `json:"findings"`
}

type finding struct {
	Name        string      `json:"name"`
	Description string      `json:"description"`
	URI         string      `json:"uri"`
	Severity    string      `json:"severity"`
	Attributes  []attribute `json:"attributes"`
}

type attribute struct {
	Key   string `json:"key"`
	Value string `json:"value"`
}

func pageFindings(in aws.Paging, m store.Manifest, s scan) (*findings, string, error) {
	all := found(m.Digest)
	counts := map[string]int{}
	for _, f := range all {
		counts[f.Severity]++
	}
	n, err := in.Size(100, 1000)
	if err != nil {
		return nil, "", err
	}
	start := 0
	if err := in.Place(&start); err != nil {
		return nil, "", err
	}
	rest := all[min(max(start, 0), len(all)):]
	next := ""
	if len(rest) > n {
		rest, next = rest[:n], aws.Token(start+n)
	}
	completed := s.started.Add(scanTime)
	return &findings{
		CompletedAt: aws.Time(completed), SourceAt: aws.Time(completed.Truncate(24 * time.Hour)),
		Counts: counts, Findings: rest,
	}, next, nil
}

// found makes up what is wrong with an image, the same for the same digest, the
// worst first.
func found(digest string) []finding {
	src := prng.New("findings of " + digest)
	all := []finding{}
	for _, w := range weaknesses() {
		if !src.Chance(450) {
			continue
		}
		all = append(all, finding{
			Name: w.name, Severity: w.severity, Description: w.description,
			URI: "https://security-tracker.debian.org/tracker/" + w.name,
			Attributes: []attribute{
				{"package_name", w.pkg}, {"package_version", w.version}, {"CVSS2_SCORE", w.score},
			},
		})
	}
	slices.SortStableFunc(all, func(a, b finding) int {
		return cmp.Compare(slices.Index(severities(), a.Severity), slices.Index(severities(), b.Severity))
	})
	return all
}

func severities() []string {
	return []string{"CRITICAL", "HIGH", "MEDIUM", "LOW", "INFORMATIONAL", "UNDEFINED"}
}

type weakness struct{ name, severity, pkg, version, score, description string }

// weaknesses are made up, names and all.
func weaknesses() []weakness {
	return []weakness{
		{"CVE-2026-10001", "CRITICAL", "openssl", "3.0.11-1", "9.8", "A made-up overflow while a handshake is resumed."},
		{"CVE-2026-10017", "HIGH", "curl", "7.88.1-10", "7.5", "A made-up leak of credentials across redirects."},
		{"CVE-2026-10023", "HIGH", "glibc", "2.36-9", "7.1", "A made-up overflow in iconv."},
		{"CVE-2026-10044", "MEDIUM", "zlib", "1:1.2.13", "6.5", "A made-up endless loop on crafted input."},
		{"CVE-2026-10058", "MEDIUM", "perl", "5.36.0-7", "5.9", "A made-up check of certificates that is skipped."},
		{"CVE-2026-10071", "LOW", "tar", "1.34", "3.3", "A made-up crash on a truncated archive."},
		{"CVE-2026-10090", "LOW", "bash", "5.2.15-2", "2.1", "A made-up way out of restricted shells."},
		{"CVE-2026-10102", "INFORMATIONAL", "tzdata", "2024a", "0", "Made-up zones are out of date."},
	}
}

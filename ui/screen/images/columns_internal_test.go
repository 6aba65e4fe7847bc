package images

import (
	"testing"

	"regatta/model/finding"
	"regatta/model/image"
	"regatta/theme"
)

// The row says what a scan has found, and warns of what is bad.
func TestRowsTellFindings(t *testing.T) {
	t.Parallel()
	bad := &image.Image{SBOMs: 1, Findings: &finding.Counts{finding.Critical: 2, finding.Low: 1}}
	if c := withCell(bad); c.Text != "sbom 2C 1L" || c.Role != theme.Warn {
		t.Errorf("%+v", c)
	}
	if c := withCell(&image.Image{Findings: &finding.Counts{finding.Low: 3}}); c.Text != "3L" || c.Role != theme.OK {
		t.Errorf("%+v", c)
	}
	if c := withCell(&image.Image{}); c.Text != "" {
		t.Errorf("%+v", c)
	}
}

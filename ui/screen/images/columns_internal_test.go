package images

import (
	"testing"

	"regatta/model/column"
	"regatta/model/finding"
	"regatta/model/image"
)

// The row says what a scan has found, and warns of what is bad.
func TestRowsTellFindings(t *testing.T) {
	t.Parallel()
	bad := &image.Image{SBOMs: 1, Findings: &finding.Counts{finding.Critical: 2, finding.Low: 1}}
	if c := withCell(bad, 0); c.Text != "sbom 2C 1L" || c.Tone != column.Warn {
		t.Errorf("%+v", c)
	}
	if c := withCell(&image.Image{Findings: &finding.Counts{finding.Low: 3}}, 0); c.Text != "3L" || c.Tone != column.OK {
		t.Errorf("%+v", c)
	}
	if c := withCell(&image.Image{}, 0); c.Text != "" {
		t.Errorf("%+v", c)
	}
}

package rollback_test

import (
	"testing"

	"regatta/model/finding"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/rollback"
)

func TestProfile(t *testing.T) {
	t.Parallel()
	on := func(arch string, size int64) image.PlatformImage {
		return image.PlatformImage{
			Platform: image.Platform{OS: "linux", Architecture: arch}, Digest: ref.DigestOf([]byte(arch)), Size: size,
		}
	}
	p := rollback.Profile{Platforms: []image.PlatformImage{on("arm64", 1), on("amd64", 2), {}}}
	if p.Where() != "arm64 amd64" || p.Standing() != ref.DigestOf([]byte("amd64")) {
		t.Errorf("%q, %s", p.Where(), p.Standing())
	}
	low, high := finding.Counts{finding.Low: 9}, finding.Counts{finding.High: 1}
	of := func(d ref.Digest) *finding.Counts {
		switch d {
		case ref.DigestOf([]byte("amd64")):
			return &low
		case ref.DigestOf([]byte("arm64")):
			return &high
		}
		return nil
	}
	if got := p.Scanned(of).Findings; got == nil || *got != high {
		t.Errorf("the worst platform has %v", got)
	}
	p.Findings = &low
	if got := p.Scanned(of).Findings; *got != low {
		t.Errorf("what the listing says of the image is %v", got)
	}
	for revision, want := range map[string]string{
		"0123456789abcdef0123456789abcdef01234567": "01234567", "release-2026-11-20": "release-2026-11-20", "": "",
	} {
		if got := (rollback.Profile{Revision: revision}).Commit(); got != want {
			t.Errorf("%q is written %q", revision, got)
		}
	}
}

// What nobody has read has no size, whatever its field says.
func TestListedIsWhatTheListingTells(t *testing.T) {
	t.Parallel()
	c := rollback.Candidate{Image: image.Image{Size: 7}}
	if got := c.Listed(); got.Size != 0 || got.Read {
		t.Errorf("%+v", got)
	}
	c.Image.State = image.Read
	if got := c.Listed(); got.Size != 7 || got.Read {
		t.Errorf("%+v", got)
	}
}

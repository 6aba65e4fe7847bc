package image_test

import (
	"errors"
	"slices"
	"testing"
	"time"

	"regatta/model/finding"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/supply"
	"regatta/ui/uitest"
)

func node(kind supply.Kind, figure string, docs ...supply.Document) *supply.Node {
	return &supply.Node{Kind: kind, Descriptor: image.Descriptor{Digest: d(figure), Size: 9_999}, Via: "referrers", Documents: docs}
}

func TestReferrers(t *testing.T) {
	t.Parallel()
	s := small()
	doc := func(kind supply.Kind, size int64) supply.Document {
		return supply.Document{Kind: kind, Layer: image.Descriptor{Size: size, MediaType: "application/spdx+json"}}
	}
	inner := node(supply.Subject, "a", doc(supply.Other, 1))
	inner.Descriptor.Platform = &image.Platform{OS: "linux", Architecture: "amd64"}
	inner.Nodes = []*supply.Node{node(supply.SBOM, "5", doc(supply.SBOM, 4_000))}
	sig := node(supply.Signature, "7")
	sig.Signatures = []supply.Claim{{Verdict: supply.Refused, Identity: "me@x"}}
	lost := node(supply.Other, "8")
	lost.Err = errors.New("it is gone")
	s.tree.Nodes = []*supply.Node{sig, node(supply.SBOM, "6", doc(supply.SBOM, 1_000), doc(supply.Other, 2_000)), inner, lost}
	s.slow["f"] = time.Second
	perform(t, s, 100, 30, func(drv *uitest.Driver) {
		if drv.Advance(settle); s.heard("supply") != 0 {
			t.Error("it is read though nobody looks")
		}
		drv.Press("6").See("reading what refers to the image …").Press("1", "6").Advance(settle).SeeLine(`▌ +signature +refused, claims me@x`)
		drv.SeeLine(`^ +SBOM .*spdx .*3\.0 kB +6666`)
		drv.SeeLine(`^ +linux/amd64 .*10\.0 kB|^ +linux/amd64 .*10 kB`).SeeLine(`^    +SBOM .* 4\.0 kB +5555`).SeeLine(`artifact +it is gone`)
		drv.See(string(d("7"))+"  referrers", "refused, claims me@x")
		drv.Press("enter").See("opened document 7.").Press("h").Press("j", "enter").See("opened packages of a, SBOM.")
		drv.Press("h") // of the platform that is looked at: an index is not scanned
		drv.Press("j", "enter").See("opened image registry.example/app@sha256:a.").Press("h").Press("j", "enter").See("opened packages of a, SBOM.").Press("h")
		drv.Press("C").See("copied digest 555555555555").Press("1", "6", "2", "6")
		if n := s.heard("supply"); n != 1 {
			t.Errorf("read %d times", n)
		}
		s.mu.Lock()
		s.treeErr = errors.New("the registry broke")
		s.mu.Unlock()
		drv.Press("r").Advance(2*settle).See("the registry broke", "✗").SeeNot("signature").Press("enter").See("nothing here to open").Press("1").SeeNot("broke")
	})
	none := small()
	perform(t, none, 100, 30, func(drv *uitest.Driver) {
		drv.Press("6").Advance(settle).See("Nothing refers to this image: no signature, no SBOM, no attestation.").Press("C").See("copied digest ffffffffffff")
	})
}

func scanned() *shop {
	s := small()
	s.scans = map[ref.Digest]finding.Report{d("b"): {State: finding.Complete, Completed: time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC)}, d("a"): {
		State: finding.Complete, Completed: time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC), Counts: finding.Counts{finding.Critical: 1, finding.Low: 2},
		Findings: []finding.Finding{
			{Name: "CVE-3", Severity: finding.Low, Packages: []finding.Package{{Name: "zlib", Version: "1"}}},
			{
				Name: "CVE-1", Severity: finding.Critical, Score: 9.8, Description: "a bad one", URI: "https://cve.example/1",
				Packages: []finding.Package{{Name: "openssl", Version: "3.0", Fixed: "3.1"}, {Name: "libssl"}},
			},
			{Name: "CVE-2", Severity: finding.Low, Score: 9.9},
		},
	}}
	return s
}

func TestFindings(t *testing.T) {
	t.Parallel()
	s := scanned()
	var rows [][]string
	s.save = func(r [][]string) (string, error) { rows = r; return "/tmp/", nil }
	s.slow["a"] = time.Second
	perform(t, s, 100, 30, func(drv *uitest.Driver) {
		drv.Press("8").Advance(1500 * time.Millisecond).See("asking for findings …").Press("s").See("there are no findings on this tab").Press("up")
		drv.Advance(settle).SeeLine(`critical +1  ━{12}.*scanned 1d ago`).SeeLine(`low +2  ━{24}`).SeeNot("medium")
		drv.See("3 findings in linux/amd64 · by severity", "/ filter")
		drv.SeeLine(`▌ +critical +CVE-1 +openssl \+1 +3\.0 +3\.1 +9\.8`).SeeLine(`low +CVE-2 +— +— +— +9\.9`).SeeLine(`low +CVE-3 +zlib +1 +— +—`)
		drv.See("a bad one", "https://cve.example/1")
		drv.Press("s").See("by score").CursorOn("CVE-1").Press("g").CursorOn("CVE-2").Press("s").See("by package").Press("s").See("by name").Press("s")
		drv.See("by severity").Press("g").CursorOn("CVE-1")
		drv.Press("/").Type("is:fixed").Press("enter").See("1 / 3 findings", "filter is:fixed").SeeNot("CVE-2").Press("esc").See("CVE-2")
		drv.Press("/").Type("package:libssl").Press("enter").See("1 / 3").Press("esc").Press("ctrl+s").See("saved 3 rows to /tmp/findings")
		want := [][]string{
			{"severity", "name", "package", "version", "fixedIn", "score"},
			{"critical", "CVE-1", "openssl", "3.0", "3.1", "9.8"},
			{"low", "CVE-2", "", "", "", "9.9"},
			{"low", "CVE-3", "zlib", "1", "", ""},
		}
		if !slices.EqualFunc(rows, want, slices.Equal) {
			t.Errorf("saved %q", rows)
		}
		drv.Press("1").SeeLine(`findings +1 critical, 2 low`).Press("s").See("! sort findings by the next column: there are no findings on this tab")
		drv.Press("o").Advance(settle)
		drv.Press("8").See("The scan of 1999-12-31 00:00:00 UTC has found nothing.").Press("1").SeeLine(`findings +none`).Press("o").Advance(settle)
		drv.Press("8", "/").Type("zlib").Press("enter").See("1 / 3").Press("1", "esc").See(uitest.Home)
	})
}

func TestFindingsThatAreNotThere(t *testing.T) {
	t.Parallel()
	for state, want := range map[finding.State]string{finding.NotScanned: "This image was not scanned", finding.Pending: "The scan is under way.", finding.Failed: "The scan has failed."} {
		s := small()
		s.scans = map[ref.Digest]finding.Report{d("a"): {State: state, Reason: "because"}}
		perform(t, s, 100, 40, func(drv *uitest.Driver) {
			drv.Press("8").Advance(settle).See(want, "because").SeeNot("found nothing").Press("1").SeeLine(`findings +` + string(state)).SeeNot("none")
		})
	}
	s := small()
	s.scans, s.scanErr = map[ref.Digest]finding.Report{}, errors.New("you may not ask")
	perform(t, s, 100, 40, func(drv *uitest.Driver) {
		drv.Press("8").Advance(settle).See("you may not ask", "✗").SeeNot("found nothing").Press("1").SeeNot("findings  ", "✗")
		s.mu.Lock()
		s.scanErr, s.scans = nil, scanned().scans
		s.mu.Unlock()
		drv.Press("r").Advance(settle).Press("8").See("CVE-1")
	})
	broken := scanned()
	broken.failing["a"] = errors.New("the platform is gone")
	perform(t, broken, 100, 40, func(drv *uitest.Driver) {
		if drv.Press("8").Advance(settle).See("the platform is gone").SeeNot("asking …"); broken.heard("findings") != 0 {
			t.Error("asked about an image that is not there")
		}
	})
	// The findings of a platform that is not looked at any more come too late.
	late := scanned()
	late.slow["b"] = 2 * time.Second
	perform(t, late, 100, 40, func(drv *uitest.Driver) {
		drv.Advance(settle).Press("o").Advance(5 * time.Second).Press("o").Advance(time.Second).Press("8").Advance(settle).See("CVE-1").SeeNot("found nothing")
	})
}

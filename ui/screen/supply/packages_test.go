package supply_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/fault"
	"regatta/model/finding"
	"regatta/model/sbom"
	"regatta/ui"
	"regatta/ui/kit"
	"regatta/ui/screen/supply"
	"regatta/ui/uitest"
)

// page is a screen that is led to.
type page struct{ name string }

func (*page) Init() tea.Cmd                        { return nil }
func (*page) Update(tea.Msg) (kit.Intent, tea.Cmd) { return nil, nil }
func (*page) Bindings() []kit.Binding              { return nil }
func (*page) Close()                               {}
func (p *page) View(w, h int) string               { return kit.Block([]string{p.name}, w, h) }

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// bill is a bill of materials, and what a scan has found.
type bill struct {
	doc            sbom.Document
	report         finding.Report
	err, scanErr   error
	slow, slowScan time.Duration
	unscanned      bool
	reads, scans   int
	stopped        int
	saved          [][]string
}

func (b *bill) read(ctx context.Context) (sbom.Document, error) {
	b.reads++
	doc, err := b.doc, b.err
	stopped := pause(ctx, b.slow)
	if stopped != nil {
		b.stopped++
	}
	return doc, cmp.Or(stopped, err)
}

func (b *bill) scan(ctx context.Context) (finding.Report, error) {
	b.scans++
	report, err := b.report, b.scanErr
	return report, cmp.Or(pause(ctx, b.slowScan), err)
}

func found(name string, s finding.Severity, in ...string) finding.Finding {
	f := finding.Finding{Name: name, Severity: s, Description: "it is about " + name}
	for _, p := range in {
		f.Packages = append(f.Packages, finding.Package{Name: p})
	}
	return f
}

// small has four packages, of which two have findings.
func small() *bill {
	return &bill{
		doc: sbom.Document{
			Format: "SPDX 2.3", Name: "shop/api", Tool: "syft 1.0", Created: time.Date(1999, 12, 30, 0, 0, 0, 0, time.UTC),
			Packages: []sbom.Package{
				{Name: "bash", Version: "5.2", Type: "deb", PURL: "pkg:deb/debian/bash@5.2", Licence: "GPL-3.0"},
				{Name: "curl", Version: "8.1", Type: "deb", Licence: "curl"},
				{Name: "left-pad", Version: "1.0", Type: "npm"},
				{Name: "zlib", Version: "1.3", Type: "apk", Licence: "Zlib"},
			},
		},
		report: finding.Report{State: finding.Complete, Counts: finding.Counts{finding.Critical: 1, finding.Low: 2}, Findings: []finding.Finding{
			found("CVE-1", finding.Low, "curl", "zlib"), found("CVE-2", finding.Critical, "zlib"), found("CVE-3", finding.Low, "curl"),
		}},
	}
}

func perform(t *testing.T, b *bill, act func(*uitest.Driver)) {
	t.Helper()
	stage := uitest.Stage{Width: 100, Height: 24}
	stage.Options = func(o *ui.Options) {
		o.Common.Save = func(_ context.Context, name string, rows [][]string) (string, error) {
			b.saved = rows
			return "/tables/" + name, nil
		}
	}
	stage.Screen = func(_ *testing.T, com kit.Common) kit.Screen {
		w := supply.PackagesWiring{Context: catalog.Context{Name: "dev", Host: "registry.example"}, Read: b.read, Findings: b.scan}
		if b.unscanned {
			w.Findings = nil
		}
		return supply.NewPackages(com, w)
	}
	uitest.Perform(t, stage, act)
}

// settle is longer than the list rests.
const settle = time.Second

func TestPackages(t *testing.T) {
	t.Parallel()
	b := small()
	b.slow, b.slowScan = settle, 3*settle
	perform(t, b, func(s *uitest.Driver) {
		s.See("reading the bill of materials …", "› packages", "registry.example").SeeNot("PACKAGE").Press("c").See("there is no package here")
		s.Advance(2*settle).See("SPDX 2.3 of shop/api by syft 1.0, 2d ago", "pkg:deb/debian/bash@5.2").SeeNot("not kept", "CVE")
		s.SeeLine(`^▌ +bash +5\.2 +deb +GPL-3\.0 +·$`).SeeLine(`left-pad +1\.0 +npm +— +·$`).Press("g").See("4 packages · by name\n")
		s.Advance(2 * settle).See("4 packages · by name · 1 critical, 2 low").SeeLine(`curl +8\.1 +deb +curl +2L$`).SeeLine(`zlib +1\.3 +apk +Zlib +1C 1L$`).SeeLine(`^▌ +bash .*GPL-3\.0$`)
		s.Press("G").CursorOn("zlib").SeeLine(`^ critical +CVE-2  it is about CVE-2`).SeeLine(`^ low +CVE-1  it is`).SeeNot("CVE-3")
	})
}

func TestPackagesOrders(t *testing.T) {
	t.Parallel()
	b := small()
	perform(t, b, func(s *uitest.Driver) {
		order := func(by string, want ...string) {
			t.Helper()
			s.Advance(settle).Press("g").See("by " + by)
			for _, w := range want {
				s.CursorOn(w).Press("j")
			}
		}
		order("name", "bash", "curl", "left-pad", "zlib")
		s.Press("s")
		order("findings", "zlib", "curl", "bash", "left-pad")
		s.Press("s")
		order("licence", "left-pad", "bash", "Zlib", "curl")
		s.Press("s")
		order("type", "zlib", "bash", "curl", "left-pad")
		s.ClickOn("PACKAGE").Advance(settle).See("by name").ClickOn("curl").CursorOn("curl")
		for filter, want := range map[string]string{
			"is:affected": "2 / 4", "is:unlicensed": "1 / 4", "finding:CVE-2": "1 / 4", "type:deb": "2 / 4", "licence:gpl*": "1 / 4", "version:1.*": "2 / 4", "pad": "1 / 4",
		} {
			s.Press("/").Type(filter).Press("enter").Advance(settle).See(want+" packages", "filter "+filter).Press("esc").Advance(settle)
		}
		s.Press("ctrl+s").See("/tables/").Press("space", "esc").SeeNot("●").Press("esc").See(uitest.Home)
	})
	want := `[["package" "version" "type" "licence" "findings"] ["bash" "5.2" "deb" "GPL-3.0" ""] ["curl" "8.1" "deb" "curl" "CVE-1 CVE-3"] ` +
		`["left-pad" "1.0" "npm" "" ""] ["zlib" "1.3" "apk" "Zlib" "CVE-1 CVE-2"]]`
	if got := fmt.Sprintf("%q", b.saved); got != want {
		t.Errorf("saved\n%s\nwant\n%s", got, want)
	}
}

func TestCopiesPackages(t *testing.T) {
	t.Parallel()
	perform(t, small(), func(s *uitest.Driver) {
		s.Advance(settle).Press("c").See("copied pkg:deb/debian/bash@5.2").Press("j", "c").See("copied curl 8.1").Advance(settle)
		if got := s.Clipboard(); got != "curl 8.1" {
			t.Errorf("copied %q", got)
		}
	})
}

// What a scan does not tell is said, and hides no package.
func TestNotScanned(t *testing.T) {
	t.Parallel()
	for want, change := range map[string]func(*bill){
		"4 packages · by name · findings: scan: denied": func(b *bill) { b.scanErr, b.report = &fault.Error{Op: "scan", Kind: fault.Denied}, finding.Report{} },
		"4 packages · by name · pending\n":              func(b *bill) { b.report = finding.Report{State: finding.Pending} },
		"4 packages · by name · none\n":                 func(b *bill) { b.report = finding.Report{State: finding.Complete} },
		"4 packages · by name\n":                        func(b *bill) { b.unscanned = true },
		"7 packages more are not kept":                  func(b *bill) { b.doc.Left = 7 },
		" SPDX 2.3\n":                                   func(b *bill) { b.doc.Name, b.doc.Tool, b.doc.Created = "", "", time.Time{} },
	} {
		t.Run(want, func(t *testing.T) {
			t.Parallel()
			b := small()
			change(b)
			mark := map[bool]string{true: "!", false: map[bool]string{true: "·"}[b.report.State == finding.Pending]}[b.scanErr != nil]
			perform(t, b, func(s *uitest.Driver) { s.Advance(settle).See(want, "zlib").SeeLine(`bash .*GPL-3\.0 *` + mark + `$`) })
		})
	}
}

func TestPackagesAgain(t *testing.T) {
	t.Parallel()
	b := small()
	b.err = &fault.Error{Kind: fault.Corrupt, Op: "read", Object: "the bill"}
	perform(t, b, func(s *uitest.Driver) {
		s.See("read the bill: corrupt", "the content is not what its digest says; do not use it").SeeNot("PACKAGE").Press("c").See("there is no package here")
		b.err, b.slow = nil, settle
		s.Press("r").See("reading the bill").Advance(2 * settle).CursorOn("bash")
		b.err, b.scanErr = errors.New("it broke"), errors.New("so did that")
		s.Send(kit.Refresh{}).Advance(2 * settle).See("it broke").SeeNot("bash").Press("c").See("there is no package here") // nothing of what is not shown
		s.Press("r").Advance(settle / 2)
		b.err, b.scanErr, b.slow = nil, nil, 2*settle
		s.Press("r").Advance(settle).See("reading the bill").Advance(2 * settle).CursorOn("bash").See("1 critical").SeeNot("so did that") // the answer to the first is late
		s.Press("r", "esc").Advance(3 * settle).See(uitest.Home)
	})
	if b.reads != 6 || b.scans != 6 || b.stopped != 2 {
		t.Errorf("read %d times, scanned %d, stopped %d", b.reads, b.scans, b.stopped)
	}
}

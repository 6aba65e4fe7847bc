package compare_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/diff"
	"regatta/model/fault"
	"regatta/model/file"
	"regatta/model/finding"
	"regatta/model/ref"
	"regatta/model/sbom"
	"regatta/ui/kit"
	"regatta/ui/screen/compare"
	"regatta/ui/uitest"
)

// opened is a screen that says what it was opened for.
type opened string

func (opened) Init() tea.Cmd                        { return nil }
func (opened) Update(tea.Msg) (kit.Intent, tea.Cmd) { return nil, nil }
func (o opened) View(w, h int) string               { return kit.Block([]string{"opened " + string(o) + "."}, w, h) }
func (opened) Bindings() []kit.Binding              { return nil }
func (opened) Close()                               {}

// d is a digest of one hexadecimal figure.
func d(figure string) ref.Digest { return ref.Digest("sha256:" + strings.Repeat(figure, 64)) }

// settle is as long as reading takes.
const settle = 5 * time.Second

// pair is two images that differ in what is in memory.
type pair struct {
	mu       sync.Mutex
	index    diff.Index
	err      error
	slow     time.Duration
	files    diff.Files
	packages diff.Packages
	findings *diff.Findings // nil: there are no scans
	partErr  error
	asked    map[string]int
	wire     func(*compare.Wiring)
}

func wait(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *pair) part(ctx context.Context, what string, i diff.Image) error {
	p.mu.Lock()
	if p.asked == nil {
		p.asked = map[string]int{}
	}
	p.asked[what+" "+i.Platform]++
	err := p.partErr
	p.mu.Unlock()
	return errors.Join(wait(ctx, p.slow), err)
}

// times is how often something was asked for.
func (p *pair) times(what string) int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.asked[what]
}

func perform(t *testing.T, p *pair, act func(*uitest.Driver)) {
	t.Helper()
	uitest.Perform(t, uitest.Stage{Width: 110, Height: 30, Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		w := compare.Wiring{
			Context: catalog.Context{Name: "dev", Host: "registry.example"},
			From:    ref.Reference{Host: "registry.example", Repository: "app", Tag: "v1"}, To: ref.Reference{Host: "other.example", Repository: "app", Tag: "v2", Digest: d("b")},
			Read: func(ctx context.Context) (diff.Index, error) {
				err := p.part(ctx, "both", diff.Image{})
				p.mu.Lock()
				defer p.mu.Unlock()
				return p.index, errors.Join(err, p.err)
			},
			Open: func(r ref.Reference) kit.Screen { return opened(strings.TrimRight(r.String(), "0ab")) },
			Swap: func() kit.Screen { return opened("the other way round") },
			Files: func(ctx context.Context, i diff.Image) (diff.Files, error) {
				return p.files, p.part(ctx, "files", i)
			},
			Packages: func(ctx context.Context, i diff.Image) (diff.Packages, error) {
				return p.packages, p.part(ctx, "packages", i)
			},
		}
		if p.findings != nil {
			w.Findings = func(ctx context.Context, i diff.Image) (diff.Findings, error) {
				return *p.findings, p.part(ctx, "findings", i)
			}
		}
		if p.wire != nil {
			p.wire(&w)
		}
		return compare.New(com, w)
	}}, act)
}

// small is two images that share two platforms; one of them is the same.
func small() *pair {
	layer := func(figure string, size int64, by string) diff.Layer {
		return diff.Layer{Digest: d(figure), Size: size, By: by}
	}
	kept, gone, came := layer("1", 10e6, "ADD base"), layer("2", 5e6, "RUN old"), layer("3", 20e6, "RUN new")
	amd := diff.Image{
		Platform: "linux/amd64", From: d("4"), To: d("5"),
		Layers: diff.Layers{
			Common: []diff.Layer{kept}, Added: []diff.Layer{came}, Removed: []diff.Layer{gone}, CommonBytes: 10e6, AddedBytes: 20e6, RemovedBytes: 5e6,
			Changes: []diff.Change{{Layer: kept}, {Layer: gone, Side: -1}, {Layer: came, Side: 1}},
		},
		Env: []diff.Value{{Name: "MODE", From: new("a"), To: new("b")}, {Name: "NEW", To: new("x")}, {Name: "OLD", From: new("y")}}, Ports: diff.Names{Added: []string{"80/tcp"}, Removed: []string{"90/tcp"}},
		Labels:   []diff.Value{{Name: "org.opencontainers.image.version", From: new("1"), To: new("2")}, {Name: "z", To: new("1")}},
		Settings: []diff.Value{{Name: "user", From: new("root"), To: new("app")}}, History: diff.Names{Added: []string{"RUN new"}, Removed: []string{"RUN old"}},
	}
	return &pair{index: diff.Index{
		From: d("a"), To: d("b"), FromSize: 15e6, ToSize: 30e6, Transfer: 20e6, Lost: []string{"linux/s390x"}, Gained: []string{"linux/riscv64"},
		Images: []diff.Image{amd, {Platform: "linux/arm64", From: d("6"), To: d("6")}},
	}}
}

func TestOverview(t *testing.T) {
	t.Parallel()
	p := small()
	p.slow = time.Second
	perform(t, p, func(s *uitest.Driver) {
		s.See("reading both images …").SeeLine(`^ - app:v1 *$`).SeeLine(`^ \+ other\.example/app:v2  bbbbbbbbbbbb`).See("comparing …").Press("o")
		s.See("! next platform: they have one platform in common at most")
		s.Press("up").Advance(settle).SeeLine(`^ - app:v1  aaaaaaaaaaaa`).SeeLine(`size before +15 MB  ━{12}$`).SeeLine(`size after +30 MB  ━{24}`)
		s.SeeLine(`to transfer +20 MB  ━{16} .*what the first does not have`)
		s.See(" - platform linux/s390x", " + platform linux/riscv64", "linux/amd64, 1 of 2 platforms")
		s.SeeLine(`linux/amd64 +1 layer kept  \+1 20 MB  -1 5\.0 MB`).SeeLine(`linux/arm64 +the same`).SeeNot("…")
		s.See("DIFFERS IN linux/amd64").SeeLine(`version +1 → 2`).SeeLine(`settings +user`).SeeLine(`environment +1 added, 1 removed, 1 changed`)
		s.SeeLine(`labels +1 added, 1 changed`).SeeLine(`ports +1 added, 1 removed`).SeeLine(`history +1 added, 1 removed`)
		s.Press("o").See("platform linux/arm64").Press("up").See("linux/arm64, 2 of 2 platforms").SeeNot("DIFFERS").Press("o").See("DIFFERS IN linux/amd64")
		s.Press("S").See("opened the other way round.").Press("h").See(uitest.Home)
	})
	same := small()
	same.index = diff.Index{From: d("a"), To: d("a")}
	perform(t, same, func(s *uitest.Driver) {
		s.Advance(settle).See("They are the same image: " + string(d("a"))).Press("2").See("The two have no platform in common.").Press("6")
		s.See("no platform in common").SeeNot("…")
		if same.times("files ") != 0 {
			t.Error("files are read of no platform")
		}
	})
	one := small()
	one.index.Images = one.index.Images[:1]
	one.index.Images[0].Platform = ""
	perform(t, one, func(s *uitest.Driver) { s.Advance(settle).SeeLine(`^ image +1 layer kept`).See("comparing") })
}

func TestTabs(t *testing.T) {
	t.Parallel()
	perform(t, small(), func(s *uitest.Driver) {
		s.Advance(settle).Press("2").See("1 kept (10 MB), 1 added (20 MB), 1 removed (5.0 MB)").SeeLine(`^ +10 MB  ━{7} +1111.*ADD base`)
		s.SeeLine(`^ -  +5\.0 MB .*2222.*RUN old`).SeeLine(`^ \+ +20 MB  ━{14}  3333.*RUN new`)
		s.Press("3")
		s.See("SETTINGS", " - user=root", " + user=app", "ENVIRONMENT", " - MODE=a", " + MODE=b", " + NEW=x", " - OLD=y", "LABELS", "PORTS", " - 90/tcp", " + 80/tcp")
		s.Press("4").See(" - RUN old", " + RUN new").Press("o").See("It is the same image on both sides.").Press("2").See("same image").Press("o", "tab")
		s.See("SETTINGS").Press("shift+tab", "[").See("size before").Press("7").See("no key 7")
		s.ClickOn("3 config").See("SETTINGS").Press("[").SeeNot("SETTINGS").Press("1", "[").Advance(settle).See("0 added (0 B)").Press("]")
		s.See("size before") // round and round
		s.Press("<").See("opened registry.example/app:v1@sha256:.").Press("h", ">").See("opened other.example/app:v2@sha256:.").Press("h", "esc").See(uitest.Home)
	})
	bare := small()
	bare.index.Images[0] = diff.Image{Platform: "linux/amd64", From: d("4"), To: d("5")}
	perform(t, bare, func(s *uitest.Driver) {
		s.Advance(settle).Press("3").See("The configurations say the same.").Press("4").See("Both were built by the same steps.").Press("2")
		s.See("0 kept (0 B), 0 added (0 B)")
	})
	// What is not read yet is opened by the name that it was given.
	early := small()
	early.slow = time.Second
	early.wire = func(w *compare.Wiring) {
		w.From = ref.Reference{Host: "registry.example", Repository: "app", Digest: d("a")}
	}
	perform(t, early, func(s *uitest.Driver) {
		s.Press("<").See("opened registry.example/app@sha256:.").Press("h").Press(">").See("opened other.example/app:v2@sha256:.")
	})
}

func TestStayingWhereOneIs(t *testing.T) {
	t.Parallel()
	p := small()
	for _, n := range "abcdefghijklmnopqrstuvwxyz" {
		p.index.Images[0].Labels = append(p.index.Images[0].Labels, diff.Value{Name: string(n), To: new("1")})
		p.index.Images[0].History.Added = append(p.index.Images[0].History.Added, "RUN "+string(n))
	}
	perform(t, p, func(s *uitest.Driver) {
		s.Advance(settle).Press("3", "G").SeeNot("SETTINGS").Press("4").See("- RUN old").Press("G").SeeNot("RUN old").Press("3")
		s.See("SETTINGS") // a tab begins at its top
		s.Press("1", "o").See("platform linux/arm64")
		p.mu.Lock()
		p.index.Images = p.index.Images[:1]
		p.mu.Unlock()
		s.Press("r").Advance(settle).See("DIFFERS IN linux/amd64").Press("2").SeeNot("no platform in common") // the platform may be gone
	})
}

func TestFindInText(t *testing.T) {
	t.Parallel()
	perform(t, small(), func(s *uitest.Driver) {
		s.Advance(settle).Press("n").See("nothing was searched for yet: /").Press("3").Resize(110, 24).Press("/").Type("80/TCP").Press("enter")
		s.See("80/tcp").SeeNot("is not in this tab")
		s.Press("/").Type("nowhere").Press("enter").See("! nowhere is not in this tab").Press("N").See("! nowhere is not in this tab").Press("g")
		s.See("SETTINGS").Wheel(1).SeeNot("SETTINGS").Wheel(-1).See("SETTINGS").Press("G", "4").See("RUN old")
	})
}

func TestFailing(t *testing.T) {
	t.Parallel()
	p := small()
	p.err = &fault.Error{Kind: fault.Denied, Op: "read", Object: "app:v1"}
	perform(t, p, func(s *uitest.Driver) {
		s.Advance(settle).See("read app:v1: denied", "ask for the permission", "✗").SeeNot("…  ", "size before").Press("2", "5").See("denied")
		p.err = nil
		s.Press("1", "r").Advance(settle).See("size before").SeeNot("denied")
		s.Send(kit.Refresh{}).Advance(settle).See("size before")
		if p.times("both ") != 3 || p.times("packages linux/amd64") != 0 {
			t.Errorf("asked for %v", p.asked)
		}
	})
}

func node(name string, size int64, e file.Entry) *file.Node {
	e.Path, e.Size = name, size
	return &file.Node{Name: name, Entry: &e, Inode: &file.Inode{Size: size}}
}

func TestFilesAndPackages(t *testing.T) {
	t.Parallel()
	p := small()
	p.slow = time.Second
	dir := node("srv", 0, file.Entry{Type: file.Dir})
	p.files = diff.Files{Added: []*file.Node{node("etc/new", 7_000, file.Entry{}), dir}, Removed: []*file.Node{node("etc/old", 5, file.Entry{})}, AddedBytes: 7_000, RemovedBytes: 5, Changed: []diff.FileChange{
		{From: node("bin/a", 10, file.Entry{}), To: node("bin/a", 20, file.Entry{})},
		{From: node("bin/b", 5, file.Entry{Mode: 0o644}), To: node("bin/b", 5, file.Entry{Mode: 0o755})},
		{From: node("bin/c", 5, file.Entry{}), To: node("bin/c", 5, file.Entry{Type: file.Symlink})},
		{From: node("bin/d", 5, file.Entry{Mode: 0o644}), To: node("bin/d", 6, file.Entry{Mode: 0o600})},
	}}
	p.packages = diff.Packages{From: 3, To: 1, Added: []sbom.Package{{Name: "new", Version: "1", Type: "deb"}}, Removed: []sbom.Package{{Name: "old", Version: "0", Type: "npm"}}, Changed: []diff.PackageChange{
		{From: sbom.Package{Name: "ssl", Version: "3.0", Licence: "MIT"}, To: sbom.Package{Name: "ssl", Version: "3.1", Licence: "GPL"}},
		{From: sbom.Package{Name: "same", Version: "1", Licence: "A"}, To: sbom.Package{Name: "same", Version: "1", Licence: "A"}},
	}}
	perform(t, p, func(s *uitest.Driver) {
		s.Advance(settle).Press("6").See("reading files of both …").Press("1", "6").Advance(settle).See("2 added (7.0 kB), 1 removed (5 B), 4 changed")
		s.SeeLine(`^ \+ +7\.0 kB  /etc/new`).SeeLine(`^ \+ +/srv/`).SeeLine(`^ - +5 B  /etc/old`)
		s.SeeLine(`^ ~ +10 B → 20 B  /bin/a$`).SeeLine(`^ ~ +5 B  /bin/b  -rw-r--r-- → -rwxr-xr-x`).SeeLine(`/bin/c  another kind of file`)
		s.SeeLine(`5 B → 6 B  /bin/d  and mode or owner`)
		s.Press("5").See("reading packages of both …").Advance(settle).See("3 → 1 package: 1 added, 1 removed, 2 changed").SeeLine(`^ \+ new +deb +1$`)
		s.SeeLine(`^ - old +npm +0$`).SeeLine(`^ ~ ssl .*3\.0 → 3\.1  MIT → GPL`).SeeLine(`^ ~ same +1$`)
		if s.Press("6", "5", "6"); p.times("files linux/amd64") != 1 || p.times("packages linux/amd64") != 1 {
			t.Errorf("asked for %v", p.asked)
		}
		s.Press("o").See("It is the same image on both sides.")
		p.mu.Lock()
		p.partErr = &fault.Error{Kind: fault.Unsupported, Op: "read files of", Object: "app"}
		p.mu.Unlock()
		p.index.Images[1].To = d("7")
		s.Press("o", "1").Send(kit.Refresh{}).Advance(settle).See("not supported")
	})
	p = small()
	p.partErr = &fault.Error{Kind: fault.Unsupported, Op: "read files of", Object: "app"}
	p.wire = func(w *compare.Wiring) {
		w.Read = func(context.Context) (diff.Index, error) { return p.index, nil }
	}
	perform(t, p, func(s *uitest.Driver) {
		s.Advance(settle).Press("6").Advance(settle).See("read files of app: not supported", "✗", "this registry cannot do it").Press("1")
		s.See("size before").SeeNot("✗", "supported")
	})
}

func TestFindings(t *testing.T) {
	t.Parallel()
	p := small()
	p.findings = &diff.Findings{
		From: finding.Report{State: finding.Complete, Counts: finding.Counts{finding.Low: 1}}, To: finding.Report{State: finding.Complete, Counts: finding.Counts{finding.Critical: 1}},
		New:  []finding.Finding{{Name: "CVE-1", Severity: finding.Critical, Packages: []finding.Package{{Name: "ssl", Version: "3"}, {Name: "z", Version: "1"}}}},
		Gone: []finding.Finding{{Name: "CVE-2", Severity: finding.Low}},
	}
	perform(t, p, func(s *uitest.Driver) {
		s.Advance(settle).Press("7").Advance(settle).See("1 low → 1 critical").SeeLine(`^ \+ critical +CVE-1 +ssl 3, z 1`).SeeLine(`^ - low +CVE-2`)
		s.SeeNot("None comes")
		p.mu.Lock()
		p.findings.New, p.findings.Gone = nil, nil
		p.mu.Unlock()
		s.Press("r").Advance(settle).See("None comes, none goes.")
		p.mu.Lock()
		p.findings.To = finding.Report{State: finding.Pending}
		p.mu.Unlock()
		s.Press("r").Advance(settle).See("Findings can be compared where both images were scanned.", " + The scan is under way.").SeeNot("None comes", "→", " - ThE")
	})
}

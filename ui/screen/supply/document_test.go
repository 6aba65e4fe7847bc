package supply_test

import (
	"cmp"
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"regatta/model/catalog"
	"regatta/model/column"
	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	model "regatta/model/supply"
	"regatta/ui/kit"
	"regatta/ui/screen/supply"
	"regatta/ui/uitest"
)

func digest(hex string) ref.Digest { return ref.Digest("sha256:" + strings.Repeat(hex, 64/len(hex))) }

// paper is a referrer with its first document.
type paper struct {
	node  model.Node
	raw   string
	err   error
	slow  time.Duration
	plain bool // there is no document
}

func (p *paper) read(ctx context.Context) ([]byte, error) {
	return []byte(p.raw), cmp.Or(pause(ctx, p.slow), p.err)
}

func hold(t *testing.T, p *paper, act func(*uitest.Driver)) {
	t.Helper()
	p.node.Descriptor = image.Descriptor{Digest: digest("a")}
	uitest.Perform(t, uitest.Stage{Width: 100, Height: 40, Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		w := supply.DocumentWiring{
			Context: catalog.Context{Name: "dev", Host: "registry.example"}, Node: &p.node, Raw: p.read, Open: func() kit.Screen { return &page{"the manifest"} },
		}
		if p.plain {
			w.Raw = nil
		}
		return supply.NewDocument(com, w)
	}}, act)
}

func TestSignatures(t *testing.T) {
	t.Parallel()
	at := time.Date(1999, 12, 30, 0, 0, 0, 0, time.UTC)
	p := &paper{plain: true, node: model.Node{Kind: model.Signature, Signatures: []model.Claim{
		{Verdict: model.Verified, Key: "ours", Scheme: "cosign", Of: digest("b"), Repository: "shop/api", Identity: "a@b.example", Issuer: "https://issuer.example", Time: at},
		{Verdict: model.Refused, Why: "no key confirms it", Scheme: "notation"},
	}}}
	hold(t, p, func(s *uitest.Driver) {
		s.See("› "+string(model.Signature), string(digest("a"))).SeeNot(" …\n", "DOCUMENT", "BUILD")
		for _, line := range []string{
			`^ verdict +verified with the key ours$`, `^ scheme +cosign$`, `^ of +sha256:bbbb`, `^ repository +shop/api$`, `^ identity +a@b\.example$`, `^ issuer +https://issuer\.example$`,
			`^ signed +1999-12-30 00:00:00 UTC, 2d ago$`, `^ All but the verdict is as the signature claims\.$`, `^ verdict +refused$`, `^ +no key confirms it$`, `^ scheme +notation$`,
		} {
			s.SeeLine(line)
		}
		if n := strings.Count(s.Screen(), "All but the verdict"); n != 1 {
			t.Errorf("what is only claimed is said %d times", n)
		}
		s.Press("enter").See("the manifest").Press("esc", "h").See(uitest.Home)
	})
}

func TestBuild(t *testing.T) {
	t.Parallel()
	p := &paper{raw: `{"b":1}`, slow: settle, node: model.Node{Kind: model.Provenance, Build: &model.Build{
		Format: "SLSA provenance v1", Type: "docker", Builder: "github", Source: "git.example/shop", Commit: "abc", Entry: "Dockerfile", Run: "17",
		Finished: time.Date(1999, 12, 31, 0, 0, 0, 0, time.UTC), Args: map[string]string{"z": "last", "a": "first", "none": ""},
		Materials: []model.Material{{URI: "pkg:docker/alpine", Digest: "sha256:cc"}},
	}}}
	hold(t, p, func(s *uitest.Driver) {
		s.See("not signed: whoever may push could have written this", " …").SeeNot("DOCUMENT", "SIGNATURE", "none")
		for _, line := range []string{
			`^ source +git\.example/shop$`, `^ commit +abc$`, `^ built from +Dockerfile$`, `^ builder +github$`, `^ build type +docker$`, `^ run +17$`,
			`^ finished +1999-12-31 00:00:00 UTC, 1d ago$`, `^ format +SLSA provenance v1$`, `^ pkg:docker/alpine  sha256:cc$`,
		} {
			s.SeeLine(line)
		}
		if screen := s.Screen(); strings.Index(screen, "first") > strings.Index(screen, "last") || !strings.Contains(screen, "ARGUMENTS") || !strings.Contains(screen, "MATERIALS") {
			t.Errorf("arguments are in no order:\n%s", screen)
		}
		s.Advance(2*settle).See("DOCUMENT", `"b": 1`).SeeNot(" …\n")
	})
	p.node.Signatures, p.node.Build.Args, p.node.Build.Materials, p.node.Build.Finished = []model.Claim{{Verdict: model.Unverified}}, nil, nil, time.Time{}
	hold(t, p, func(s *uitest.Driver) {
		s.See("SIGNATURE", "unverified", "BUILD").SeeNot("not signed", "ARGUMENTS", "MATERIALS", "finished", "All but the verdict")
	})
}

func TestNoDocument(t *testing.T) {
	t.Parallel()
	p := &paper{node: model.Node{Kind: model.SBOM, Err: errors.New("it is \x1b[31mtoo large")}, err: &fault.Error{Kind: fault.NotFound, Op: "read", Object: "the document"}}
	hold(t, p, func(s *uitest.Driver) {
		s.See("it is too large", "not found: read the document").SeeNot("DOCUMENT", "\x1b", " …\n").Wheel(1).See("it is too large")
	})
	p = &paper{raw: "[" + strings.Repeat("0,", 99) + "1]", node: model.Node{Kind: model.SBOM}}
	hold(t, p, func(s *uitest.Driver) {
		s.See("DOCUMENT").Press("G").SeeNot("DOCUMENT").Press("g").See("DOCUMENT").Wheel(1).SeeNot("DOCUMENT").Wheel(-1).See("DOCUMENT").Press("j").SeeNot("DOCUMENT")
	})
	for v, want := range map[model.Verdict]column.Tone{
		model.Verified: column.OK, model.Unverified: column.Warn, model.None: column.Dim, model.Refused: column.Danger, model.Broken: column.Danger, "another": column.Danger,
	} {
		if got := supply.Verdict(v); got != want {
			t.Errorf("%s is drawn as %v", v, got)
		}
	}
}

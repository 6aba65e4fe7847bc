package cli

import (
	"context"
	"net/http"
	"path/filepath"
	"testing"
	"testing/synctest"
	"time"

	"github.com/charmbracelet/colorprofile"

	"regatta/cmd/app"
	"regatta/cmd/cli/demo"
	"regatta/cmd/tui"
	"regatta/cmd/tui/desk"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/registry/store"
	"regatta/registry/usage"

	"regatta/cmd/config"
	"regatta/ui/uitest"
)

// stage is the real program on a sandbox, in virtual time.
type stage struct {
	*uitest.Driver

	t       *testing.T // the bubble's
	reg     *sandbox.Registry
	session *app.App
	ctx     context.Context //nolint:containedctx // the bubble's
}

// setup changes what the program starts with.
type setup struct {
	terminal uitest.Terminal
	options  sandbox.Options
	config   func(*config.Config)
	target   *ref.Reference                               // nil: the contexts
	network  http.RoundTripper                            // instead of the sandbox
	behind   time.Duration                                // this machine's clock is behind the registry's
	cluster  func(context, namespace string) usage.Source // instead of kubectl
}

// perform runs play inside a bubble.
func perform(t *testing.T, in setup, play func(s *stage)) {
	t.Helper()
	synctest.Test(t, func(t *testing.T) {
		now := demo.ClockFrom(time.Now(), sandbox.Epoch(), time.Now)
		in.options.Now = now
		reg := sandbox.New(in.options)
		t.Cleanup(func() { _ = reg.Close() })
		c := config.Default()
		c.Cache.Path = store.Memory
		c.Theme = "dark"
		c.Registries = []config.Registry{{Name: "sandbox", Kind: "oci", Host: demo.Host}}
		if in.config != nil {
			in.config(c)
		}
		s := app.New(func() time.Time { return now().Add(-in.behind) }, c, app.Flags{})
		s.Base, s.AWS = reg.Transport(), demo.Credentials
		if in.network != nil {
			s.Base = in.network
		}
		if in.cluster != nil {
			s.Cluster = in.cluster
		}
		ctx, cancel := context.WithCancel(t.Context())
		b := desk.NewBoard(ctx, s)
		t.Cleanup(func() { _ = s.Close() })
		t.Cleanup(b.Wait)
		t.Cleanup(cancel)
		term := in.terminal
		if term.Width == 0 {
			term.Width, term.Height = 120, 40
		}
		s.JournalPath = filepath.Join(t.TempDir(), "journal.db")
		d := uitest.Start(t, tui.New(ctx, s, b, in.target), term)
		play(&stage{Driver: d, t: t, reg: reg, session: s, ctx: ctx})
	})
}

func onSandbox() *ref.Reference { return &ref.Reference{Host: demo.Host} }

const settle = 5 * time.Second

func TestBrowseFromContextsToRawManifest(t *testing.T) {
	t.Parallel()
	perform(t, setup{}, func(s *stage) {
		s.Advance(settle).See("contexts", "sandbox", "✓ answers")
		s.Press("enter").Advance(settle).See("shop/api", "base/go", "ml/ranker")
		s.Press("/").Type("shop/a").Press("enter").Advance(settle).See("2 / 21 repositories")
		s.Press("G", "enter").Advance(settle).See("regatta › contexts › sandbox › shop/api", "v2.")
		s.Press("enter").Advance(settle).See("reference", "entrypoint", "LAYERS")
		s.Press("3").Advance(settle).See("MADE BY", "COPY")
		s.Press("y").See(`"schemaVersion": 2`)
		s.Press("esc", "esc", "esc", "esc").See("✓ answers")
	})
}

func TestNoColourStillShowsTheCursor(t *testing.T) {
	t.Parallel()
	perform(t, setup{target: onSandbox(), terminal: uitest.Terminal{Width: 80, Height: 24, Profile: colorprofile.ASCII}},
		func(s *stage) {
			s.Advance(settle).CursorOn("base/debian")
			s.Press("j").CursorOn("base/distroless")
		})
}

package cli

import (
	"crypto/x509"
	"errors"
	"io"
	"net"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode"

	"github.com/charmbracelet/x/ansi"

	"regatta/cmd/cli/demo"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/ui/uitest"
)

// evil is every way to reach a terminal that a label can hold.
func evil(word string) string {
	return word + "\x1b]0;owned\x07\x1b[2J\x1b[31m\x1bP+q544e\x1b\\\x9b5n\rOVER\b\b\x00\u202edesrever\u2066\u200b界\U000e0041" + word
}

// checkRaw fails if anything but text and styles would reach the terminal.
func checkRaw(t *testing.T, s *stage) {
	t.Helper()
	content := s.View().Content
	rest := content
	for {
		i := strings.IndexByte(rest, 0x1b)
		if i < 0 {
			break
		}
		seq := rest[i:]
		end := strings.IndexByte(seq, 'm')
		if !strings.HasPrefix(seq, "\x1b[") || end < 0 || strings.Trim(seq[2:end], "0123456789;:") != "" {
			t.Fatalf("an escape sequence that is no style reaches the terminal: %q", seq[:min(20, len(seq))])
		}
		rest = seq[end:]
	}
	for _, r := range ansi.Strip(content) + s.View().WindowTitle {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			t.Fatalf("%q reaches the terminal:\n%q", r, s.Screen())
		}
	}
}

func TestNothingHostileReachesTheTerminal(t *testing.T) {
	t.Parallel()
	for _, width := range []int{80, 160} {
		perform(t, setup{
			target: onSandbox(), options: sandbox.Options{Empty: true}, terminal: uitest.Terminal{Width: width, Height: 45},
		}, func(s *stage) {
			img := s.reg.PushImage("evil/app", sandbox.Image{
				Created: sandbox.Epoch().Add(-time.Hour), Layers: []string{"one", "two"},
				History: []string{evil("RUN "), evil("COPY ")}, Env: []string{evil("A=") + "=x"}, Entrypoint: []string{evil("/app")},
				Labels:      map[string]string{evil("key"): evil("value"), "org.opencontainers.image.version": evil("1"), "huge": strings.Repeat("x", 10_000_000)},
				Annotations: map[string]string{evil("note"): evil("text")}, Platform: "linux\x1b[2J/arm\u202e64",
			})
			index := s.reg.PushIndex("evil/app", img)
			s.reg.Tag("evil/app", "v1", index, sandbox.Epoch())
			s.reg.PushArtifact("evil/app", sandbox.Artifact{
				Type: evil("application/spdx"), Subject: index, MediaType: evil("text"), Content: "x", Annotations: map[string]string{evil("a"): evil("b")},
			})
			s.Press("r").Advance(settle).See("evil/app")
			checkRaw(t, s)
			s.Press("enter").Advance(settle).See("v1")
			checkRaw(t, s)
			s.Press("enter").Advance(settle)
			for tab := range 7 {
				s.Press(strconv.Itoa(tab + 1)).Advance(settle)
				checkRaw(t, s)
				s.Press("G")
				checkRaw(t, s)
			}
			s.Press("4").Advance(time.Second).See("huge", "(10 MB)", "OVERdesrever")
			s.reg.Inject(sandbox.Fault{Prefix: "/v2/evil/app/tags", Effect: sandbox.Body{
				Code: 403, ContentType: "application/json", Text: `{"errors":[{"code":"DENIED","message":"no \u001b]0;owned\u0007\u001b[2J\u202e way"}]}`,
			}})
			s.Press("esc", "r").Advance(settle).See("denied")
			checkRaw(t, s)
			s.Press("!").See("errors of this session", "way")
			checkRaw(t, s)
			s.Press("esc", "@").Advance(settle).See("403")
			checkRaw(t, s)
		})
	}
}

// What a registry, or what is in its place, may answer, and the sentence that
// it leads to.
func TestBadAnswersLeadToASentenceWithAdvice(t *testing.T) {
	t.Parallel()
	big := strings.Repeat(" ", 5<<20)
	for name, c := range map[string]struct {
		effect sandbox.Effect
		path   string
		see    []string
	}{
		"HTML":              {sandbox.HTML(200), "/v2/app/tags", []string{"not a registry's answer", "is this a registry?"}},
		"wants auth":        {sandbox.Status{Code: 401}, "/v2/app/tags", []string{"not signed in", "sign in with docker login"}},
		"denies":            {sandbox.Status{Code: 403}, "/v2/app/tags", []string{"denied", "ask for the permission"}},
		"server error":      {sandbox.Status{Code: 502}, "/v2/app/tags", []string{"registry unavailable", "press r to try again"}},
		"not JSON":          {sandbox.Body{Text: "[[[[", ContentType: "application/json"}, "/v2/app/tags", []string{"not a registry's answer"}},
		"manifest of 5 MB":  {sandbox.Body{Text: `{"schemaVersion":2}` + big, ContentType: "application/json"}, "/v2/app/manifests/v1", []string{"too large"}},
		"deep JSON":         {sandbox.Body{Text: strings.Repeat("[", 200_000), ContentType: "application/json"}, "/v2/app/manifests/v1", []string{"cannot be read"}},
		"no manifest":       {sandbox.Body{Text: `"hello"`, ContentType: "application/json"}, "/v2/app/manifests/v1", []string{"cannot be read"}},
		"hangs":             {sandbox.Hang{}, "/v2/app/tags", []string{"timed out", "press r to try again"}},
		"wrong digest":      {sandbox.Corrupt{At: 30, Count: 4}, "/v2/app/manifests/v1", []string{"cannot be read"}},
		"tag that vanished": {sandbox.Status{Code: 404}, "/v2/app/manifests/v1", []string{"not found"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			with := setup{
				target: &ref.Reference{Host: demo.Host, Repository: "app"}, options: sandbox.Options{Empty: true},
				terminal: uitest.Terminal{Width: 160, Height: 45},
			}
			perform(t, with, func(s *stage) {
				for _, tag := range []string{"v1", "v2"} {
					img := s.reg.PushImage("app", sandbox.Image{Created: sandbox.Epoch(), Layers: []string{tag}})
					s.reg.Tag("app", tag, img, sandbox.Epoch())
				}
				s.reg.Inject(sandbox.Fault{Prefix: c.path, Effect: c.effect})
				s.Press("R").Advance(2 * time.Minute)
				if strings.Contains(c.path, "manifests") {
					s.SeeLine(`v2 .* linux|v2 .* amd64`).Press("G") // the other row works
				}
				s.See(c.see...)
				checkRaw(t, s)
			})
		})
	}
}

// refusing is a network on which every connection fails.
type refusing struct{ err error }

func (r refusing) RoundTrip(req *http.Request) (*http.Response, error) {
	if req.Body != nil {
		_, _ = io.Copy(io.Discard, req.Body)
	}
	return nil, r.err
}

func TestHostsThatCannotBeReached(t *testing.T) {
	t.Parallel()
	dial := func(err error) error { return &net.OpError{Op: "dial", Net: "tcp", Err: err} }
	for name, c := range map[string]struct {
		err error
		see []string
	}{
		"does not resolve": {dial(&net.DNSError{Err: "no such host", Name: "nowhere.example", IsNotFound: true}), []string{"host not found", "VPN or DNS"}},
		"bad certificate":  {dial(x509.UnknownAuthorityError{}), []string{"certificate not trusted", "tls.ca"}},
		"refuses":          {dial(errors.New("connect: connection refused")), []string{"unreachable", "check the port"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			with := setup{target: &ref.Reference{Host: "nowhere.example"}, network: refusing{c.err}, terminal: uitest.Terminal{Width: 160, Height: 45}}
			perform(t, with, func(s *stage) {
				s.Advance(2 * time.Minute).See(c.see...)
				checkRaw(t, s)
				s.Press("esc", "q")
			})
		})
	}
}

func TestAManifestOfUnknownTypeIsShownAsSuch(t *testing.T) {
	t.Parallel()
	with := setup{target: &ref.Reference{Host: demo.Host, Repository: "app"}, options: sandbox.Options{Empty: true}}
	perform(t, with, func(s *stage) {
		const media = "application/vnd.acme.thing.v9+json"
		s.reg.Tag("app", "v1", s.reg.PushRaw("app", media, []byte(`{"schemaVersion":2,"mediaType":"`+media+`"}`)), sandbox.Epoch())
		s.Press("R").Advance(settle).See("acme.thing.v9")
		s.Press("enter").Advance(settle).See("unknown", media).Press("3").See("There is no image here.").Press("7").See(`"schemaVersion": 2`)
	})
}

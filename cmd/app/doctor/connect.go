package doctor

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"time"

	"regatta/cmd/app"
	"regatta/model/fault"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry/oci"
)

// examination is one registry under doctor's eyes. Each check leaves behind
// what the next ones need.
type examination struct {
	session  *app.App
	host     string // as users write it
	endpoint string // as it is reached

	scheme string // what the registry speaks
	answer *http.Response

	mu         sync.Mutex // a check that is late may still be at it when the next one runs
	repository string     // one to try things on
}

// Examine begins to look at a registry.
func Examine(s *app.App, host string) *examination {
	return &examination{session: s, host: host, endpoint: oci.Endpoint(host)}
}

func (e *examination) Checks() []Check {
	return []Check{
		{Name: "name", Blocks: true, Run: e.name},
		{Name: "connection", Blocks: true, Run: e.connect},
		{Name: "tls", Blocks: true, Run: e.tls},
		{Name: "registry", Blocks: true, Run: e.registry},
		{Name: "sign-in", Blocks: true, Run: e.signIn},
		{Name: "catalog", Run: e.catalog},
		{Name: "tag paging", Run: e.paging},
		{Name: "pull times", Run: e.Pulls},
		{Name: "referrers", Run: e.referrers},
		{Name: "clock", Run: e.clock},
		{Name: "limits", Run: e.limits},
		{Name: "store", Local: true, Run: func(context.Context) Finding { return StoreFinding(e.session) }},
	}
}

// proxy is the proxy on the way to the registry, nil if there is none.
func (e *examination) proxy() *url.URL {
	u, err := http.ProxyFromEnvironment(&http.Request{URL: &url.URL{Scheme: "https", Host: e.endpoint}})
	if err != nil {
		return nil
	}
	return u
}

func (e *examination) name(ctx context.Context) Finding {
	name := ref.HostName(e.endpoint)
	switch {
	case ref.IsLoopback(e.endpoint):
		return OK("%s is this machine", name)
	case net.ParseIP(name) != nil:
		return OK("%s is an address", name)
	case e.proxy() != nil:
		return OK("%s is for the proxy %s to find", name, e.proxy().Host)
	}
	found, err := net.DefaultResolver.LookupHost(ctx, name)
	if err != nil {
		return Fail("", "%s does not resolve: %s", name, err.Error()).of(&fault.Error{Kind: fault.Unresolved})
	}
	return OK("%s is %s", name, strings.Join(found, ", "))
}

func (e *examination) connect(ctx context.Context) Finding {
	if p := e.proxy(); p != nil {
		return dial(ctx, "the proxy ", hostPort(p.Host, "80"))
	}
	f := dial(ctx, "", hostPort(e.endpoint, "443"))
	if f.Status == StatusFail && e.plainAllowed() && !hasPort(e.endpoint) {
		return dial(ctx, "", hostPort(e.endpoint, "80"))
	}
	return f
}

func dial(ctx context.Context, what, address string) Finding {
	conn, err := (&net.Dialer{}).DialContext(ctx, "tcp", address)
	if err != nil {
		return Fail("", "%s%s does not accept connections: %s",
			what, address, err.Error()).of(&fault.Error{Kind: fault.Unreachable})
	}
	_ = conn.Close()
	return OK("%s%s accepts connections", what, address)
}

func hasPort(host string) bool {
	_, _, err := net.SplitHostPort(host)
	return err == nil
}

func hostPort(host, port string) string {
	if hasPort(host) {
		return host
	}
	return net.JoinHostPort(ref.HostName(host), port)
}

func (e *examination) plainAllowed() bool {
	return ref.IsLoopback(e.host) || e.session.Flags.PlainHTTP || e.session.RegistryOf(e.host).TLS.PlainHTTP
}

// tls asks for /v2/ and keeps the answer for the checks that follow.
func (e *examination) tls(ctx context.Context) Finding {
	e.scheme = "https"
	err := e.ask(ctx)
	if err == nil {
		return e.certificate()
	}
	if ctx.Err() == nil && e.plainAllowed() {
		e.scheme = "http"
		if e.ask(ctx) == nil && e.answers() {
			return e.plainFinding()
		}
	}
	return Broken(err)
}

// answers tells a registry from a TLS server that is spoken to without TLS.
func (e *examination) answers() bool {
	return e.answer.StatusCode == http.StatusOK || e.answer.StatusCode == http.StatusUnauthorized
}

func (e *examination) plainFinding() Finding {
	if ref.IsLoopback(e.host) {
		return OK("no TLS, which is fine on this machine")
	}
	return Warn("give the registry a certificate", "no TLS: everyone on the way can read and change what is sent")
}

// ask makes one request without credentials.
func (e *examination) ask(ctx context.Context) error {
	target := e.scheme + "://" + e.endpoint + "/v2/"
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, target, http.NoBody)
	if err != nil {
		return fmt.Errorf("ask %s: %w", e.endpoint, err)
	}
	resp, err := e.session.Transport().RoundTrip(req)
	if err != nil {
		return err
	}
	e.answer = resp
	return resp.Body.Close()
}

// certificate says who vouches for the registry, and for how long.
func (e *examination) certificate() Finding {
	state := e.answer.TLS
	if state == nil || len(state.PeerCertificates) == 0 {
		return OK("TLS")
	}
	leaf := state.PeerCertificates[0]
	left := leaf.NotAfter.Sub(e.session.Now())
	said := fmt.Sprintf("%s, certificate by %s until %s, checked with %s",
		tls.VersionName(state.Version), leaf.Issuer.String(), leaf.NotAfter.UTC().Format(time.DateOnly), e.roots())
	const soon = 14 * 24 * time.Hour
	switch {
	case e.session.RegistryOf(e.host).TLS.Insecure:
		return Warn("set tls.ca in the config instead of tls.insecure", "%s: not verified", said)
	case left < soon:
		return Warn("renew the registry's certificate", "%s: it ends in %d days", said, int(left.Hours()/24))
	}
	return OK("%s", said)
}

// roots says which certificate authorities are trusted for the registry.
func (e *examination) roots() string {
	const system = "the system's roots"
	files := e.session.Transport().Authorities(e.endpoint)
	if len(files) == 0 {
		return system
	}
	return system + " and " + strings.Join(files, ", ")
}

// registry goes by the status of /v2/, which is 200 or, where one has to sign
// in, 401 (distribution-spec, endpoint end-1).
func (e *examination) registry(context.Context) Finding {
	media, _, _ := strings.Cut(e.answer.Header.Get("Content-Type"), ";")
	switch code := e.answer.StatusCode; {
	case code == http.StatusUnauthorized:
		return OK("/v2/ asks for credentials, as a registry does")
	case code == http.StatusOK && media != "text/html":
		return OK("/v2/ answers, as a registry does")
	case code == http.StatusOK:
		return Broken(&fault.Error{Kind: fault.Protocol, Detail: "/v2/ is a web page"})
	case code >= http.StatusInternalServerError:
		return Broken(&fault.Error{Kind: fault.Unavailable, Detail: text.Clean(e.answer.Status)})
	default:
		return Broken(&fault.Error{Kind: fault.Protocol, Detail: "/v2/ answers " + text.Clean(e.answer.Status)})
	}
}

func (e *examination) clock(context.Context) Finding {
	at, err := http.ParseTime(e.answer.Header.Get("Date"))
	if err != nil {
		return Skip("the registry does not tell its time")
	}
	skew := e.session.Now().Sub(at).Round(time.Second)
	const most = 2 * time.Minute
	if skew.Abs() <= most {
		return OK("the clocks agree")
	}
	way := "ahead of"
	if skew < 0 {
		way = "behind"
	}
	return Warn("set the clock: tokens are refused when it is wrong", "this machine's clock is %s %s the registry's",
		skew.Abs(), way)
}

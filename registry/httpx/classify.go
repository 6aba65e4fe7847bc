package httpx

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"net/url"
	"strings"

	"regatta/model/fault"
	"regatta/model/redact"
)

// failure is err with the host that it happened with.
func failure(req *http.Request, err error) error { return hostFailure(req.URL.Host, err) }

func hostFailure(host string, err error) error {
	f := *classify(err)
	f.Op, f.Object = "connect to", host
	return &f
}

// classify gives a connection's error its kind. The text of the error may name
// URLs with secrets, so only what is known to be safe stays in the chain.
func classify(err error) *fault.Error {
	if known, ok := errors.AsType[*fault.Error](err); ok {
		return known
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	return &fault.Error{Kind: kindOf(err), Detail: detailOf(err), Err: err}
}

func kindOf(err error) fault.Kind {
	var dns *net.DNSError
	var n net.Error
	switch {
	case errors.Is(err, context.Canceled):
		return fault.Cancelled
	case errors.Is(err, errNoHeader), errors.Is(err, errStalled), errors.Is(err, ErrTooSlow),
		errors.Is(err, context.DeadlineExceeded):
		return fault.Timeout
	case errors.As(err, &dns):
		if dns.IsTimeout {
			return fault.Timeout
		}
		return fault.Unresolved
	case isTLS(err), hungUp(err):
		return fault.TLS
	case errors.As(err, &n) && n.Timeout():
		return fault.Timeout
	case speaksPlain(err), strings.Contains(err.Error(), "malformed HTTP"):
		return fault.Protocol
	}
	return fault.Unreachable
}

// carriesSecret tells requests with credentials: in a header, or in the form
// that token services take (RFC 6749, section 6).
func carriesSecret(req *http.Request) bool {
	return req.Header.Get("Authorization") != "" ||
		strings.HasPrefix(req.Header.Get("Content-Type"), "application/x-www-form-urlencoded")
}

// errExposed refuses to show credentials to the network. Loopback is exempt.
func errExposed() error {
	return &fault.Error{
		Kind: fault.TLS, Detail: "credentials are not sent without TLS to a host for which plain http is not allowed",
	}
}

// speaksPlain tells a host that answers a TLS handshake with something else.
func speaksPlain(err error) bool {
	_, record := errors.AsType[tls.RecordHeaderError](err)
	return record || errors.Is(err, http.ErrSchemeMismatch)
}

func isTLS(err error) bool {
	var (
		authority x509.UnknownAuthorityError
		hostname  x509.HostnameError
		invalid   x509.CertificateInvalidError
		verify    *tls.CertificateVerificationError
		alert     tls.AlertError
	)
	return errors.As(err, &authority) || errors.As(err, &hostname) || errors.As(err, &invalid) ||
		errors.As(err, &verify) || errors.As(err, &alert) ||
		strings.Contains(err.Error(), "remote error: tls:")
}

// hungUp tells a host that ends the connection between the TLS handshake and
// the first frame of HTTP/2. With TLS 1.3 a client certificate is refused then,
// and whether its alert or the end of the connection is seen first is chance.
func hungUp(err error) bool {
	return strings.Contains(err.Error(), "http2: client conn could not be established")
}

func detailOf(err error) string {
	switch {
	case hungUp(err):
		return "the host hung up after the TLS handshake; it may want a client certificate"
	case errors.Is(err, context.Canceled):
		return ""
	case speaksPlain(err):
		return "the host does not speak TLS"
	}
	const most = 300
	r := []rune(redact.Line(err.Error()))
	if len(r) > most {
		return string(r[:most]) + "…"
	}
	return string(r)
}

package oci

import (
	"errors"
	"mime"
	"net/http"
	"net/url"
	"strings"

	"regatta/model/fault"
	"regatta/model/redact"
)

// failed is err as the failure of r, with what is in its chain kept only where
// it is known to be free of secrets.
func failed(r request, err error) *fault.Error {
	if err == nil {
		return nil
	}
	if u, ok := errors.AsType[*url.Error](err); ok {
		err = u.Err
	}
	f := &fault.Error{Op: r.op, Object: r.object, Kind: fault.KindOf(err), Err: err}
	if inner, ok := errors.AsType[*fault.Error](err); ok {
		f.Detail, f.Err = inner.Detail, inner.Err
		return f
	}
	if f.Kind != fault.Cancelled {
		f.Detail = said(err.Error())
	}
	return f
}

func failure(r request, kind fault.Kind, detail string) *fault.Error {
	return &fault.Error{Op: r.op, Object: r.object, Kind: kind, Detail: detail}
}

// refused is the registry's answer to r as an error. Secrets are what r
// carried, so that an answer that repeats them does not spread them.
func refused(r request, resp *http.Response, secrets []string) *fault.Error {
	a := readRefusal(resp)
	f := failure(r, a.kind(), hide(a.detail(), secrets))
	f.Err = statusError(a.status)
	if f.Kind == fault.RateLimited {
		if after := resp.Header.Get("Retry-After"); after != "" {
			f.Detail = strings.TrimPrefix(f.Detail+"; retry after "+said(after), "; ")
		}
	}
	return f
}

func hide(s string, secrets []string) string {
	for _, secret := range secrets {
		if len(secret) > 3 {
			s = strings.ReplaceAll(s, secret, "…")
		}
	}
	return said(s)
}

// said is foreign text in an error: safe for a terminal, free of secrets, and as
// long as a person may want to read.
func said(s string) string { return bounded(redact.Line(s)) }

// bounded cuts a message to what a person may want to read.
func bounded(s string) string {
	const most = 300
	if len(s) <= most {
		return s
	}
	r := []rune(s)
	return string(r[:min(len(r), most)])
}

func isHTML(h http.Header) bool {
	media, _, err := mime.ParseMediaType(h.Get("Content-Type"))
	return err == nil && (media == "text/html" || media == "application/xhtml+xml")
}

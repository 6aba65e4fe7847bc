package oci

import (
	"net/http"
	"net/url"
	"strings"
)

// nextLink is the target of the Link header with rel="next" (RFC 8288;
// distribution-spec, Listing Tags), "" if there is none.
func nextLink(h http.Header) string {
	for _, v := range h.Values("Link") {
		for v != "" {
			var target, params string
			if target, params, v = cutLink(v); target != "" && isNext(params) {
				return target
			}
		}
	}
	return ""
}

// cutLink takes the first `<target>; params` off a list of links.
func cutLink(v string) (target, params, rest string) {
	_, v, ok := strings.Cut(v, "<")
	if !ok {
		return "", "", ""
	}
	target, v, ok = strings.Cut(v, ">")
	if !ok {
		return "", "", ""
	}
	quoted := false
	for i := range len(v) {
		switch {
		case v[i] == '"':
			quoted = !quoted
		case v[i] == ',' && !quoted:
			return target, v[:i], v[i+1:]
		}
	}
	return target, v, ""
}

func isNext(params string) bool {
	for p := range strings.SplitSeq(params, ";") {
		key, value, _ := strings.Cut(strings.TrimSpace(p), "=")
		if !strings.EqualFold(strings.TrimSpace(key), "rel") {
			continue
		}
		for rel := range strings.FieldsSeq(strings.Trim(strings.TrimSpace(value), `"`)) {
			if strings.EqualFold(rel, "next") {
				return true
			}
		}
	}
	return false
}

// follow is where link leads from the page at from. A registry that sends its
// client to another host, or out of its API, is not followed.
func follow(from *url.URL, link string) (path, query string, ok bool) {
	to, err := from.Parse(link)
	if err != nil || to.User != nil || !sameHost(from, to) || !strings.HasPrefix(to.Path, "/v2/") {
		return "", "", false
	}
	return to.Path, to.RawQuery, true
}

// sameHost does not compare the scheme: registries behind a proxy that ends
// TLS often write http, and the client keeps its own.
func sameHost(a, b *url.URL) bool {
	return strings.EqualFold(a.Hostname(), b.Hostname()) && (a.Port() == b.Port() || a.Scheme != b.Scheme)
}

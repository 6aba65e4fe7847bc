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

// follow is the query with which link goes on from the page at from. The path
// stays the list's own: registries behind a prefix, as Artifactory's, write one
// that only they know. A registry that sends its client to another host is not
// followed.
func follow(from *url.URL, link string) (query string, ok bool) {
	to, err := from.Parse(link)
	if err != nil || to.User != nil || !sameHost(from, to) {
		return "", false
	}
	return to.RawQuery, true
}

// sameHost does not compare the scheme: registries behind a proxy that ends
// TLS often write http, and the client keeps its own.
func sameHost(a, b *url.URL) bool {
	return strings.EqualFold(a.Hostname(), b.Hostname()) && (a.Port() == b.Port() || a.Scheme != b.Scheme)
}

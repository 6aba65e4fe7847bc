package oci

import (
	"errors"
	"net/http"
	"net/netip"
	"strings"

	"regatta/model/fault"
	"regatta/model/ref"
)

// checkRedirect follows a registry to where it keeps its blobs, without the
// credentials, and not to where a registry has no business to send anyone:
// from https to http, or from elsewhere into this machine or its link.
func checkRedirect(req *http.Request, via []*http.Request) error {
	const most = 5
	first := via[0].URL
	switch {
	case changesManifest(via[0]):
		return &fault.Error{
			Kind: fault.Protocol, Detail: "redirected: a change is sent once, and not to where an answer says",
		}
	case len(via) > most:
		return &fault.Error{Kind: fault.Protocol, Detail: "redirected too often"}
	case req.URL.Scheme != "https" && first.Scheme == "https":
		return &fault.Error{Kind: fault.Protocol, Detail: "redirected from https to " + req.URL.Scheme}
	case req.URL.Hostname() != first.Hostname() && inward(req.URL.Hostname()) && !ref.IsLoopback(first.Host):
		return &fault.Error{Kind: fault.Protocol, Detail: "redirected into this machine's own network", Err: errInward}
	}
	if req.URL.Host != first.Host || req.URL.Scheme != first.Scheme {
		req.Header.Del("Authorization")
	}
	return nil
}

// changesManifest reports whether a request is one that was decided by a look just
// before: sent on, it would be decided by nothing.
func changesManifest(r *http.Request) bool {
	return (r.Method == http.MethodPut || r.Method == http.MethodDelete) && strings.Contains(r.URL.Path, "/manifests/")
}

var errInward = errors.New("redirect to a local address")

func inward(hostname string) bool {
	addr, err := netip.ParseAddr(hostname)
	if err != nil {
		return ref.IsLoopback(hostname)
	}
	return addr.IsLoopback() || addr.IsLinkLocalUnicast() || addr.IsUnspecified()
}

package sandbox

import "strings"

type endpoint int

const (
	toPing endpoint = iota
	toCatalog
	toTags
	toManifest
	toBlob
	toUploads
	toUpload
	toReferrers
)

// route is an endpoint of the distribution-spec with the parts of its path.
// The parts are as the client sent them, not yet checked.
type route struct {
	endpoint   endpoint
	repository string
	reference  string // tag, digest or upload id
}

// parseRoute reads a path from its end, since repository names hold slashes
// and may hold the words that separate them from the rest.
func parseRoute(path string) (route, bool) {
	rest, ok := strings.CutPrefix(path, "/v2")
	switch {
	case !ok:
		return route{}, false
	case rest == "" || rest == "/":
		return route{endpoint: toPing}, true
	case rest == "/_catalog":
		return route{endpoint: toCatalog}, true
	case rest[0] != '/':
		return route{}, false
	}
	rest = rest[1:]
	if name, ok := strings.CutSuffix(rest, "/tags/list"); ok && name != "" {
		return route{endpoint: toTags, repository: name}, true
	}
	if name, ok := strings.CutSuffix(strings.TrimSuffix(rest, "/"), "/blobs/uploads"); ok && name != "" {
		return route{endpoint: toUploads, repository: name}, true
	}
	return parseReference(rest)
}

func parseReference(rest string) (route, bool) {
	head, reference, ok := cutLast(rest)
	if !ok || reference == "" {
		return route{}, false
	}
	for _, kind := range [...]struct {
		infix string
		to    endpoint
	}{
		{"/blobs/uploads", toUpload},
		{"/manifests", toManifest},
		{"/blobs", toBlob},
		{"/referrers", toReferrers},
	} {
		if name, ok := strings.CutSuffix(head, kind.infix); ok && name != "" {
			return route{endpoint: kind.to, repository: name, reference: reference}, true
		}
	}
	return route{}, false
}

func cutLast(path string) (head, last string, ok bool) {
	i := strings.LastIndexByte(path, '/')
	if i < 0 {
		return "", "", false
	}
	return path[:i], path[i+1:], true
}

package usage

import (
	"strings"

	"regatta/model/ref"
)

// parse reads an image as a task or a pod names it, and the digest that it turned
// out to be, if one is known: "sha256:…", or NAME@sha256:…, with the scheme of a
// container runtime before it. A digest in the name itself decides what is
// pulled, so that the tag beside it uses nothing.
func parse(name, resolved string) (ref.Reference, bool) {
	r, err := ref.Parse(strings.TrimSpace(name))
	if err != nil {
		return r, false
	}
	if r.Digest != "" {
		r.Tag = ""
	}
	if d, ok := digestIn(resolved); ok {
		r.Digest = d
	}
	return r, true
}

// digestIn is the digest that a resolved name ends with.
func digestIn(resolved string) (ref.Digest, bool) {
	if i := strings.LastIndexByte(resolved, '@'); i >= 0 {
		resolved = resolved[i+1:]
	}
	if _, rest, ok := strings.Cut(resolved, "://"); ok {
		resolved = rest
	}
	d, err := ref.ParseDigest(resolved)
	return d, err == nil
}

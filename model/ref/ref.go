// Package ref parses, compares and formats the names of a registry: host,
// repository, tag and digest. It imports the standard library only.
package ref

import (
	"errors"
	"fmt"
	"strings"
)

// DockerHub is the host that short names such as "nginx" belong to.
const DockerHub = "docker.io"

// ErrInvalid is what every parse error of this package wraps.
var ErrInvalid = errors.New("invalid name")

// Reference names an image: HOST[:PORT]/REPOSITORY[:TAG][@DIGEST].
type Reference struct {
	Host, Repository, Tag string
	Digest                Digest
}

// String is the reference in full.
func (r Reference) String() string {
	var b strings.Builder
	b.WriteString(r.Name())
	if r.Tag != "" {
		b.WriteString(":" + r.Tag)
	}
	if r.Digest != "" {
		b.WriteString("@" + string(r.Digest))
	}
	return b.String()
}

// Name is HOST/REPOSITORY.
func (r Reference) Name() string {
	if r.Repository == "" {
		return r.Host
	}
	return r.Host + "/" + r.Repository
}

// Identifier is what a registry's manifest endpoint takes: the digest if there
// is one, else the tag.
func (r Reference) Identifier() string {
	if r.Digest != "" {
		return string(r.Digest)
	}
	return r.Tag
}

// Short is what people call the image within its repository: its tag, or the
// start of its digest.
func (r Reference) Short() string {
	if r.Tag != "" {
		return r.Tag
	}
	return r.Digest.Short()
}

// Parse reads an image reference. Names without a host are Docker Hub's, as
// with docker; a name without tag and digest gets the tag "latest".
func Parse(s string) (Reference, error) {
	r, err := ParseRepository(s)
	if err != nil {
		return r, err
	}
	if r.Tag == "" && r.Digest == "" {
		r.Tag = "latest"
	}
	return r, nil
}

// ParseRepository reads HOST/REPOSITORY, with tag and digest optional and left
// empty where they are not given.
func ParseRepository(s string) (Reference, error) {
	var r Reference
	name, digest, hasDigest := strings.Cut(s, "@")
	if hasDigest {
		d, err := ParseDigest(digest)
		if err != nil {
			return r, err
		}
		r.Digest = d
	}
	if i := strings.LastIndexByte(name, ':'); i > strings.LastIndexByte(name, '/') {
		if err := CheckTag(name[i+1:]); err != nil {
			return r, err
		}
		name, r.Tag = name[:i], name[i+1:]
	}
	r.Host, r.Repository = splitHost(name)
	if err := CheckHost(r.Host); err != nil {
		return r, err
	}
	return r, CheckRepository(r.Repository)
}

// ParseTarget reads what the terminal UI opens: HOST or HOST/REPOSITORY. A
// single word with a dot, a colon or the name localhost is a host. A word in capitals is
// none, though references may have it as one: it is rather a name mistyped.
func ParseTarget(s string) (Reference, error) {
	s = strings.TrimSuffix(s, "/")
	if first, _, _ := strings.Cut(s, "/"); first != "localhost" && !strings.ContainsAny(first, ".:@") {
		if err := CheckRepository(first); err != nil {
			return Reference{}, err
		}
	}
	if !strings.Contains(s, "/") && !strings.Contains(s, "@") && looksLikeHost(s) {
		return Reference{Host: CanonicalHost(s)}, CheckHost(s)
	}
	return ParseRepository(s)
}

func splitHost(name string) (host, repository string) {
	first, rest, ok := strings.Cut(name, "/")
	if !ok || !looksLikeHost(first) {
		host, repository = DockerHub, name
	} else {
		host, repository = CanonicalHost(first), rest
	}
	if host == DockerHub && repository != "" && !strings.Contains(repository, "/") {
		repository = "library/" + repository
	}
	return host, repository
}

func looksLikeHost(s string) bool {
	return s == "localhost" || strings.ContainsAny(s, ".:") || strings.ToLower(s) != s
}

// CanonicalHost is the name that references use for a host: Docker Hub has
// several.
func CanonicalHost(h string) string {
	switch h {
	case "index.docker.io", "registry-1.docker.io", "hub.docker.com":
		return DockerHub
	}
	return h
}

func invalid(what, s, why string) error {
	const most = 80
	if i := strings.LastIndexByte(s, '@'); i >= 0 {
		s = "…" + s[i:] // USER:PASSWORD may stand there
	}
	if len(s) > most {
		s = s[:most] + "…"
	}
	return fmt.Errorf("%w: %s %q: %s", ErrInvalid, what, s, why)
}

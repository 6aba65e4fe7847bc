package oci

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"strings"
)

// Digest is the sha256 digest of content, as "sha256:<hex>".
func Digest(content []byte) string {
	sum := sha256.Sum256(content)
	return "sha256:" + hex.EncodeToString(sum[:])
}

// DigestLike is the digest of content in the algorithm of another digest.
func DigestLike(content []byte, like string) string {
	if strings.HasPrefix(like, "sha512:") {
		sum := sha512.Sum512(content)
		return "sha512:" + hex.EncodeToString(sum[:])
	}
	return Digest(content)
}

// IsDigest reports whether s is a sha256 or sha512 digest in canonical form.
func IsDigest(s string) bool {
	algorithm, encoded, ok := strings.Cut(s, ":")
	if !ok || strings.Trim(encoded, "0123456789abcdef") != "" {
		return false
	}
	return algorithm == "sha256" && len(encoded) == 64 || algorithm == "sha512" && len(encoded) == 128
}

// LooksLikeDigest reports whether a reference is meant as a digest: no tag
// holds a colon.
func LooksLikeDigest(s string) bool { return strings.Contains(s, ":") }

// IsName reports whether s is a repository name (distribution-spec 1.1,
// pulling manifests).
func IsName(s string) bool {
	if s == "" || len(s) > 255 {
		return false
	}
	for part := range strings.SplitSeq(s, "/") {
		if !isComponent(part) {
			return false
		}
	}
	return true
}

// isComponent matches [a-z0-9]+((\.|_|__|-+)[a-z0-9]+)*.
func isComponent(s string) bool {
	separator := ""
	for i := range len(s) {
		c := s[i]
		if c >= 'a' && c <= 'z' || c >= '0' && c <= '9' {
			separator = ""
			continue
		}
		separator += string(c)
		if i == 0 || !isSeparator(separator) {
			return false
		}
	}
	return s != "" && separator == ""
}

func isSeparator(s string) bool {
	return s == "." || s == "_" || s == "__" || strings.Trim(s, "-") == ""
}

// IsTag reports whether s is a tag: at most 128 characters of a small set.
func IsTag(s string) bool {
	if s == "" || len(s) > 128 || s[0] == '.' || s[0] == '-' {
		return false
	}
	return strings.IndexFunc(s, func(r rune) bool { return !isTagRune(r) }) < 0
}

func isTagRune(r rune) bool {
	switch {
	case r >= 'a' && r <= 'z', r >= 'A' && r <= 'Z', r >= '0' && r <= '9':
		return true
	}
	return r == '_' || r == '.' || r == '-'
}

// Describe is the descriptor of some content.
func Describe(mediaType string, content []byte) Descriptor {
	return Descriptor{MediaType: mediaType, Digest: Digest(content), Size: int64(len(content))}
}

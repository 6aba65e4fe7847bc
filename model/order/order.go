// Package order puts tags in the order of what they say: semantic versions
// first, then dates, names and commits. It imports the standard library and
// Masterminds/semver.
package order

import (
	"encoding/binary"
	"strings"

	"github.com/Masterminds/semver/v3"
)

// Class says what a tag looks like; a higher class sorts as newer.
type Class byte

// The classes of tags, lowest first.
const (
	None    Class = iota // no tag
	Commit               // git-1a2b3c4, 1a2b3c4d
	Name                 // latest, prod, main-42
	Date                 // 2026-11-18, 20261118.2
	Version              // v1.2.3, 1.2.3-rc.1, v2
)

// Key is a tag's place in the order: comparing two keys as strings compares the
// tags. The empty Key is smaller than every other.
type Key string

// Class is the class of the tag that the key was made from.
func (k Key) Class() Class {
	if k == "" {
		return None
	}
	return Class(k[0])
}

// Of is the key of the tag.
func Of(tag string) Key {
	switch {
	case tag == "":
		return ""
	case isDate(tag):
		return Key(append([]byte{byte(Date)}, natural(tag)...))
	case isCommit(tag):
		return Key(append([]byte{byte(Commit)}, tag...))
	}
	if k, ok := version(tag); ok {
		return k
	}
	return Key(append([]byte{byte(Name)}, natural(tag)...))
}

// Final reports whether the tag is a version that is no pre-release.
func (k Key) Final() bool {
	const numbers = 3 * 8 // major, minor and patch
	return k.Class() == Version && k[1+numbers] == release
}

// Best is the highest key of the tags: an image is as new as its newest name.
func Best(tags []string) Key {
	var best Key
	for _, t := range tags {
		best = max(best, Of(t))
	}
	return best
}

func version(tag string) (Key, bool) {
	digits := strings.TrimPrefix(tag, "v")
	if digits == "" || digits[0] < '0' || digits[0] > '9' {
		return "", false
	}
	v, err := semver.NewVersion(tag)
	if err != nil {
		return "", false
	}
	b := []byte{byte(Version)}
	for _, n := range []uint64{v.Major(), v.Minor(), v.Patch()} {
		b = appendNumber(b, n)
	}
	if v.Prerelease() == "" {
		b = append(b, release)
	} else {
		b = appendPrerelease(b, v.Prerelease())
	}
	// v2.3.0 says more than v2.3, which floats: it is the better name.
	return Key(append(b, "abc"[min(2, strings.Count(tag, "."))])), true
}

// release is higher than anything appendPrerelease writes: a release is newer
// than its candidates (semver 2.0.0, item 11).
const release = 0xff

func appendPrerelease(b []byte, pre string) []byte {
	for id := range strings.SplitSeq(pre, ".") {
		if strings.Trim(id, "0123456789") == "" {
			b = append(b, 1)
			b = append(b, byte(min(len(id), 250)))
			b = append(b, id...)
			continue
		}
		b = append(b, 2)
		b = append(b, natural(id)...)
		b = append(b, 0)
	}
	return append(b, 0)
}

func appendNumber(b []byte, n uint64) []byte {
	return binary.BigEndian.AppendUint64(b, n)
}

// natural makes runs of digits compare as numbers: their length comes first.
func natural(s string) []byte {
	b := make([]byte, 0, len(s)+4)
	for i := 0; i < len(s); {
		j := i
		for j < len(s) && s[j] >= '0' && s[j] <= '9' {
			j++
		}
		if j == i {
			b = append(b, s[i])
			i++
			continue
		}
		run := strings.TrimLeft(s[i:j], "0")
		b = append(b, '0', byte(min(len(run), 250)))
		b = append(b, run...)
		i = j
	}
	return b
}

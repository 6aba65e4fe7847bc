// Package file is what is in an image: the files of its layers, and of all of
// them together, with what hides what and what is wasted. It is pure: the
// layers were read before. It imports the standard library and its siblings in
// model.
package file

import (
	"path"
	"strings"
	"time"

	"regatta/model/text"
)

// Type is what a file is.
type Type byte

// The types of files in a layer's tar (OCI image-spec, layer.md).
const (
	Regular Type = iota
	Dir
	Symlink
	Hardlink
	Char
	Block
	Fifo
	Other
)

// Entry is one member of a layer's tar.
type Entry struct {
	Path     string // without a leading slash and without . and ..; as it was written otherwise
	Type     Type
	Mode     uint32 // permissions with setuid, setgid and sticky, as in the tar
	UID, GID int
	Size     int64 // bytes of a regular file
	Modified int64 // seconds since 1970
	Link     string
	Sum      [16]byte // the first bytes of the SHA-256 of a regular file's content
	Odd      bool     // the name led outside, or was absolute with ..: it was made to lie inside
}

// Name is the path safe for a terminal.
func (e Entry) Name() string { return text.Clean(e.Path) }

// Time is when the file was changed last.
func (e Entry) Time() time.Time { return time.Unix(e.Modified, 0).UTC() }

// Perm is the mode as ls prints it.
func (e Entry) Perm() string {
	const letters = "rwxrwxrwx"
	out := []byte("-" + letters)
	if int(e.Type) < len(typeLetters) {
		out[0] = typeLetters[e.Type]
	}
	for i := range letters {
		if e.Mode&(1<<(len(letters)-1-i)) == 0 {
			out[i+1] = '-'
		}
	}
	for _, s := range []struct {
		bit     uint32
		at      int
		letters string // with and without x
	}{{0o4000, 3, "sS"}, {0o2000, 6, "sS"}, {0o1000, 9, "tT"}} {
		if e.Mode&s.bit == 0 {
			continue
		}
		if out[s.at] == 'x' {
			out[s.at] = s.letters[0]
		} else {
			out[s.at] = s.letters[1]
		}
	}
	return string(out)
}

// typeLetters are what ls begins the mode of each Type with.
const typeLetters = "-dl-cbp?"

// Place makes the path of a tar's member one inside an image's root. Odd reports
// that it led outside.
func Place(name string) (clean string, odd bool) {
	trimmed := strings.TrimLeft(name, "/")
	depth := 0
	for part := range strings.SplitSeq(trimmed, "/") {
		switch part {
		case "", ".":
		case "..":
			if depth--; depth < 0 {
				odd = true
			}
		default:
			depth++
		}
	}
	return strings.TrimPrefix(path.Clean("/"+trimmed), "/"), odd
}

// The names of whiteouts (OCI image-spec, layer.md).
const (
	whiteout = ".wh."
	opaque   = ".wh..wh..opq"
	aufs     = ".wh..wh." // what aufs keeps beside them means nothing
)

// Whiteout tells what a member takes away from the layers below: the path of a
// file or directory, or, with opaque, all that is in a directory.
func (e Entry) Whiteout() (of string, all, ok bool) {
	dir, base := path.Split(e.Path)
	dir = strings.TrimSuffix(dir, "/")
	switch {
	case base == opaque:
		return dir, true, true
	case strings.HasPrefix(base, aufs):
		return "", false, true
	case strings.HasPrefix(base, whiteout) && base != whiteout:
		of = strings.TrimPrefix(base, whiteout)
		if of == "." || of == ".." {
			return "", false, true // it would take away what is above it
		}
		return path.Join(dir, of), false, true
	}
	return "", false, false
}

// white reports whether a member is a whiteout.
func white(e *Entry) bool {
	_, _, ok := e.Whiteout()
	return ok
}

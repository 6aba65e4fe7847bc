// Package layer makes image layers when they are read: tar streams of
// believable files in gzip with stored blocks, a function of a few numbers.
// Any range of the compressed bytes can be made without what lies before it.
// It may import std and the sandbox's random numbers.
package layer

import (
	"fmt"
	"io"
)

// Kind is what sort of files a layer holds.
type Kind string

// The kinds of layers.
const (
	Debian  Kind = "debian"  // a root file system
	Apt     Kind = "apt"     // installed packages
	Certs   Kind = "certs"   // certificates and time zones
	Golang  Kind = "golang"  // the Go toolchain
	Node    Kind = "node"    // the Node runtime
	Modules Kind = "modules" // node_modules of an app
	Static  Kind = "static"  // built pages of a web app
	Binary  Kind = "binary"  // a compiled server and what lies around it
	Python  Kind = "python"  // the Python runtime
	Wheels  Kind = "wheels"  // site-packages of an app
	Source  Kind = "source"  // scripts of an app
	Weights Kind = "weights" // a model
	Windows Kind = "windows" // a Windows root file system
	Files   Kind = "files"   // the listed files and nothing else
)

// File is a file with a text of its own. A path that ends in "/" is a
// directory.
type File struct {
	Path, Text string
	Mode       int64 // zero is 0644, or 0755 for a directory
}

// Spec is all that decides the content of a layer.
type Spec struct {
	Kind   Kind
	Family string // layers of a family share paths, and files that did not change
	Arch   string
	Rev    int
	Size   int64 // about how many bytes
	Files  []File
}

// Key names the spec in the table of digests.
func (s Spec) Key() string {
	return fmt.Sprintf("%s:%s:%s:%d:%d", s.Kind, s.Family, s.Arch, s.Rev, s.Size)
}

// Sums are the figures of a layer that take reading all of it.
type Sums struct {
	Size    int64  // compressed, in bytes
	TarSize int64  // uncompressed, in bytes
	Digest  string // of the compressed bytes
	DiffID  string // digest of the uncompressed bytes
	CRC     uint32 // of the uncompressed bytes, for the gzip trailer
}

// Layer is the content of a spec.
type Layer struct {
	Spec Spec
	Sums Sums
}

// Size is the compressed length in bytes.
func (l Layer) Size() int64 { return l.Sums.Size }

// Open reads the compressed bytes from an offset.
func (l Layer) Open(offset int64) (io.ReadCloser, error) {
	return io.NopCloser(&gzipReader{tar: tarReader{plan: newPlan(l.Spec)}, sums: l.Sums, at: offset}), nil
}

package layer

import "regatta/registry/sandbox/internal/prng"

// drawn is a file before its size and content are fixed.
type drawn struct {
	path      string
	mode      int64
	text      string // the first bytes
	readable  bool   // words rather than bytes
	low, high int64  // limits of the size in bytes
	period    uint64 // changes every so many revisions of the layer; zero never
}

// revision is how often the file has changed when the layer has revision rev.
// Files change at different times.
func (f drawn) revision(rev int) uint64 {
	if f.period == 0 {
		return 0
	}
	return (uint64(rev) + prng.Seed(f.path)%f.period) / f.period //nolint:gosec // rev is not negative
}

// namer draws the i-th file of a kind of layer. What it draws must not depend
// on the revision, except through text and names with a hash in them.
type namer func(src *prng.Source, i int, s Spec) drawn

func namers() map[Kind]namer {
	return map[Kind]namer{
		Debian: debian, Apt: apt, Certs: certs, Golang: golang, Node: node, Modules: modules, Static: static,
		Binary: compiled, Python: python, Wheels: wheels, Source: source, Weights: weights, Windows: windows,
	}
}

const elf = "\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00"

func executable(path string, low, high int64, period uint64) drawn {
	return drawn{path: path, mode: 0o755, text: elf, low: low, high: high, period: period}
}

func words(path string, low, high int64, period uint64) drawn {
	return drawn{path: path, readable: true, low: low, high: high, period: period}
}

// period draws how many revisions a file stays as it is.
func period(src *prng.Source, low, high int) uint64 {
	return uint64(src.Between(low, high)) //nolint:gosec // positive
}

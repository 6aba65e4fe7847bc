package layer

import (
	"archive/tar"
	"bytes"
	"time"

	"regatta/registry/sandbox/internal/prng"
)

const (
	tarBlock = 512
	tarEnd   = 2 * tarBlock // two empty blocks end an archive
)

// tarReader makes a tar stream, block by block, from the plan of its files.
type tarReader struct {
	plan   *plan
	header [tarBlock]byte
	made   int // one more than the entry whose header is held
}

// fill makes the bytes from an offset on; they must lie within the stream.
func (t *tarReader) fill(p []byte, offset int64) {
	i := t.plan.find(offset)
	for len(p) > 0 {
		if i == len(t.plan.entries) {
			clear(p)
			return
		}
		n := t.fillEntry(p, i, offset-t.plan.entries[i].at)
		p = p[n:]
		offset += int64(n)
		if offset == t.plan.end(i) {
			i++
		}
	}
}

// fillEntry makes bytes up to the end of the header, the content or the
// padding of an entry.
func (t *tarReader) fillEntry(p []byte, i int, within int64) int {
	e := &t.plan.entries[i]
	if within < tarBlock {
		return copy(p, t.headerOf(i)[within:])
	}
	within -= tarBlock
	if within < e.size {
		p = p[:min(int64(len(p)), e.size-within)]
		e.fill(p, within)
		return len(p)
	}
	p = p[:min(int64(len(p)), padded(e.size)-within)]
	clear(p)
	return len(p)
}

func (t *tarReader) headerOf(i int) []byte {
	if t.made != i+1 {
		t.header = [tarBlock]byte(t.plan.entries[i].header())
		t.made = i + 1
	}
	return t.header[:]
}

// header panics if a path does not fit a ustar header, which a test of all
// layers rules out.
func (e *entry) header() []byte {
	h := tar.Header{
		Typeflag: tar.TypeReg, Name: e.path, Size: e.size, Mode: e.mode,
		ModTime: time.Unix(e.modified, 0), Format: tar.FormatUSTAR,
	}
	if e.path[len(e.path)-1] == '/' {
		h.Typeflag = tar.TypeDir
	}
	var raw bytes.Buffer
	if err := tar.NewWriter(&raw).WriteHeader(&h); err != nil {
		panic("layer: " + e.path + ": " + err.Error())
	}
	return raw.Bytes()
}

// fill makes the content of an entry: its own text first, random bytes or
// random words after it.
func (e *entry) fill(p []byte, offset int64) {
	if offset < int64(len(e.text)) {
		n := copy(p, e.text[offset:])
		p = p[n:]
		offset += int64(n)
	}
	prng.Fill(p, e.seed, offset)
	if !e.readable {
		return
	}
	const letters = "etaoin shrdlucmf wypvbgkjqxzETAOIN(){};=.,_/<>0123456789 \"'-+*: "
	for i := range p {
		if (offset+int64(i))%72 == 71 {
			p[i] = '\n'
			continue
		}
		p[i] = letters[p[i]&63]
	}
}

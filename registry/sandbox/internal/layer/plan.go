package layer

import (
	"sort"
	"strings"

	"regatta/registry/sandbox/internal/prng"
)

// entry is a file or directory of a layer.
type entry struct {
	path     string
	mode     int64
	modified int64 // Unix seconds
	size     int64
	at       int64 // offset of the header in the tar stream
	text     string
	seed     uint64
	readable bool
}

// plan is the table of contents of a layer.
type plan struct {
	entries []entry
	size    int64 // of the tar stream
	dirs    map[string]bool
}

func padded(size int64) int64 { return (size + tarBlock - 1) / tarBlock * tarBlock }

func (p *plan) end(i int) int64 {
	return p.entries[i].at + tarBlock + padded(p.entries[i].size)
}

// find is the entry that holds an offset, or the number of entries.
func (p *plan) find(offset int64) int {
	return sort.Search(len(p.entries), func(i int) bool { return p.end(i) > offset })
}

func newPlan(s Spec) *plan {
	p := &plan{dirs: map[string]bool{}}
	for _, f := range s.Files {
		p.add(entry{path: f.Path, mode: f.Mode, text: f.Text, size: int64(len(f.Text)), modified: modified(s.Rev)})
	}
	if name := namers()[s.Kind]; name != nil {
		p.grow(s, name)
	}
	p.size += tarEnd
	p.dirs = nil
	return p
}

// grow adds files of the family until the layer has its size.
func (p *plan) grow(s Spec, name namer) {
	src := prng.New(string(s.Kind) + s.Family)
	for i := 0; p.size < s.Size-2*tarBlock; i++ {
		f := name(src, i, s)
		revision := f.revision(s.Rev)
		seed := prng.Mix(prng.Seed(s.Family+f.path+s.Arch) + revision)
		size := f.low + int64((seed>>8)%uint64(f.high-f.low+1)) //nolint:gosec // sizes are positive
		p.add(entry{
			path: f.path, mode: f.mode, text: f.text, seed: seed, readable: f.readable,
			size:     max(min(size, s.Size-p.size), int64(len(f.text))),
			modified: modified(int(revision)), //nolint:gosec // revisions are small
		})
	}
}

// add appends an entry, after the directories that it lies in.
func (p *plan) add(e entry) {
	for i := range len(e.path) - 1 {
		if dir := e.path[:i+1]; e.path[i] == '/' && !p.dirs[dir] {
			p.add(entry{path: dir, modified: e.modified})
		}
	}
	if strings.HasSuffix(e.path, "/") {
		p.dirs[e.path] = true
	}
	if e.mode == 0 {
		e.mode = 0o644
		if p.dirs[e.path] {
			e.mode = 0o755
		}
	}
	e.at = p.size
	p.size += tarBlock + padded(e.size)
	p.entries = append(p.entries, e)
}

// modified dates a revision of a file: weeks after 2024-11-01.
func modified(revision int) int64 { return 1730419200 + int64(revision%100)*7*86400 }

package usage

import "regatta/model/ref"

// Links is a Kin that is put together from a list of images. Its zero value is
// ready for use.
type Links struct {
	tags              map[string]ref.Digest
	parents, children map[ref.Digest][]ref.Digest
}

// Tag notes what a tag points to.
func (l *Links) Tag(tag string, d ref.Digest) {
	if l.tags == nil {
		l.tags = map[string]ref.Digest{}
	}
	l.tags[tag] = d
}

// Child notes that an index lists a manifest.
func (l *Links) Child(index, child ref.Digest) {
	if l.parents == nil {
		l.parents, l.children = map[ref.Digest][]ref.Digest{}, map[ref.Digest][]ref.Digest{}
	}
	l.parents[child] = append(l.parents[child], index)
	l.children[index] = append(l.children[index], child)
}

// Resolve implements Kin.
func (l *Links) Resolve(tag string) (ref.Digest, bool) {
	d, ok := l.tags[tag]
	return d, ok
}

// Parents implements Kin.
func (l *Links) Parents(d ref.Digest) []ref.Digest { return l.parents[d] }

// Children implements Kin.
func (l *Links) Children(d ref.Digest) []ref.Digest { return l.children[d] }

package usage

import "regatta/model/ref"

// Names are uses by what they name, to mark the images of a list without reading
// any: an index of which only a part is named, and which is not read, is missed.
// The zero Names are of no use.
type Names struct {
	tags    map[string][]Use
	digests map[ref.Digest][]Use
}

// ByName sorts uses by the tags and the digests that they name.
func ByName(uses []Use) *Names {
	n := &Names{tags: map[string][]Use{}, digests: map[ref.Digest][]Use{}}
	for _, u := range uses {
		if u.Image.Tag != "" {
			n.tags[u.Image.Tag] = append(n.tags[u.Image.Tag], u)
		}
		if u.Image.Digest != "" {
			n.digests[u.Image.Digest] = append(n.digests[u.Image.Digest], u)
		}
	}
	return n
}

// Tag are the uses of a tag: whatever starts next gets it, and what runs of them
// may run another digest.
func (n *Names) Tag(tag string) []Use { return n.tags[tag] }

// Digest are the uses of a digest.
func (n *Names) Digest(d ref.Digest) []Use { return n.digests[d] }

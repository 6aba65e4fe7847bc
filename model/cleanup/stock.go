package cleanup

import (
	"slices"
	"strings"
	"time"

	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/ref"
)

// Image is an image as rules look at it. Times that are not known are zero.
type Image struct {
	Digest ref.Digest
	Tags   []string // sorted, without marks
	Marks  []string // tags that mark it for deletion
	Size   int64    // bytes; negative where it is not known
	Time   time.Time
	Made   bool // Time is when it was made, as it is not known when it was pushed
	Pulled time.Time

	storage  image.Storage
	archived time.Time // when it was last put into the archive

	role    role
	of      []ref.Digest // what it accompanies, or the indexes that list it
	due     time.Time    // of the last mark
	missing int          // children that are not there
	total   int          // children
	unread  string
}

// role says what an image is to the others.
type role uint8

const (
	single  role = iota // nothing
	part                // an index lists it, and it has no tag of its own
	company             // it describes another, and has no tag of its own
	orphan              // what it describes is not there
)

// Stock is the images of a repository. It is read only, and safe for use by
// several goroutines as long as the graph is.
type Stock struct {
	Images   []Image // by digest
	Archives bool    // there is an archive, which is where a time of grace is spent

	graph *graph.Graph
	at    map[ref.Digest]int
	pulls bool // the registry tells of pulls
}

// NewStock makes a stock of all manifests of g. Described are the sizes and
// times, as far as they are known.
func NewStock(g *graph.Graph, described map[ref.Digest]image.Image) *Stock {
	all := g.Manifests()
	unread := map[ref.Digest]string{}
	for _, gap := range g.Gaps() {
		if gap.Digest != "" {
			unread[gap.Digest] = gap.Reason
			all = append(all, gap.Digest)
		}
	}
	slices.Sort(all)
	all = slices.Compact(all) // of some only what describes them was not read
	s := &Stock{graph: g, Images: make([]Image, len(all)), at: make(map[ref.Digest]int, len(all))}
	for i, d := range all {
		s.at[d] = i
		s.Images[i] = newImage(g, d, described)
		s.Images[i].unread = unread[d]
		s.pulls = s.pulls || !s.Images[i].Pulled.IsZero()
	}
	return s
}

func newImage(g *graph.Graph, d ref.Digest, described map[ref.Digest]image.Image) Image {
	img := Image{Digest: d, Size: -1, total: len(g.Children(d)), missing: len(g.MissingChildren(d))}
	if known, ok := described[d]; ok {
		img.Size, img.Time, img.Pulled = known.Size, known.Time(), known.Pulled
		img.Made = known.Pushed.IsZero() && !img.Time.IsZero()
		img.storage, img.archived = known.Storage, known.Archived
	}
	for _, t := range g.Tags(d) {
		if at, ok := ParseMark(t, d); ok {
			img.Marks = append(img.Marks, t)
			if at.After(img.due) {
				img.due = at
			}
			continue
		}
		img.Tags = append(img.Tags, t)
	}
	img.relate(g)
	return img
}

// relate finds what the image is to the others.
func (img *Image) relate(g *graph.Graph) {
	if slices.ContainsFunc(img.Tags, plain) {
		return
	}
	of, _ := g.Accompanies(img.Digest)
	there := slices.DeleteFunc(slices.Clone(of), g.Gone)
	parents := g.Parents(img.Digest)
	switch {
	case len(of) > 0 && len(there) == 0:
		img.role, img.of = orphan, of
	case len(there) > 0:
		img.role, img.of = company, there
	case len(parents) > 0:
		img.role, img.of = part, parents
	}
}

// Has tells whether an image is there.
func (s *Stock) Has(d ref.Digest) bool {
	_, ok := s.at[d]
	return ok
}

// plain tells tags that people give from those made from another's digest.
func plain(tag string) bool {
	_, made := image.ParseCompanion(tag)
	return !made
}

// name is how to speak of a manifest: its digest, and its tags if it has any.
func (s *Stock) name(d ref.Digest) string {
	tags := s.graph.Tags(d)
	if len(tags) > 2 {
		tags = append(slices.Clone(tags[:2]), "…")
	}
	if len(tags) == 0 {
		return d.Short()
	}
	return d.Short() + " (" + strings.Join(tags, ", ") + ")"
}

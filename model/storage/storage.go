// Package storage is who holds which bytes of a repository: of every image what
// it holds alone and what it shares, and of every layer which images it is in. It
// is pure: the manifests were read before. It imports the standard library and its
// siblings in model.
package storage

import (
	"cmp"
	"slices"
	"strings"

	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/order"
	"regatta/model/ref"
)

// Picture is the storage of a repository, in bytes as the registry stores them:
// manifests, configs and layers, foreign layers not.
type Picture struct {
	Stored   int64     // everything once
	Alone    int64     // what it would be if every image had its own copies
	Holdings []Holding // those first that hold most alone
	Layers   []Layer   // the largest first
	Gaps     []string  // what could not be read: there may be more
}

// Holding is an image with its children and what accompanies it.
type Holding struct {
	Digest ref.Digest
	Tags   []string
	Kind   image.Kind
	Total  int64 // with what it shares
	Own    int64 // what comes back once it goes
	Parts  int   // manifests
}

// Shared is what the image has in common with others.
func (h Holding) Shared() int64 { return h.Total - h.Own }

// Name is how to speak of the image.
func (h Holding) Name() string {
	if len(h.Tags) > 0 {
		return h.Tags[0]
	}
	return h.Digest.Short()
}

// Layer is a layer or config, and the images that it is in.
type Layer struct {
	Digest  ref.Digest
	Size    int64
	Images  []ref.Digest // of the holdings
	Foreign bool         // the registry does not hold it
}

// Draw works out the storage of a repository.
func Draw(g *graph.Graph) Picture {
	d := drawing{graph: g, at: map[ref.Digest]int{}, owners: map[ref.Digest][]ref.Digest{}}
	manifests := g.Manifests()
	for _, m := range manifests {
		if len(g.Parents(m)) > 0 && len(g.Tags(m)) == 0 || accompanies(g, m) {
			continue
		}
		d.hold(m)
	}
	for _, m := range manifests {
		d.count(g.Size(m), d.owners[m])
	}
	d.layers()
	for _, gap := range g.Gaps() {
		name := gap.Tag
		if name == "" {
			name = gap.Digest.Short()
		}
		d.out.Gaps = append(d.out.Gaps, name+": "+gap.Reason)
	}
	slices.SortStableFunc(d.out.Holdings, func(a, b Holding) int {
		return cmp.Or(cmp.Compare(b.Own, a.Own), cmp.Compare(b.Total, a.Total), strings.Compare(a.Name(), b.Name()))
	})
	return d.out
}

// drawing is a picture on its way.
type drawing struct {
	graph  *graph.Graph
	out    Picture
	at     map[ref.Digest]int          // in out.Holdings
	owners map[ref.Digest][]ref.Digest // the images that a manifest is part of
}

func (d *drawing) hold(m ref.Digest) {
	parts := whole(d.graph, m)
	d.at[m] = len(d.out.Holdings)
	d.out.Holdings = append(d.out.Holdings, Holding{
		Digest: m, Tags: telling(d.graph.Tags(m)), Kind: d.graph.Kind(m), Parts: len(parts),
	})
	for _, part := range parts {
		d.owners[part] = append(d.owners[part], m)
	}
}

// telling puts those tags first that say most: versions, then dates and names.
func telling(tags []string) []string {
	slices.SortStableFunc(tags, func(a, b string) int {
		return cmp.Or(cmp.Compare(order.Of(b), order.Of(a)), cmp.Compare(len(b), len(a)))
	})
	return tags
}

// count adds something of size bytes that the images have in common.
func (d *drawing) count(size int64, owners []ref.Digest) {
	d.out.Stored += size
	d.out.Alone += size * int64(max(1, len(owners)))
	for _, o := range owners {
		h := &d.out.Holdings[d.at[o]]
		h.Total += size
		if len(owners) == 1 {
			h.Own += size
		}
	}
}

// layers adds the configs and layers.
func (d *drawing) layers() {
	for _, b := range d.graph.Blobs() {
		l := Layer{Digest: b.Digest, Size: b.Size, Foreign: !b.Local}
		for _, user := range b.Users {
			l.Images = append(l.Images, d.owners[user]...)
		}
		slices.Sort(l.Images)
		l.Images = slices.Compact(l.Images)
		if b.Local {
			d.count(b.Size, l.Images)
		}
		d.out.Layers = append(d.out.Layers, l)
	}
	slices.SortFunc(d.out.Layers, func(a, b Layer) int {
		return cmp.Or(cmp.Compare(b.Size, a.Size), cmp.Compare(len(b.Images), len(a.Images)), cmp.Compare(a.Digest, b.Digest))
	})
}

// accompanies reports whether a manifest is only there beside another that is
// there.
func accompanies(g *graph.Graph, d ref.Digest) bool {
	of, only := g.Accompanies(d)
	return only && slices.ContainsFunc(of, g.Has)
}

// whole is an image, what it lists, and what accompanies any of that.
func whole(g *graph.Graph, d ref.Digest) []ref.Digest {
	seen := map[ref.Digest]bool{}
	queue := []ref.Digest{d}
	var out []ref.Digest
	for ; len(queue) > 0; queue = queue[1:] {
		at := queue[0]
		if seen[at] {
			continue
		}
		seen[at] = true
		out = append(out, at)
		queue = append(queue, g.Children(at)...)
		for _, r := range g.Referrers(at) {
			if accompanies(g, r) {
				queue = append(queue, r)
			}
		}
		for _, c := range g.Companions(at) {
			if accompanies(g, c.Digest) {
				queue = append(queue, c.Digest)
			}
		}
	}
	return out
}

// Share is how the bytes of several repositories overlap.
type Share struct {
	Stored, Own int64 // bytes; Own are those that no other of the repositories has
}

// Overlap says of every repository what it has alone. Registries that keep blobs
// once for all repositories store the rest once.
func Overlap(all []*graph.Graph) (shares []Share, together int64) {
	in := map[ref.Digest]int{}
	for _, g := range all {
		for _, b := range held(g) {
			in[b.Digest]++
		}
	}
	seen := map[ref.Digest]bool{}
	for _, g := range all {
		var s Share
		for _, b := range held(g) {
			s.Stored += b.Size
			if in[b.Digest] == 1 {
				s.Own += b.Size
			}
			if !seen[b.Digest] {
				seen[b.Digest] = true
				together += b.Size
			}
		}
		shares = append(shares, s)
	}
	return shares, together
}

// held are the blobs that the registry has.
func held(g *graph.Graph) []graph.Blob {
	return slices.DeleteFunc(g.Blobs(), func(b graph.Blob) bool { return !b.Local || len(b.Users) == 0 })
}

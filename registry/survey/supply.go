package survey

import (
	"context"
	"io"
	"sync"

	"golang.org/x/sync/errgroup"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/supply"
)

// Pantry is what the supply chain of an image is read from.
type Pantry interface {
	Manifest(ctx context.Context, repo, reference string) (image.Manifest, error)
	Referrers(ctx context.Context, repo string, d ref.Digest) ([]image.Descriptor, error)
	Blob(ctx context.Context, repo string, d image.Descriptor, offset int64) (io.ReadCloser, error)
}

// What is read of a supply chain at most.
const (
	maxReferrerNodes = 300
	maxReferrerDepth = 3       // of what refers to a referrer
	maxDocument      = 4 << 20 // bytes of a signature or attestation that is read to tell what it says
)

// Supply reads what accompanies an image: what refers to it and to the images of
// its platforms, with what signatures claim and whether one of the keys confirms
// them. What cannot be read says so in its node.
func Supply(ctx context.Context, p Pantry, repo string, root image.Manifest, keys []supply.Key) (*supply.Node, error) {
	r := &chain{pantry: p, repo: repo, keys: keys}
	top := &supply.Node{Kind: supply.Subject, Descriptor: image.Descriptor{
		MediaType: root.MediaType, ArtifactType: root.ArtifactType, Digest: root.Digest, Size: int64(len(root.Raw)),
	}}
	if err := r.attach(ctx, top, root.Raw, 0); err != nil {
		return nil, err
	}
	for _, d := range root.Children {
		if d.IsAttestation() || d.Platform == nil || !d.Platform.Known() {
			continue
		}
		top.Nodes = append(top.Nodes, &supply.Node{Kind: supply.Subject, Descriptor: d})
	}
	group, inner := errgroup.WithContext(ctx)
	for _, child := range top.Nodes {
		if child.Kind == supply.Subject {
			group.Go(func() error { return r.child(inner, root, child) })
		}
	}
	return top, group.Wait()
}

// chain reads one supply chain.
type chain struct {
	pantry Pantry
	repo   string
	keys   []supply.Key

	mu   sync.Mutex
	read int // nodes
}

// child reads what accompanies the image of a platform: BuildKit keeps
// attestations inside the index.
func (c *chain) child(ctx context.Context, root image.Manifest, n *supply.Node) error {
	m, err := c.pantry.Manifest(ctx, c.repo, string(n.Digest()))
	if err != nil {
		n.Err = err
		return context.Cause(ctx)
	}
	for _, d := range root.Children {
		if d.IsAttestation() && ref.Digest(d.Annotations["vnd.docker.reference.digest"]) == n.Digest() {
			one, _ := c.node(ctx, d, "index", n.Digest(), m.Raw)
			n.Nodes = append(n.Nodes, one)
		}
	}
	return c.attach(ctx, n, m.Raw, 0)
}

// attach reads what refers to a manifest.
func (c *chain) attach(ctx context.Context, n *supply.Node, raw []byte, depth int) error {
	found, err := c.pantry.Referrers(ctx, c.repo, n.Digest())
	switch {
	case fault.Is(err, fault.Unsupported):
		return nil
	case err != nil && depth == 0:
		return err
	case err != nil:
		n.Err = err
		return context.Cause(ctx)
	}
	nodes := make([]*supply.Node, len(found))
	group, inner := errgroup.WithContext(ctx)
	group.SetLimit(atATime)
	for i, d := range found {
		if !c.more() {
			n.Err = &fault.Error{Op: "read what refers to", Object: string(n.Digest()), Kind: fault.TooLarge}
			break
		}
		group.Go(func() error {
			one, of := c.node(inner, d, via(d), n.Digest(), raw)
			nodes[i] = one
			if one.Err != nil || one.Kind == supply.Signature || depth+1 == maxReferrerDepth {
				return context.Cause(inner)
			}
			return c.attach(inner, one, of, depth+1)
		})
	}
	err = group.Wait()
	for _, one := range nodes {
		if one != nil {
			n.Nodes = append(n.Nodes, one)
		}
	}
	return err
}

func (c *chain) more() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.read++
	return c.read <= maxReferrerNodes
}

func via(d image.Descriptor) string {
	if tag := d.Annotations[image.RefNameAnnotation]; tag != "" {
		return "tag " + tag
	}
	return "referrers"
}

// node reads one referrer, and its documents where they are small. It gives its
// manifest too.
func (c *chain) node(
	ctx context.Context, d image.Descriptor, via string, of ref.Digest, raw []byte,
) (*supply.Node, []byte) {
	m, err := c.pantry.Manifest(ctx, c.repo, string(d.Digest))
	if err != nil {
		return &supply.Node{Descriptor: d, Kind: supply.Other, Via: via, Err: err}, nil
	}
	if d.ArtifactType == "" {
		d.ArtifactType = m.ArtifactType
	}
	n := supply.NewNode(d, m, via)
	for _, doc := range n.Documents {
		if !tells(doc) {
			continue
		}
		content, err := c.content(ctx, doc.Layer)
		if err == nil {
			err = n.Learn(doc, content, of, raw, c.keys)
		}
		if err != nil {
			n.Err = err
		}
	}
	return n, m.Raw
}

// tells reports whether a document says what the tree shows: signatures and what
// is signed, and provenance. A bill of materials by itself is only opened when
// somebody looks.
func tells(d supply.Document) bool {
	return d.Layer.Size <= maxDocument && (d.Kind == supply.Signature || d.Kind == supply.Provenance ||
		d.Kind == supply.Attestation || d.Signed())
}

func (c *chain) content(ctx context.Context, d image.Descriptor) ([]byte, error) {
	r, err := c.pantry.Blob(ctx, c.repo, d, 0)
	if err != nil {
		return nil, err
	}
	defer r.Close() //nolint:errcheck // what was read is verified
	return io.ReadAll(io.LimitReader(r, maxDocument+1))
}

package inside

import (
	"context"

	"regatta/cmd/app"
	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/supply"
	"regatta/registry/survey"
)

// SupplyChain is what accompanies an image: signatures, SBOMs, provenance.
type SupplyChain struct {
	Ref  ref.Reference // as it was given
	Root image.Manifest
	Tree *supply.Node

	at Resolved
}

// ReadSupplyChain reads what accompanies the image that a reference names now.
// Signatures are verified with the keys of the config, and more besides.
func ReadSupplyChain(
	ctx context.Context, a *app.App, r ref.Reference, more ...supply.Key,
) (*SupplyChain, error) {
	at, err := Resolve(ctx, a, r)
	if err != nil {
		return nil, err
	}
	keys, err := a.KeysFor(r.Host, r.Repository)
	if err != nil {
		return nil, err
	}
	c := &SupplyChain{Ref: r, at: at}
	if c.Root, err = at.Backend.Manifest(ctx, r.Repository, string(at.Ref.Digest)); err != nil {
		return nil, err
	}
	c.Tree, err = survey.Supply(ctx, at.Backend, r.Repository, c.Root, append(keys, more...))
	return c, err
}

// SupplyOf reads what accompanies an image whose manifest was read. Signatures are
// verified with the keys of the config.
func SupplyOf(ctx context.Context, a *app.App, at Resolved, root image.Manifest) (*supply.Node, error) {
	keys, err := a.KeysFor(at.Ref.Host, at.Ref.Repository)
	if err != nil {
		return nil, err
	}
	return survey.Supply(ctx, at.Backend, at.Ref.Repository, root, keys)
}

// ForPlatform is the node of the image of the platform that is wanted; where none is, of
// that which stands for an index.
func (c *SupplyChain) ForPlatform(want *image.Platform) (*supply.Node, error) {
	for _, n := range c.Tree.Nodes {
		p := n.Descriptor.Platform
		switch {
		case n.Kind != supply.Subject || p == nil:
		case want != nil && p.Matches(*want), want == nil && n.Digest() == image.DefaultChild(c.Root):
			return n, nil
		}
	}
	if want != nil && c.Root.Kind == image.KindIndex {
		return nil, &fault.Error{
			Op: "choose a platform of", Object: c.Ref.String(), Kind: fault.NotFound,
			Detail: "it has no image for " + want.String(),
		}
	}
	return c.Tree, nil
}

// Find looks for a document beside the image of a platform, then beside the index that it
// is in; not beside other platforms.
func (c *SupplyChain) Find(at *supply.Node, k supply.Kind) (of *supply.Node, d supply.Document, ok bool) {
	if of, d, ok = at.Find(k); ok {
		return of, d, ok
	}
	for _, n := range c.Tree.Nodes {
		if n.Kind == supply.Subject {
			continue
		}
		if of, d, ok = n.Find(k); ok {
			return of, d, ok
		}
	}
	return nil, d, false
}

// Missing says why there is no document of a kind, as it is called: n is where it should
// be, if there is such a node.
func (c *SupplyChain) Missing(what string, n *supply.Node) error {
	if n != nil && n.Err != nil {
		return n.Err
	}
	name := Resolved{Ref: c.Ref}.Name()
	return &fault.Error{
		Op: "read the " + what + " of", Object: name, Kind: fault.NotFound, Detail: "it has none",
		Advice: "`regatta referrers " + name + "` shows what accompanies it",
	}
}

// Signatures are those of the image that the reference names, and not those of
// what is in it.
func (c *SupplyChain) Signatures() []supply.Claim {
	var out []supply.Claim
	for _, n := range c.Tree.Nodes {
		if n.Kind == supply.Signature {
			out = append(out, n.Signatures...)
		}
	}
	return out
}

// CheckSigned is nil if a key confirms a signature, and none of them is broken.
func (c *SupplyChain) CheckSigned() error {
	fail := func(detail, advice string) error {
		return &fault.Error{
			Op: "verify", Object: c.Ref.String(), Kind: fault.Denied, Detail: detail, Advice: advice,
		}
	}
	switch supply.Sum(c.Signatures()) {
	case supply.None:
		return fail("it has no signature", "sign it, or look at `regatta referrers` for what accompanies it")
	case supply.Broken:
		return fail("a signature is broken", "do not run the image before you know who pushed the signature")
	case supply.Refused, supply.Unverified:
		return fail("no key confirms a signature", "give the signer's public key: --key FILE, or trust in the config")
	case supply.Verified:
	}
	return nil
}

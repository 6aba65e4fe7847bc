package oci

import (
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"strings"
	"sync/atomic"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
)

// learnt is what the registry's answers told of what it can do.
type learnt struct {
	tag, manifest atomic.Uint32 // plan.Support
}

func (l *learnt) tagDelete() plan.Support      { return support(l.tag.Load()) }
func (l *learnt) manifestDelete() plan.Support { return support(l.manifest.Load()) }

func support(v uint32) plan.Support {
	switch plan.Support(v) { //nolint:gosec // it was stored from one
	case plan.Yes:
		return plan.Yes
	case plan.No:
		return plan.No
	case plan.Unknown:
	}
	return plan.Unknown
}

// CanDelete is what is known by now of what the registry lets one delete. It
// makes no request.
func (c *Client) CanDelete() plan.Capabilities {
	return plan.Capabilities{TagDelete: c.learnt.tagDelete(), ManifestDelete: c.learnt.manifestDelete()}
}

// ReadDelete is CanDelete, and what repo's registry refused before: there is
// nothing that could be read about it elsewhere.
func (c *Client) ReadDelete(ctx context.Context, repo string) (plan.Capabilities, error) {
	can := c.CanDelete()
	can.TagRefused = c.refused.before(ctx, repo, plan.Untag)
	can.ManifestRefused = c.refused.before(ctx, repo, plan.Delete)
	return can, nil
}

// untried is why it could not be found out what the registry deletes: who did not ask for
// that is to know that nothing was changed by it.
func (c *Client) untried(repo string, err error) error {
	return &fault.Error{
		Op: "find out what is deleted in", Object: c.host + "/" + repo, Kind: fault.KindOf(err), Err: err,
		Detail: "nothing was changed: " + causeOf(err), Advice: fault.AdviceOf(err),
	}
}

func causeOf(err error) string {
	if f, ok := errors.AsType[*fault.Error](err); ok {
		return cmp.Or(f.Detail, f.Kind.String())
	}
	return err.Error()
}

// ProbeDelete finds out what the registry lets one delete in repo, by deleting
// what is not there: a tag and a digest made up at random, 128 bits each. An
// answer that is neither "not found" nor "not supported" leaves it unknown.
func (c *Client) ProbeDelete(ctx context.Context, repo string) (plan.Capabilities, error) {
	name := strings.ToLower(rand.Text())
	for _, one := range []struct {
		known  plan.Support
		delete func() error
	}{
		{c.learnt.tagDelete(), func() error { return c.DeleteTag(ctx, repo, "regatta-probe-"+name, "") }},
		{c.learnt.manifestDelete(), func() error { return c.DeleteManifest(ctx, repo, ref.DigestOf([]byte(name))) }},
	} {
		if one.known != plan.Unknown {
			continue
		}
		if err := one.delete(); err != nil && unreached(err) || fault.Is(err, fault.Cancelled) {
			return c.CanDelete(), c.untried(repo, err)
		}
	}
	return c.ReadDelete(ctx, repo)
}

package plan

import (
	"time"

	"regatta/model/cost"
	"regatta/model/fault"
	"regatta/model/graph"
	"regatta/model/ref"
	"regatta/model/usage"
)

// View is a repository as it was read, and what its registry can do with it.
type View struct {
	Registry, Repository string
	Graph                *graph.Graph
	Can                  Capabilities
	// Listing is how long it took to list the tags.
	Listing time.Duration
}

// Options are what a plan is made with beside the view.
type Options struct {
	// Wholeness is what is known of the images that tags are to point to.
	Wholeness

	Rules Rules
	At    time.Time // becomes the plan's CreatedAt
	// Uses are what runs the images of the registry, under the host's name in the
	// views.
	Uses usage.Set
	// InUse allows to delete, archive and untag what is in use, or may be: the plan
	// is then confirmed by typing a word of its own.
	InUse bool
	// NotWhole allows tags to point to images that are not whole.
	NotWhole bool
	// SlowList allows to delete by a list of tags that is older than MaxListAge.
	SlowList OldList
	// Source is what was found out of where images are copied from.
	Source Source
	// Price is what storage costs at the registry.
	Price cost.Price
}

func (v View) object() string { return v.Registry + "/" + v.Repository }

func (v View) tag(tag string) ref.Reference {
	return ref.Reference{Host: v.Registry, Repository: v.Repository, Tag: tag}
}

func (v View) digest(d ref.Digest) ref.Reference {
	return ref.Reference{Host: v.Registry, Repository: v.Repository, Digest: d}
}

func (v View) refuse(why Why, kind fault.Kind, text string) *RefusedError {
	return &RefusedError{Why: why, Kind: kind, Object: v.object(), Text: text}
}

func (v View) plan(o Options) Plan {
	return Plan{Registry: v.Registry, Repository: v.Repository, CreatedAt: o.At.UTC(), Price: o.Price}
}

// resolve is what a tag points to, or why there is no saying.
func (v View) resolve(tag string) (ref.Digest, error) {
	if err := ref.CheckTag(tag); err != nil {
		e := v.refuse(InvalidTag, fault.Invalid, err.Error())
		e.Tag = tag
		return "", e
	}
	if d, ok := v.Graph.Resolve(tag); ok {
		return d, nil
	}
	e := v.refuse(UnknownTag, fault.NotFound, "there is no tag "+tag+" in "+v.object())
	if reason, ok := v.Graph.Unread(tag); ok {
		e = v.refuse(UnreadTag, fault.Unavailable, "it could not be read what "+tag+" points to: "+reason)
	}
	e.Tag = tag
	return "", e
}

package plan

import (
	"cmp"

	"regatta/model/graph"
	"regatta/model/ref"
	"regatta/model/text"
)

// InRegistry is what a plan frees in the registry as a whole, where it keeps
// content once for all its repositories: what another one holds stays.
type InRegistry struct {
	ReclaimedBytes int64 `json:"reclaimedBytes"`
	// AtMost says that not every repository told what it holds: it may be less.
	AtMost bool   `json:"atMost,omitempty"`
	Reason string `json:"reason,omitempty"` // why AtMost
}

// Elsewhere is what the other repositories of the registry say of what a plan
// frees. What is neither held nor unsure is held by none of them.
type Elsewhere struct {
	Held   map[ref.Digest]bool // by one of them
	Unsure map[ref.Digest]bool // nobody is known to hold it, and not everybody told
	Reason string              // why something is unsure
}

// MayShare reports whether other repositories may hold what the plan frees.
func (v View) MayShare(p Plan) bool { return v.Can.SharesBlobs != No && p.ReclaimedBytes > 0 }

// Freed is what the plan's bytes are made of, the largest first.
func (v View) Freed(p Plan) []graph.Freed { return v.Graph.Freed(p.Removes()) }

// WithElsewhere is the plan with what it frees in the registry.
func (p Plan) WithElsewhere(freed []graph.Freed, e Elsewhere) Plan {
	out := &InRegistry{}
	held := int64(0)
	for _, f := range freed {
		if e.Held[f.Digest] {
			held += f.Size
			continue
		}
		out.ReclaimedBytes += f.Size
		out.AtMost = out.AtMost || e.Unsure[f.Digest]
	}
	p.InRegistry = out
	notes := append([]string(nil), p.Notes...)
	if held > 0 {
		notes = append(notes, text.Bytes(held)+" stays in the registry: other repositories hold it too")
	}
	if out.AtMost {
		out.Reason = cmp.Or(e.Reason, "not every repository was asked")
		notes = append(notes, "it may be less than "+text.Bytes(out.ReclaimedBytes)+" in the registry: "+out.Reason)
	}
	p.Notes = notes
	return p
}

// Frees says how much the plan frees in the repository, "about 12 MB", and in the
// registry, "≤ 9 MB"; each is empty where there is nothing to say of it.
func (p Plan) Frees() (repository, registry string) {
	about := plural(p.Estimated, "about ", "")
	if p.ReclaimedBytes > 0 {
		repository = about + text.Bytes(p.ReclaimedBytes)
	}
	if r := p.InRegistry; r != nil {
		registry = plural(r.AtMost, "≤ ", "") + about + text.Bytes(r.ReclaimedBytes)
	}
	return repository, registry
}

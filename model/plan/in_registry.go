package plan

import (
	"cmp"
	"slices"
	"strings"

	"regatta/model/graph"
	"regatta/model/ref"
	"regatta/model/text"
)

// InRegistry is what a plan frees in the registry as a whole, where it keeps
// content once for all its repositories: what another one holds stays.
type InRegistry struct {
	ReclaimedBytes int64 `json:"reclaimedBytes"`
	// AtMost says that not every repository told what it holds: it may be less.
	AtMost bool `json:"atMost,omitempty"`
	// AtLeast says that others have content which they may need no more: it may be more.
	// With AtMost that content is counted as freed, so that only one of them is set.
	AtLeast bool   `json:"atLeast,omitempty"`
	Reason  string `json:"reason,omitempty"` // why it is a bound
}

// Elsewhere is what the other repositories of the registry say of what a plan
// frees. What is not named is held by none of them.
type Elsewhere struct {
	Held map[ref.Digest]bool // by one of them, which has a manifest that needs it
	// Had is what one of them has, needed or left over: repositories keep what they have
	// for a while, or for good, after the images are gone.
	Had    map[ref.Digest]bool
	Unsure map[ref.Digest]bool // nobody is known to hold it, and not everybody told
	Reason string              // why something is unsure
}

// Needed has what others have counted as held where one of them has a manifest of v that
// needs it.
func (e Elsewhere) Needed(v View, freed []graph.Freed) Elsewhere {
	e.Held = map[ref.Digest]bool{}
	for _, f := range freed {
		if !f.Manifest || !e.Had[f.Digest] {
			continue
		}
		e.Held[f.Digest] = true
		for _, d := range v.Graph.Contents(f.Digest) {
			e.Held[d] = true
		}
	}
	return e
}

// MayShare reports whether other repositories may hold what the plan frees.
func (v View) MayShare(p Plan) bool { return v.Can.SharesBlobs != No && p.ReclaimedBytes > 0 }

// Freed is what the plan's bytes are made of, the largest first.
func (v View) Freed(p Plan) []graph.Freed { return v.Graph.Freed(p.Removes()) }

// WithElsewhere is the plan with what it frees in the registry.
func (p Plan) WithElsewhere(freed []graph.Freed, e Elsewhere) Plan {
	out := &InRegistry{}
	var held, had int64
	for _, f := range freed {
		switch {
		case e.Held[f.Digest]:
			held += f.Size
		case e.Had[f.Digest]:
			had += f.Size
		default:
			out.ReclaimedBytes += f.Size
			out.AtMost = out.AtMost || e.Unsure[f.Digest]
		}
	}
	if out.AtMost {
		out.ReclaimedBytes += had
	}
	out.AtLeast = had > 0 && !out.AtMost
	p.InRegistry = out
	p.Notes = append(slices.Clip(p.Notes), out.explain(held, had, e.Reason)...)
	return p
}

const othersHold = " stays in the registry: other repositories hold it too"

// explain gives a bound its reason, and says in sentences what is not freed.
func (r *InRegistry) explain(held, had int64, unsure string) []string {
	var notes, why []string
	if held > 0 {
		notes = append(notes, text.Bytes(held)+othersHold)
	}
	if r.AtMost {
		why = append(why, cmp.Or(unsure, "not every repository was asked"))
	}
	if had > 0 {
		why = append(why, "other repositories have "+text.Bytes(had)+" of it, which may be left over from deleted images")
	}
	r.Reason = strings.Join(why, "; ")
	if r.Reason != "" {
		notes = append(notes, "it may be "+plural(r.AtMost, "less", "more")+" than "+
			text.Bytes(r.ReclaimedBytes)+" in the registry: "+r.Reason)
	}
	return notes
}

// Frees says how much the plan frees in the repository, "about 12 MB", and in the
// registry, "≤ 9 MB" or "≥ 9 MB"; each is empty where there is nothing to say of it.
func (p Plan) Frees() (repository, registry string) {
	about := plural(p.Estimated, "about ", "")
	if p.ReclaimedBytes > 0 {
		repository = about + text.Bytes(p.ReclaimedBytes)
	}
	r := p.InRegistry
	if r == nil {
		return repository, ""
	}
	switch {
	case r.AtMost:
		about = "≤ " + about
	case r.AtLeast:
		about = "≥ " + about
	}
	return repository, about + text.Bytes(r.ReclaimedBytes)
}

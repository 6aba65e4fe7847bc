package plan

import (
	"slices"
	"strconv"
	"time"
)

// recall puts first what the registry refused before and a step asks of it again.
// What it is known to do by now needs no memory.
func (v View) recall(p *Plan) {
	var out []Risk
	if v.Can.ManifestRefused.Known() && p.Has(Delete, UntagByDummy) {
		out = append(out, v.refusedBefore("manifests", v.Can.ManifestRefused))
	}
	if v.Can.TagRefused.Known() && p.Has(Untag) {
		out = append(out, v.refusedBefore("tags", v.Can.TagRefused))
	}
	p.Risks = slices.Concat(out, p.Risks)
}

func (v View) refusedBefore(what string, r Refusal) Risk {
	return Risk{Kind: RefusedBefore, Reason: v.Registry + " refused to delete " + what + " of " + v.Repository + " on " +
		r.said() + "; it is tried again"}
}

func (r Refusal) said() string {
	return r.At.UTC().Format(time.DateOnly) + " (" + strconv.Itoa(r.Status) + ")"
}

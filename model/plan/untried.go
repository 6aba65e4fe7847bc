package plan

import "slices"

// untried says what the steps of a plan ask of the registry that nobody knows it does, and
// how it does what it cannot do directly.
func (v View) untried(p Plan) []string {
	var out []string
	if p.Has(UntagByDummy) {
		out = append(out, "an empty manifest is pushed to the tag and deleted with it, as the registry removes no tag alone")
	}
	if v.Can.TagDelete == Unknown && !v.Can.TagRefused.Known() && p.Has(Untag) {
		out = append(out, deletesUnknown+v.Registry+" deletes a tag alone"+v.otherwise())
	}
	if v.Can.ManifestDelete == Unknown && !v.Can.ManifestRefused.Known() && p.Has(Delete) {
		out = append(out, deletesUnknown+v.Registry+" deletes manifests; if it refuses, nothing is deleted")
	}
	return out
}

// retried is a plan that was made of another with what its own steps ask of the registry.
func (v View) retried(p, was Plan) Plan {
	before := v.untried(was)
	p.Notes = slices.DeleteFunc(slices.Clone(p.Notes), func(n string) bool { return slices.Contains(before, n) })
	p.Notes = append(p.Notes, v.untried(p)...)
	p.Risks = slices.DeleteFunc(slices.Clone(p.Risks), func(r Risk) bool { return r.Kind == RefusedBefore })
	v.recall(&p)
	return p
}

// otherwise is what is done where the registry refuses to delete a tag.
func (v View) otherwise() string {
	if v.Can.ManifestDelete == No || v.Can.TaggedDelete == No {
		return "; if it refuses, nothing is removed"
	}
	return "; if not, it goes with a dummy manifest, where that can be"
}

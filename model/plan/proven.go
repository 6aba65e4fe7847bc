package plan

// Proven is what a registry can do, where that is not known but by what a run of p has done
// there.
func (c Capabilities) Proven(p Plan, outcomes []Outcome) Capabilities {
	for i, s := range p.Steps {
		if i >= len(outcomes) || outcomes[i] != Done {
			continue
		}
		switch {
		case (s.Kind == Delete || s.Kind == UntagByDummy) && c.ManifestDelete == Unknown:
			c.ManifestDelete = Yes
		case s.Kind == Untag && c.TagDelete == Unknown:
			c.TagDelete = Yes
		}
	}
	return c
}

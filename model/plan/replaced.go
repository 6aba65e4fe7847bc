package plan

import (
	"slices"
	"strings"

	"regatta/model/ref"
)

// Replaced is an image in a file of this machine that is written anew. Image is the
// digest of its config, if that is known.
type Replaced struct {
	File  string
	Image ref.Digest
	Tags  []string
}

// Replacing is the plan that says of images which nothing brings back that it writes
// over them.
func (p Plan) Replacing(images []Replaced) Plan {
	if len(images) == 0 {
		return p
	}
	p.Risks = append([]Risk{{Kind: Replaces, Reason: images[0].File + " is there, and is written anew"}}, p.Risks...)
	for _, r := range images {
		p.Lost = append(p.Lost, Lost{Digest: r.Image, Tags: r.Tags, Reason: r.File + holdsIt})
	}
	return p
}

// holdsIt ends the reason why an image is lost that a file is written over with.
const holdsIt = " holds it, and is written anew"

// Landed is the plan without what it says that it writes over: that may be another file by
// now.
func (p Plan) Landed() Plan {
	p.Risks = slices.DeleteFunc(slices.Clone(p.Risks), func(r Risk) bool { return r.Kind == Replaces })
	p.Lost = slices.DeleteFunc(slices.Clone(p.Lost), func(l Lost) bool { return strings.HasSuffix(l.Reason, holdsIt) })
	return p
}

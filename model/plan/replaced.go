package plan

import "regatta/model/ref"

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
		p.Lost = append(p.Lost, Lost{Digest: r.Image, Tags: r.Tags, Reason: r.File + " holds it, and is written anew"})
	}
	return p
}

package contents

import (
	"regatta/cmd/cli/output/null"

	"regatta/cmd/app/inside"
	"regatta/cmd/cli/output"
	"regatta/model/diff"
	"regatta/model/ref"
)

type diffJSON struct {
	From           endJSON    `json:"from"`
	To             endJSON    `json:"to"`
	TransferBytes  int64      `json:"transferBytes"` // of what to has and from has not
	PlatformsAdded []string   `json:"platformsAdded"`
	PlatformsGone  []string   `json:"platformsRemoved"`
	Images         []partJSON `json:"images"` // by platform, of those that both have
}

type endJSON struct {
	Reference string     `json:"reference"`
	Digest    ref.Digest `json:"digest"`
	SizeBytes int64      `json:"sizeBytes"`
}

type partJSON struct {
	Platform *string             `json:"platform"`
	From     ref.Digest          `json:"fromDigest"`
	To       ref.Digest          `json:"toDigest"`
	Layers   []layerChangeJSON   `json:"layers"` // from the lowest on
	Settings []diff.Value        `json:"settings"`
	Env      []diff.Value        `json:"env"`
	Labels   []diff.Value        `json:"labels"`
	Ports    NamesJSON           `json:"ports"`
	History  NamesJSON           `json:"history"`
	Findings *FindingChangeJSON  `json:"findings"` // null: not both of them were scanned
	Packages *PackageChangesJSON `json:"packages"` // null: not both of them have an SBOM
	Files    *fileChangesJSON    `json:"files"`    // null: without --files nobody looks
}

type layerChangeJSON struct {
	Change    string      `json:"change"` // same, added or removed
	Digest    *ref.Digest `json:"digest"`
	SizeBytes int64       `json:"sizeBytes"`
	CreatedBy *string     `json:"createdBy"`
}

// FindingChangeJSON is how the findings of two images differ.
type FindingChangeJSON struct {
	From map[string]int `json:"fromCounts"`
	To   map[string]int `json:"toCounts"`
	New  []findingJSON  `json:"new"`
	Gone []findingJSON  `json:"gone"`
}

func comparisonDoc(c *inside.Comparison) diffJSON {
	d := c.Index
	out := diffJSON{
		From:           endJSON{c.Pair.From.Name(), d.From, d.FromSize},
		To:             endJSON{c.Pair.To.Name(), d.To, d.ToSize},
		TransferBytes:  d.Transfer,
		PlatformsAdded: output.List(d.Gained), PlatformsGone: output.List(d.Lost), Images: []partJSON{},
	}
	for _, i := range d.Images {
		out.Images = append(out.Images, partJSON{
			Platform: null.Of(i.Platform), From: i.From, To: i.To, Layers: layerChanges(i.Layers),
			Settings: output.List(i.Settings), Env: output.List(i.Env), Labels: output.List(i.Labels), Ports: NamesOf(i.Ports),
			History: NamesOf(i.History), Findings: FindingChanges(c, i.Platform),
			Packages: PackageChanges(c.Packages[i.Platform]), Files: fileChanges(c.Files[i.Platform]),
		})
	}
	return out
}

func sideWord(side int) string {
	switch {
	case side < 0:
		return "removed"
	case side > 0:
		return "added"
	}
	return "same"
}

func layerChanges(l diff.Layers) []layerChangeJSON {
	out := []layerChangeJSON{}
	for _, c := range l.Changes {
		out = append(out, layerChangeJSON{sideWord(c.Side), null.Of(c.Digest), c.Size, null.Of(c.By)})
	}
	return out
}

// FindingChanges is how findings differ, nil unless both images were scanned.
func FindingChanges(c *inside.Comparison, platform string) *FindingChangeJSON {
	f, ok := c.Findings[platform]
	if !ok || !f.Known() {
		return nil
	}
	return &FindingChangeJSON{
		CountsDoc(f.From.Counts), CountsDoc(f.To.Counts), findingDocs(f.New), findingDocs(f.Gone),
	}
}

// NamesJSON is what came, went and changed.
type NamesJSON struct {
	Added   []string `json:"added"`
	Removed []string `json:"removed"`
	Changed []string `json:"changed"`
}

// NamesOf is what came, went and changed, in JSON.
func NamesOf(n diff.Names) NamesJSON {
	return NamesJSON{output.List(n.Added), output.List(n.Removed), output.List(n.Changed)}
}

package rollback

import (
	"context"

	"regatta/cmd/app/inside"
	rollbacks "regatta/cmd/app/rollback"
	"regatta/cmd/cli/contents"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/model/diff"
)

// differenceJSON is how the target differs from what the tag points to.
type differenceJSON struct {
	SizeFrom        int64           `json:"sizeFromBytes"`
	SizeTo          int64           `json:"sizeToBytes"`
	PlatformsLost   []string        `json:"platformsLost"`
	PlatformsGained []string        `json:"platformsGained"`
	Images          []imageDiffJSON `json:"images"`
}

type imageDiffJSON struct {
	Platform string             `json:"platform"`
	Layers   layersJSON         `json:"layers"`
	Env      contents.NamesJSON `json:"env"`
	Ports    contents.NamesJSON `json:"ports"`
	Labels   []diff.Value       `json:"labels"`
	Settings []diff.Value       `json:"settings"`

	Findings *contents.FindingChangeJSON  `json:"findings"` // null: not both of them were scanned
	Packages *contents.PackageChangesJSON `json:"packages"` // null: not both of them have an SBOM
}

type layersJSON struct {
	Common       int   `json:"common"`
	Added        int   `json:"added"`
	Removed      int   `json:"removed"`
	CommonBytes  int64 `json:"commonBytes"`
	AddedBytes   int64 `json:"addedBytes"`
	RemovedBytes int64 `json:"removedBytes"`
}

// compare reads what somebody is about to look at: how the images differ, and what
// the candidates are.
func compare(ctx context.Context, c *propose.Proposal, all []*rollbacks.Case) apart {
	if c.Options.Yes && !c.Options.DryRun {
		return nil
	}
	out := apart{}
	for _, l := range all {
		out[l] = rollbacks.Difference(ctx, l)
		rollbacks.Portray(ctx, c.App, l, mostCandidates)
	}
	return out
}

// apart is how the targets differ from what the tags point to, as far as that was read.
type apart map[*rollbacks.Case]*inside.Comparison

func differenceOf(c *inside.Comparison) *differenceJSON {
	if c == nil {
		return nil
	}
	d := c.Index
	out := &differenceJSON{
		SizeFrom: d.FromSize, SizeTo: d.ToSize, PlatformsLost: output.List(d.Lost), PlatformsGained: output.List(d.Gained),
		Images: []imageDiffJSON{},
	}
	for _, i := range d.Images {
		out.Images = append(out.Images, imageDiffJSON{
			Platform: i.Platform, Env: contents.NamesOf(diff.NamesOf(i.Env)), Ports: contents.NamesOf(i.Ports),
			Labels:   output.List(i.Labels),
			Settings: output.List(i.Settings), Layers: layersJSON{
				len(i.Layers.Common), len(i.Layers.Added), len(i.Layers.Removed),
				i.Layers.CommonBytes, i.Layers.AddedBytes, i.Layers.RemovedBytes,
			},
			Findings: contents.FindingChanges(c, i.Platform), Packages: contents.PackageChanges(c.Packages[i.Platform]),
		})
	}
	return out
}

package cmd

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"regatta/cmd/app/inside"
	rollbacks "regatta/cmd/app/rollback"
	"regatta/model/diff"
	scan "regatta/model/finding"
	"regatta/model/sbom"
	"regatta/model/text"
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
	Platform string       `json:"platform"`
	Layers   layersJSON   `json:"layers"`
	Env      namesJSON    `json:"env"`
	Ports    namesJSON    `json:"ports"`
	Labels   []diff.Value `json:"labels"`
	Settings []diff.Value `json:"settings"`

	Findings *findingChangeJSON  `json:"findings"` // null: not both of them were scanned
	Packages *packageChangesJSON `json:"packages"` // null: not both of them have an SBOM
}

type layersJSON struct {
	Common       int   `json:"common"`
	Added        int   `json:"added"`
	Removed      int   `json:"removed"`
	CommonBytes  int64 `json:"commonBytes"`
	AddedBytes   int64 `json:"addedBytes"`
	RemovedBytes int64 `json:"removedBytes"`
}

type namesJSON struct {
	Added   []string `json:"added"`
	Removed []string `json:"removed"`
	Changed []string `json:"changed"`
}

// differenceTo says how the target differs from what the tag points to, nil where that
// cannot be read: why not is what the checks tell.
func differenceTo(ctx context.Context, l *rollbacks.Case) *inside.Comparison {
	at := inside.Resolved{Ref: l.Facts.Tag, Backend: l.Backend}
	p := inside.Pair{From: at, To: at}
	p.From.Ref.Digest, p.To.Ref.Digest = l.Facts.Current, l.Target.Digest
	found, err := inside.Compare(ctx, p)
	if err != nil {
		return nil
	}
	return found
}

// compare reads what somebody is about to look at: how the images differ, and what
// the candidates are.
func (c *changing) compare(ctx context.Context, all []*rollbacks.Case) apart {
	if c.o.yes && !c.o.dryRun {
		return nil
	}
	out := apart{}
	for _, l := range all {
		out[l] = differenceTo(ctx, l)
		rollbacks.Portray(ctx, c.app, l, mostCandidates)
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
		SizeFrom: d.FromSize, SizeTo: d.ToSize, PlatformsLost: list(d.Lost), PlatformsGained: list(d.Gained),
		Images: []imageDiffJSON{},
	}
	for _, i := range d.Images {
		out.Images = append(out.Images, imageDiffJSON{
			Platform: i.Platform, Env: namesOf(diff.NamesOf(i.Env)), Ports: namesOf(i.Ports), Labels: list(i.Labels),
			Settings: list(i.Settings), Layers: layersJSON{
				len(i.Layers.Common), len(i.Layers.Added), len(i.Layers.Removed),
				i.Layers.CommonBytes, i.Layers.AddedBytes, i.Layers.RemovedBytes,
			},
			Findings: findingChanges(c, i.Platform), Packages: packageChanges(c.Packages[i.Platform]),
		})
	}
	return out
}

func namesOf(n diff.Names) namesJSON {
	return namesJSON{list(n.Added), list(n.Removed), list(n.Changed)}
}

func layerChange(i diff.Image) string {
	l := i.Layers
	return fmt.Sprintf("layers of %s: %d kept, %d added (%s), %d removed (%s)", i.Platform, len(l.Common),
		len(l.Added), text.Bytes(l.AddedBytes), len(l.Removed), text.Bytes(l.RemovedBytes))
}

// differences are how the target differs, in sentences: the first platform that
// both have stands for all.
func differences(c *inside.Comparison) []string {
	if c == nil {
		return nil
	}
	d := c.Index
	out := []string{"size: " + text.Bytes(d.FromSize) + " → " + text.Bytes(d.ToSize)}
	if len(d.Images) == 0 {
		return out
	}
	i := d.Images[0]
	out = append(out, layerChange(i))
	for _, v := range i.Labels {
		if v.Name == "org.opencontainers.image.revision" {
			v.Name = "commit"
			out = append(out, v.String())
		}
	}
	for _, v := range i.Settings {
		out = append(out, v.String())
	}
	out = slices.Concat(out, named("environment", diff.NamesOf(i.Env)), named("ports", i.Ports))
	if f := c.Findings[i.Platform]; f.Known() {
		out = append(out, findingsChange(f))
	}
	if p := c.Packages[i.Platform]; p != nil {
		out = append(out, packagesChange(p))
	}
	return out
}

// findingsChange says which findings come back with the target and which go away.
func findingsChange(f diff.Findings) string {
	name := func(one scan.Finding) string { return one.Name + " (" + one.Severity.String() + ")" }
	var said []string
	if len(f.New) > 0 {
		said = append(said, fewOf(f.New, name)+" come back")
	}
	if len(f.Gone) > 0 {
		said = append(said, fewOf(f.Gone, name)+" go away")
	}
	return "findings: " + cmp.Or(strings.Join(said, "; "), "the same")
}

func packagesChange(p *diff.Packages) string {
	name := func(one sbom.Package) string { return strings.TrimSpace(one.Name + " " + one.Version) }
	var said []string
	if len(p.Changed) > 0 {
		said = append(said, fewOf(p.Changed, func(c diff.PackageChange) string {
			return c.To.Name + " " + c.From.Version + " → " + c.To.Version
		}))
	}
	if len(p.Added) > 0 {
		said = append(said, fewOf(p.Added, name)+" come")
	}
	if len(p.Removed) > 0 {
		said = append(said, fewOf(p.Removed, name)+" go")
	}
	return "packages: " + cmp.Or(strings.Join(said, "; "), "the same")
}

// fewOf names the first of many, and says how many more there are.
func fewOf[T any](all []T, name func(T) string) string {
	const most = 3
	var out []string
	for _, one := range all[:min(most, len(all))] {
		out = append(out, name(one))
	}
	said := strings.Join(out, ", ")
	if len(all) > most {
		said += " and " + text.Count(len(all)-most) + " more"
	}
	return said
}

func named(what string, n diff.Names) []string {
	var said []string
	for _, one := range []struct {
		verb  string
		names []string
	}{{"come", n.Added}, {"go", n.Removed}, {"change", n.Changed}} {
		if len(one.names) > 0 {
			said = append(said, strings.Join(one.names, ", ")+" "+one.verb)
		}
	}
	if len(said) == 0 {
		return nil
	}
	return []string{what + ": " + strings.Join(said, "; ")}
}

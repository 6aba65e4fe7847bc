package cmd

import (
	"context"
	"fmt"
	"strings"

	"regatta/model/diff"
	"regatta/model/text"
	"regatta/registry/survey"
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

// compare says how the target differs from what the tag points to. What cannot
// be read is what the checks tell.
func (l *lapse) compare(ctx context.Context) {
	at := survey.Place{Shelf: l.backend, Repository: l.facts.Tag.Repository, Digest: l.facts.Current}
	to := at
	to.Digest = l.target.Digest
	d, err := survey.Difference(ctx, at, to)
	if err == nil {
		l.difference = &d
	}
}

// compare reads what somebody is about to look at: how the images differ, and what
// the candidates are.
func (c *change) compare(ctx context.Context, all []*lapse) {
	if c.o.yes && !c.o.dryRun {
		return
	}
	for _, l := range all {
		l.compare(ctx)
		c.portray(ctx, l)
	}
}

func differenceOf(d *diff.Index) *differenceJSON {
	if d == nil {
		return nil
	}
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
func differences(d *diff.Index) []string {
	if d == nil {
		return nil
	}
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
	return append(append(out, named("environment", diff.NamesOf(i.Env))...), named("ports", i.Ports)...)
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

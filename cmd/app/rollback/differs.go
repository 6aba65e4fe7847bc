package rollback

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"regatta/cmd/app/inside"
	"regatta/model/diff"
	scan "regatta/model/finding"
	"regatta/model/sbom"
	"regatta/model/text"
)

// Difference says how the target differs from what the tag points to, nil where that
// cannot be read: why not is what the checks tell.
func Difference(ctx context.Context, l *Case) *inside.Comparison {
	at := inside.Resolved{Ref: l.Facts.Tag, Backend: l.Backend}
	p := inside.Pair{From: at, To: at}
	p.From.Ref.Digest, p.To.Ref.Digest = l.Facts.Current, l.Target.Digest
	found, err := inside.Compare(ctx, p)
	if err != nil {
		return nil
	}
	return found
}

func layerChange(i diff.Image) string {
	l := i.Layers
	return fmt.Sprintf("layers of %s: %d kept, %d added (%s), %d removed (%s)", i.Platform, len(l.Common),
		len(l.Added), text.Bytes(l.AddedBytes), len(l.Removed), text.Bytes(l.RemovedBytes))
}

// Differences are how the target differs, in sentences: the first platform that
// both have stands for all.
func Differences(c *inside.Comparison) []string {
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

package images

import (
	"slices"
	"strings"

	"regatta/model/catalog"
	"regatta/model/finding"
	"regatta/model/image"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/component/list"
	"regatta/ui/component/table"
)

const (
	colTags = iota
	colDigest
	colSize
	colBar
	colTime
	colPlatforms
	colWith
)

func columns(caps image.Capabilities) []table.Column {
	when := "CREATED"
	if caps.PushTimes {
		when = "PUSHED"
	}
	return []table.Column{
		{Title: "TAGS", Name: "tags", Width: 22, Flex: 3},
		{Title: "DIGEST", Name: "digest", Width: 12, Rank: 3},
		{Title: "SIZE", Name: "sizeBytes", Width: 7, Right: true},
		{Title: "", Width: 6, Rank: 4},
		{Title: when, Name: "time", Width: 8, Right: true, Rank: 1},
		{Title: "PLATFORMS", Name: "platforms", Width: 15, Flex: 1, Rank: 2},
		{Title: "WITH", Name: "with", Width: 12, Rank: 5},
	}
}

func orders(caps image.Capabilities) []list.Order {
	all := []list.Order{
		{Name: "version", By: int(catalog.ByVersion), Column: colTags, Reverse: true},
		{Name: "time", By: int(catalog.ByTime), Column: colTime, Reverse: true},
		{Name: "size", By: int(catalog.BySize), Column: colSize, Reverse: true},
		{Name: "tag", By: int(catalog.ByTag), Column: -1},
	}
	if caps.PushTimes {
		all[0], all[1] = all[1], all[0]
		all = append(all, list.Order{Name: "pulled", By: int(catalog.ByPulled), Column: -1, Reverse: true})
	}
	return all
}

// data gives the list its rows.
type data struct{ s *Screen }

func (d data) Snapshot() ([]*image.Image, func(int, bool) catalog.Compare) {
	snap := d.s.set.Snapshot()
	return snap.Rows, func(by int, reverse bool) catalog.Compare {
		return snap.Order(catalog.ImageOrder(by), reverse) //nolint:gosec // by is one of orders()
	}
}

func (d data) Live(r list.Row) list.Row { return d.s.set.Live(r) }

// Keep leaves untagged images and companions out until they are asked for.
func (d data) Keep() func(*image.Image) bool {
	if d.s.everything {
		return nil
	}
	return func(i *image.Image) bool { return len(i.Tags) > 0 && !catalog.IsCompanion(i) }
}

// cells draws the rows.
type cells struct{ s *Screen }

func (c cells) Cell(row table.Row, column, width int) table.Cell {
	img := c.s.set.At(c.s.set.Live(row))
	if img == nil {
		return table.Cell{}
	}
	switch column {
	case colTags:
		return tagsCell(img, c.s.badge(img))
	case colDigest:
		return unknownUnless(img.Digest != "", theme.Dim, img.Digest.Short())
	case colSize:
		return sizeCell(img)
	case colBar:
		return table.Cell{Role: theme.Bar, Text: bar.Of(width, bar.Share(img.Size, c.s.largest))}
	case colTime:
		return unknownUnless(known(img), theme.Text, text.Age(img.Time(), c.s.com.Now()))
	case colPlatforms:
		if c.s.archived(img) {
			return table.Cell{Role: theme.Warn, Text: img.Storage.String()}
		}
		return platformsCell(img, width)
	case colWith:
		return withCell(img)
	}
	return table.Cell{}
}

// withCell warns of what a scan has found.
func withCell(img *image.Image) table.Cell {
	cell := table.Cell{Role: theme.OK, Text: companions(img)}
	if img.Findings != nil {
		if worst, ok := img.Findings.Worst(); ok && worst <= finding.High {
			cell.Role = theme.Warn
		}
	}
	return cell
}

func known(img *image.Image) bool { return img.State == image.Read || img.State == image.Cached }

func unknownUnless(is bool, role theme.Role, s string) table.Cell {
	if !is {
		return table.Cell{Role: theme.Dim, Text: "·"}
	}
	return table.Cell{Role: role, Text: s}
}

func tagsCell(img *image.Image, badge string) table.Cell {
	if len(img.Tags) == 0 {
		return table.Cell{Role: theme.Warn, Text: badge + "untagged"}
	}
	if p, ok := image.ParseCompanion(img.Tags[0]); ok {
		return table.Cell{Role: theme.Dim, Text: p.String()}
	}
	c := table.Cell{Role: theme.Strong, Text: badge + img.Tags[0], TailRole: theme.Dim}
	if len(img.Tags) > 1 {
		c.Tail = " " + strings.Join(img.Tags[1:], " ")
	}
	return c
}

func sizeCell(img *image.Image) table.Cell {
	switch {
	case img.State == image.Failed:
		return table.Cell{Role: theme.Danger, Text: "!"}
	case !known(img) || img.Kind == image.KindSchema1:
		return table.Cell{Role: theme.Dim, Text: "·"}
	}
	return table.Cell{Role: theme.Text, Text: text.Bytes(img.Size)}
}

func platformsCell(img *image.Image, width int) table.Cell {
	switch {
	case img.State == image.Failed:
		return table.Cell{Role: theme.Danger, Text: "! cannot be read"}
	case !known(img):
		return table.Cell{Role: theme.Dim, Text: "·"}
	case img.Kind == image.KindSchema1:
		return table.Cell{Role: theme.Warn, Text: "schema 1: unsupported"}
	case img.Kind == image.KindArtifact:
		return table.Cell{Role: theme.Dim, Text: image.ShortMediaType(img.ArtifactType)}
	case img.Kind == image.KindUnknown:
		return table.Cell{Role: theme.Warn, Text: image.ShortMediaType(img.MediaType)}
	}
	role := theme.Text
	if slices.ContainsFunc(img.Platforms, func(p image.PlatformImage) bool { return p.Size < 0 }) {
		role = theme.Danger
	}
	return table.Cell{Role: role, Text: platforms(img, width)}
}

// platforms lists what fits; what all have in common is said by being left out:
// nearly everything runs on linux.
func platforms(img *image.Image, width int) string {
	out := ""
	for i, p := range img.Platforms {
		name := strings.TrimPrefix(p.String(), "linux/")
		if name == "" {
			continue
		}
		if p.Size < 0 {
			name = "!" + name
		}
		more := ""
		if rest := len(img.Platforms) - i - 1; rest > 0 {
			more = " +" + text.Count(rest)
		}
		if out != "" && len(out)+1+len(name)+len(more) > width {
			return out + " +" + text.Count(len(img.Platforms)-i)
		}
		out = strings.TrimPrefix(out+" "+name, " ")
	}
	return out
}

// companions says what accompanies the image: a signature, an SBOM, an
// attestation, and how many findings of what severity a scan has left.
func companions(img *image.Image) string {
	var out []string
	if img.Signatures > 0 {
		out = append(out, "sig")
	}
	if img.SBOMs > 0 {
		out = append(out, "sbom")
	}
	if img.Attestations > 0 {
		out = append(out, "att")
	}
	if img.Findings != nil {
		out = append(out, img.Findings.Short())
	}
	return strings.Join(out, " ")
}

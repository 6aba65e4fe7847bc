package images

import (
	"slices"
	"strconv"
	"strings"

	"regatta/model/catalog"
	"regatta/model/column"
	"regatta/model/finding"
	"regatta/model/image"
	"regatta/model/text"
	"regatta/ui/component/bar"
	"regatta/ui/component/list"
)

func (s *Screen) columns() []column.Column[image.Image] {
	type of = column.Column[image.Image]
	caps := s.wire.Capabilities()
	when, version, time := "CREATED", 1, 2
	if caps.PushTimes {
		when, version, time = "PUSHED", 2, 1
	}
	out := []of{
		{
			Title: "TAGS", Name: "tags", Width: 22, Flex: 3, Sort: sorted("version", version, catalog.ByVersion),
			Value: func(img *image.Image) string { return strings.Join(img.Tags, ", ") },
			Cell:  func(img *image.Image, _ int) column.Cell { return tagsCell(img, s.badge(img)) },
		},
		{
			Title: "DIGEST", Name: "digest", Width: 12, Rank: 3,
			Value: func(img *image.Image) string { return string(img.Digest) },
			Cell: func(img *image.Image, _ int) column.Cell {
				return unknownUnless(img.Digest != "", column.Dim, img.Digest.Short())
			},
		},
		{
			Title: "SIZE", Name: "sizeBytes", Width: 7, Right: true, Cell: sizeCell, Value: sizeBytes,
			Sort: sorted("size", 3, catalog.BySize),
		},
		bar.Column(of{Width: 6, Rank: 4}, func(img *image.Image) float64 { return bar.Share(img.Size, s.largest) }),
		{
			Title: when, Name: "time", Width: 8, Right: true, Rank: 1, Sort: sorted("time", time, catalog.ByTime),
			Value: func(img *image.Image) string { return text.RFC3339(img.Time()) },
			Cell: func(img *image.Image, _ int) column.Cell {
				return unknownUnless(known(img), column.Text, text.Age(img.Time(), s.com.Now()))
			},
		},
		{
			Title: "PLATFORMS", Name: "platforms", Width: 15, Flex: 1, Rank: 2, Value: allPlatforms,
			Cell: func(img *image.Image, width int) column.Cell {
				if s.archived(img) {
					return column.Cell{Tone: column.Warn, Text: img.Storage.String()}
				}
				return platformsCell(img, width)
			},
		},
		{Title: "WITH", Name: "with", Width: 12, Rank: 5, Value: companions, Cell: withCell},
		{Sort: column.Sort[image.Image]{Name: "tag", Turn: 4, By: int(catalog.ByTag)}},
	}
	if caps.PushTimes {
		out = append(out, of{Sort: sorted("pulled", 5, catalog.ByPulled)})
	}
	return out
}

// sorted is an order that the catalog knows, the newest or largest first.
func sorted(name string, turn int, by catalog.ImageOrder) column.Sort[image.Image] {
	return column.Sort[image.Image]{Name: name, Turn: turn, By: int(by), Down: true}
}

// data gives the list its rows.
type data struct{ s *Screen }

func (d data) Snapshot() ([]*image.Image, func(int, bool) catalog.Compare) {
	snap := d.s.set.Snapshot()
	return snap.Rows, func(by int, reverse bool) catalog.Compare {
		return snap.Order(catalog.ImageOrder(by), reverse) //nolint:gosec // by is one of orders()
	}
}

// At implements list.Data.
func (d data) At(row list.Row) *image.Image { return d.s.set.At(row) }

func (d data) Live(r list.Row) list.Row { return d.s.set.Live(r) }

// Keep leaves untagged images and companions out until they are asked for.
func (d data) Keep() func(*image.Image) bool {
	if d.s.everything {
		return nil
	}
	return func(i *image.Image) bool { return len(i.Tags) > 0 && !catalog.IsCompanion(i) }
}

// withCell warns of what a scan has found.
func withCell(img *image.Image, _ int) column.Cell {
	cell := column.Cell{Tone: column.OK, Text: companions(img)}
	if img.Findings != nil {
		if worst, ok := img.Findings.Worst(); ok && worst <= finding.High {
			cell.Tone = column.Warn
		}
	}
	return cell
}

func known(img *image.Image) bool { return img.State == image.Read || img.State == image.Cached }

// sized tells whether the size of an image is known.
func sized(img *image.Image) bool { return known(img) && img.Kind != image.KindSchema1 }

func unknownUnless(is bool, role column.Tone, s string) column.Cell {
	if !is {
		return column.Cell{Tone: column.Dim, Text: "·"}
	}
	return column.Cell{Tone: role, Text: s}
}

func tagsCell(img *image.Image, badge string) column.Cell {
	if len(img.Tags) == 0 {
		return column.Cell{Tone: column.Warn, Text: badge + "untagged"}
	}
	if p, ok := image.ParseCompanion(img.Tags[0]); ok {
		return column.Cell{Tone: column.Dim, Text: p.String()}
	}
	c := column.Cell{Tone: column.Strong, Text: badge + img.Tags[0], TailTone: column.Dim}
	if len(img.Tags) > 1 {
		c.Tail = " " + strings.Join(img.Tags[1:], " ")
	}
	return c
}

func sizeCell(img *image.Image, _ int) column.Cell {
	switch {
	case img.State == image.Failed:
		return column.Cell{Tone: column.Danger, Text: "!"}
	case !sized(img):
		return column.Cell{Tone: column.Dim, Text: "·"}
	}
	return column.Cell{Tone: column.Text, Text: text.Bytes(img.Size)}
}

// sizeBytes is the size in full, if it is known.
func sizeBytes(img *image.Image) string {
	if !sized(img) {
		return ""
	}
	return strconv.FormatInt(img.Size, 10)
}

// allPlatforms names them in full.
func allPlatforms(img *image.Image) string {
	names := make([]string, 0, len(img.Platforms))
	for _, p := range img.Platforms {
		names = append(names, p.String())
	}
	return strings.Join(names, ", ")
}

func platformsCell(img *image.Image, width int) column.Cell {
	switch {
	case img.State == image.Failed:
		return column.Cell{Tone: column.Danger, Text: "! cannot be read"}
	case !known(img):
		return column.Cell{Tone: column.Dim, Text: "·"}
	case img.Kind == image.KindSchema1:
		return column.Cell{Tone: column.Warn, Text: "schema 1: unsupported"}
	case img.Kind == image.KindArtifact:
		return column.Cell{Tone: column.Dim, Text: image.ShortMediaType(img.ArtifactType)}
	case img.Kind == image.KindUnknown:
		return column.Cell{Tone: column.Warn, Text: image.ShortMediaType(img.MediaType)}
	}
	role := column.Text
	if slices.ContainsFunc(img.Platforms, func(p image.PlatformImage) bool { return p.Size < 0 }) {
		role = column.Danger
	}
	return column.Cell{Tone: role, Text: platforms(img, width)}
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

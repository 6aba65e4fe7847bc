package images

import (
	"strings"

	"regatta/model/image"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/kit"
)

// pane tells the current image's details.
func (s *Screen) pane(width, height int) string {
	img := s.current()
	p := kit.NewPane(s.com.Look, width)
	if img == nil {
		return p.Draw(height)
	}
	p.Title(img.Name())
	p.Field("digest", string(img.Digest))
	p.Field("tags", strings.Join(img.Tags, "  "))
	if img.State == image.Failed {
		p.Gap()
		p.Text(theme.Danger, img.Err.Error())
		p.Text(theme.Text, kit.Advice(img.Err))
		return p.Draw(height)
	}
	if !known(img) {
		p.Gap()
		p.Text(theme.Dim, "not read yet")
		return p.Draw(height)
	}
	p.Field("kind", img.Kind.String())
	p.Field("type", image.ShortMediaType(firstOf(img.ArtifactType, img.MediaType)))
	p.Field("size", text.Bytes(img.Size)+" ("+text.ExactBytes(img.Size)+")")
	s.times(p, img)
	p.Field("with", companionsInWords(img))
	if img.Findings != nil {
		p.Field("findings", img.Findings.String())
	}
	s.platformLines(p, img)
	s.userLines(p, img)
	return p.Draw(height)
}

func (s *Screen) times(p *kit.Pane, img *image.Image) {
	now := s.com.Now()
	if !img.Pushed.IsZero() {
		p.Field("pushed", text.StampAge(img.Pushed, now))
	}
	if !img.Created.IsZero() {
		p.Field("created", text.StampAge(img.Created, now))
	}
	if !img.Pulled.IsZero() {
		p.Field("pulled", text.StampAge(img.Pulled, now))
	}
}

func (s *Screen) platformLines(p *kit.Pane, img *image.Image) {
	if len(img.Platforms) == 0 {
		return
	}
	p.Section("PLATFORMS")
	var largest int64
	for _, pl := range img.Platforms {
		largest = max(largest, pl.Size)
	}
	for _, pl := range img.Platforms {
		if pl.Size < 0 {
			p.Spans(kit.Span{Role: theme.Text, Text: kit.Fit(pl.String(), 16)}, kit.Span{Role: theme.Danger, Text: " ! missing"})
			continue
		}
		p.Spans(kit.Span{Role: theme.Text, Text: kit.Fit(pl.String(), 15) + kit.FitRight(text.Bytes(pl.Size), 7) + " "},
			kit.Span{Role: theme.Bar, Text: bar.Of(7, bar.Share(pl.Size, largest))},
			kit.Span{Role: theme.Dim, Text: " " + pl.Digest.Short()})
	}
}

func companionsInWords(img *image.Image) string {
	var out []string
	if img.Signatures > 0 {
		out = append(out, text.Plural(img.Signatures, "signature", "signatures"))
	}
	if img.SBOMs > 0 {
		out = append(out, text.Plural(img.SBOMs, "SBOM", "SBOMs"))
	}
	if img.Attestations > 0 {
		out = append(out, text.Plural(img.Attestations, "attestation", "attestations"))
	}
	return strings.Join(out, ", ")
}

func firstOf(values ...string) string {
	for _, v := range values {
		if v != "" {
			return v
		}
	}
	return ""
}

package rollback

import (
	"slices"
	"strings"

	"regatta/model/column"
	"regatta/model/finding"
	"regatta/model/image"
	"regatta/model/rollback"
	"regatta/model/supply"
	"regatta/model/text"
)

func (s *Screen) columns() []column.Column[rollback.Candidate] {
	type of = column.Column[rollback.Candidate]
	out := []of{
		{Sort: column.Sort[rollback.Candidate]{Name: "rank"}}, // they come with the likeliest first
		{Title: "CANDIDATE", Name: "candidate", Width: 12, Flex: 1, Tone: column.Strong, Value: name},
		{
			Title: "DIGEST", Name: "digest", Width: 12, Rank: 6,
			Value: func(one *rollback.Candidate) string { return string(one.Digest) },
			Cell: func(one *rollback.Candidate, _ int) column.Cell {
				return column.Cell{Tone: column.Dim, Text: one.Digest.Short()}
			},
		},
		{Title: "AGE", Name: "age", Width: 4, Right: true, Rank: 1, Cell: s.told(s.ageCell)},
		{Title: "SIZE", Name: "sizeBytes", Width: 7, Right: true, Rank: 4, Cell: s.told(sizeCell), Value: s.sizeBytes},
		{Title: "PLATFORMS", Name: "platforms", Width: 14, Rank: 5, Cell: s.told(platformsCell)},
		{Title: "COMMIT", Name: "revision", Width: 8, Rank: 3, Cell: s.told(commitCell)},
		{Title: "SIGNED", Name: "signature", Width: 10, Rank: 1, Cell: s.told(signatureCell)},
		{Title: "FINDINGS", Name: "findings", Width: 11, Rank: 2, Cell: s.told(findingsCell)},
		{Title: "WHY", Name: "why", Width: 32, Flex: 3, Cell: func(one *rollback.Candidate, _ int) column.Cell {
			return reason(one)
		}},
	}
	if !s.wire.Scans {
		return slices.DeleteFunc(out, func(c of) bool { return c.Name == "findings" })
	}
	return out
}

// told draws what is known of an image, and where nothing is because it could not be
// read, that.
func (s *Screen) told(
	cell func(one *rollback.Candidate, p rollback.Profile, width int) column.Cell,
) func(*rollback.Candidate, int) column.Cell {
	return func(one *rollback.Candidate, width int) column.Cell {
		p, err := s.profile(one)
		c := cell(one, p, width)
		if err != nil && c.Text == column.Unread {
			return column.Cell{Tone: column.Danger, Text: column.Failed}
		}
		return c
	}
}

func (s *Screen) ageCell(_ *rollback.Candidate, p rollback.Profile, _ int) column.Cell {
	return unlessUnknown(!p.Time.IsZero(), p.Read, column.Text, text.Age(p.Time, s.com.Now()))
}

func sizeCell(_ *rollback.Candidate, p rollback.Profile, _ int) column.Cell {
	return unlessUnknown(p.Size > 0, p.Read, column.Text, text.Bytes(p.Size))
}

func platformsCell(one *rollback.Candidate, p rollback.Profile, width int) column.Cell {
	if one.Image.Storage != image.Standard {
		return column.Cell{Tone: column.Warn, Text: one.Image.Storage.String()}
	}
	return unlessUnknown(p.Where() != "", p.Read, column.Text, fit(strings.Fields(p.Where()), width))
}

func commitCell(_ *rollback.Candidate, p rollback.Profile, _ int) column.Cell {
	return unlessUnknown(p.Revision != "", p.Read, column.Dim, p.Commit())
}

// unlessUnknown tells what nobody has read yet from what was read and is not
// there.
func unlessUnknown(is, read bool, role column.Tone, s string) column.Cell {
	switch {
	case is:
		return column.Cell{Tone: role, Text: s}
	case read:
		return column.Cell{Tone: column.Dim, Text: column.Absent}
	}
	return column.Cell{Tone: column.Dim, Text: column.Unread}
}

// fit lists as many names as fit, and how many more there are.
func fit(names []string, width int) string {
	all := strings.Join(names, " ")
	for n := len(names) - 1; n > 0 && len(all) > width; n-- {
		all = strings.Join(names[:n], " ") + " +" + text.Count(len(names)-n)
	}
	return all
}

func signatureCell(_ *rollback.Candidate, p rollback.Profile, _ int) column.Cell {
	v := p.Signature
	role := column.Dim
	switch v {
	case "":
		return column.Cell{Tone: role, Text: column.Unread}
	case supply.Verified:
		role = column.OK
	case supply.Refused, supply.Broken:
		role = column.Danger
	case supply.Unverified, supply.None:
	}
	return column.Cell{Tone: role, Text: string(v)}
}

func findingsCell(_ *rollback.Candidate, p rollback.Profile, _ int) column.Cell {
	if p.Findings == nil {
		return unlessUnknown(false, p.Read, column.Dim, "")
	}
	found := *p.Findings
	worst, some := found.Worst()
	switch {
	case !some:
		return column.Cell{Tone: column.OK, Text: "none"}
	case worst <= finding.High:
		return column.Cell{Tone: column.Warn, Text: found.Short()}
	}
	return column.Cell{Tone: column.Text, Text: found.Short()}
}

func name(c *rollback.Candidate) string {
	if len(c.Tags) == 0 {
		return "(no tag)"
	}
	return strings.Join(c.Tags, ", ")
}

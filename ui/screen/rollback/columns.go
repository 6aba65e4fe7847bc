package rollback

import (
	"slices"
	"strings"

	"regatta/model/finding"
	"regatta/model/image"
	"regatta/model/rollback"
	"regatta/model/supply"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/table"
)

const (
	colName = iota
	colDigest
	colAge
	colSize
	colPlatforms
	colCommit
	colSignature
	colFindings
	colWhy
)

func columns(scans bool) []table.Column {
	out := []table.Column{
		{Title: "CANDIDATE", Name: "candidate", Width: 12, Flex: 1},
		{Title: "DIGEST", Name: "digest", Width: 12, Rank: 6},
		{Title: "AGE", Name: "age", Width: 4, Right: true, Rank: 1},
		{Title: "SIZE", Name: "sizeBytes", Width: 7, Right: true, Rank: 4},
		{Title: "PLATFORMS", Name: "platforms", Width: 14, Rank: 5},
		{Title: "COMMIT", Name: "revision", Width: 8, Rank: 3},
		{Title: "SIGNED", Name: "signature", Width: 10, Rank: 1},
		{Title: "FINDINGS", Name: "findings", Width: 11, Rank: 2},
		{Title: "WHY", Name: "why", Width: 32, Flex: 3},
	}
	if !scans {
		return slices.Delete(out, colFindings, colFindings+1)
	}
	return out
}

// cells draws the rows.
type cells struct{ s *Screen }

// Cell implements table.Source.
func (c cells) Cell(row table.Row, column, width int) table.Cell {
	if int(row) >= len(c.s.loaded.Candidates) {
		return table.Cell{}
	}
	one := &c.s.loaded.Candidates[row]
	if column >= colFindings && !c.s.wire.Scans {
		column++
	}
	switch column {
	case colName:
		return table.Cell{Role: theme.Strong, Text: name(one)}
	case colDigest:
		return table.Cell{Role: theme.Dim, Text: one.Digest.Short()}
	case colWhy:
		if one.Bad {
			return table.Cell{Role: theme.Danger, Text: "✗ " + one.Reason}
		}
		return table.Cell{Role: theme.Text, Text: one.Reason}
	}
	p, err := c.s.profile(one)
	cell := c.told(one, p, column, width)
	if err != nil && cell.Text == unread {
		return table.Cell{Role: theme.Danger, Text: "!"}
	}
	return cell
}

// unread stands for what is not known.
const unread = "·"

// told is a cell of what is known of the image.
func (c cells) told(one *rollback.Candidate, p rollback.Profile, column, width int) table.Cell {
	switch column {
	case colAge:
		return unlessUnknown(!p.Time.IsZero(), p.Read, theme.Text, text.Age(p.Time, c.s.com.Now()))
	case colSize:
		return unlessUnknown(p.Size > 0, p.Read, theme.Text, text.Bytes(p.Size))
	case colPlatforms:
		if one.Image.Storage != image.Standard {
			return table.Cell{Role: theme.Warn, Text: one.Image.Storage.String()}
		}
		return unlessUnknown(p.Where() != "", p.Read, theme.Text, fit(strings.Fields(p.Where()), width))
	case colCommit:
		return unlessUnknown(p.Revision != "", p.Read, theme.Dim, p.Commit())
	case colFindings:
		if p.Findings != nil {
			return findingsCell(*p.Findings)
		}
		return unlessUnknown(false, p.Read, theme.Dim, "")
	}
	return signatureCell(p.Signature)
}

// unlessUnknown tells what nobody has read yet from what was read and is not
// there.
func unlessUnknown(is, read bool, role theme.Role, s string) table.Cell {
	switch {
	case is:
		return table.Cell{Role: role, Text: s}
	case read:
		return table.Cell{Role: theme.Dim, Text: "–"}
	}
	return table.Cell{Role: theme.Dim, Text: unread}
}

// fit lists as many names as fit, and how many more there are.
func fit(names []string, width int) string {
	all := strings.Join(names, " ")
	for n := len(names) - 1; n > 0 && len(all) > width; n-- {
		all = strings.Join(names[:n], " ") + " +" + text.Count(len(names)-n)
	}
	return all
}

func signatureCell(v supply.Verdict) table.Cell {
	role := theme.Dim
	switch v {
	case "":
		return table.Cell{Role: role, Text: unread}
	case supply.Verified:
		role = theme.OK
	case supply.Refused, supply.Broken:
		role = theme.Danger
	case supply.Unverified, supply.None:
	}
	return table.Cell{Role: role, Text: string(v)}
}

func findingsCell(found finding.Counts) table.Cell {
	worst, some := found.Worst()
	switch {
	case !some:
		return table.Cell{Role: theme.OK, Text: "none"}
	case worst <= finding.High:
		return table.Cell{Role: theme.Warn, Text: found.Short()}
	}
	return table.Cell{Role: theme.Text, Text: found.Short()}
}

// Value implements table.Source.
func (c cells) Value(row table.Row, column int) string {
	if column == colSize {
		return c.size(row)
	}
	const wide = 1000
	if said := c.Cell(row, column, wide).Text; said != unread && said != "–" {
		return said
	}
	return ""
}

func name(c *rollback.Candidate) string {
	if len(c.Tags) == 0 {
		return "(no tag)"
	}
	return strings.Join(c.Tags, ", ")
}

package images

import (
	"strconv"
	"strings"

	"regatta/model/image"
	"regatta/model/text"
	"regatta/ui/component/table"
)

// Value implements table.Source.
func (c cells) Value(row table.Row, column int) string {
	img := c.s.set.At(c.s.set.Live(row))
	if img == nil {
		return ""
	}
	switch column {
	case colTags:
		return strings.Join(img.Tags, ", ")
	case colDigest:
		return string(img.Digest)
	case colSize:
		if !known(img) || img.Kind == image.KindSchema1 {
			return ""
		}
		return strconv.FormatInt(img.Size, 10)
	case colTime:
		return text.RFC3339(img.Time())
	case colPlatforms:
		names := make([]string, 0, len(img.Platforms))
		for _, p := range img.Platforms {
			names = append(names, p.String())
		}
		return strings.Join(names, ", ")
	}
	return companions(img)
}

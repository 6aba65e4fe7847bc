package cleanup

import (
	"strings"
	"time"

	"regatta/model/cleanup"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/kit"
)

// bucket counts the images of an age.
type bucket struct {
	label         string
	below         time.Duration // 0: any age
	kept, removed int
}

func buckets() []bucket {
	const day = 24 * time.Hour
	return []bucket{
		{label: "<1d", below: day},
		{label: "<1w", below: 7 * day},
		{label: "<1mo", below: 30 * day},
		{label: "<3mo", below: 90 * day},
		{label: "<6mo", below: 180 * day},
		{label: "<1y", below: 365 * day},
		{label: "older"},
	}
}

// byAge counts the images by age. Those without a time are in none.
func byAge(found *cleanup.Selection) []bucket {
	out := buckets()
	for i, v := range found.Verdicts {
		at := found.Stock.Images[i].Time
		if at.IsZero() {
			continue
		}
		b := &out[place(out, found.At.Sub(at))]
		if v.Outcome == cleanup.Removed {
			b.removed++
		} else {
			b.kept++
		}
	}
	return out
}

func place(all []bucket, age time.Duration) int {
	for i, b := range all {
		if b.below == 0 || age < b.below {
			return i
		}
	}
	return len(all) - 1
}

// ages is a line of bars, the newest first: what goes, then what stays.
func (s *Screen) ages(width int) string {
	look := s.com.Look
	most := 0
	for _, b := range s.now.ages {
		most = max(most, b.kept+b.removed)
	}
	each := max(0, width-1) / len(s.now.ages)
	spans := []kit.Span{{Text: " "}}
	for _, b := range s.now.ages {
		spans = append(spans, b.draw(each, most)...)
	}
	return look.Line(width, spans...)
}

func (b bucket) draw(width, most int) []kit.Span {
	room := max(0, width-len(b.label)-2)
	gone, stays := split(b.kept, b.removed, most, room)
	return []kit.Span{
		{Role: theme.Dim, Text: b.label + " "},
		{Role: theme.Danger, Text: bar.Of(gone, 1)},
		{Role: theme.OK, Text: bar.Of(stays, 1)},
		{Text: strings.Repeat(" ", max(0, room-gone-stays)+1)},
	}
}

// split is how many cells of room are for what goes and for what stays. Both are
// seen if they are there.
func split(kept, removed, most, room int) (gone, stays int) {
	all := filled(kept+removed, most, room)
	if kept > 0 && removed > 0 {
		all = min(room, max(2, all))
	}
	gone = min(all, filled(removed, most, room))
	if kept > 0 && gone == all {
		gone = max(0, all-1)
	}
	if stays = all - gone; kept == 0 {
		return all, 0
	}
	return gone, stays
}

// filled is how many cells n of most takes; what is not zero takes one.
func filled(n, most, room int) int {
	if n == 0 || room == 0 {
		return 0
	}
	return max(1, int(bar.Share(int64(n), int64(most))*float64(room)+0.5))
}

package cli

import (
	"testing"
	"time"

	"regatta/model/catalog"
	"regatta/model/image"
	"regatta/model/query"
)

func BenchmarkFilterOf100000(b *testing.B) {
	c := catalog.NewImages()
	var all []image.Image
	for i := range 100_000 {
		all = append(all, crowd{}.image(i))
	}
	c.Begin()
	c.Append(all)
	c.Finish()
	for name, text := range map[string]string{"word": "v5", "fields": "v5 size>10MB platform:arm64 | age>30d"} {
		keep, wrong := query.Compile(text, catalog.ImageFields(), time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC))
		if wrong != nil {
			b.Fatal(wrong)
		}
		b.Run(name, func(b *testing.B) {
			for b.Loop() {
				snap := c.Snapshot()
				catalog.View(snap.Rows, keep, snap.Order(catalog.ByVersion, true))
			}
		})
	}
}

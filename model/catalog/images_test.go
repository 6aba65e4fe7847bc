package catalog_test

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"regatta/model/catalog"
	"regatta/model/image"
	"regatta/model/query"
	"regatta/model/ref"
)

func digest(s string) ref.Digest { return ref.DigestOf([]byte(s)) }

func listed(tags ...string) []image.Image {
	out := make([]image.Image, 0, len(tags))
	for _, t := range tags {
		out = append(out, image.Image{Tags: []string{t}})
	}
	return out
}

func read(content string) image.Image {
	return image.Image{Digest: digest(content), State: image.Read, Kind: image.KindImage, Size: int64(len(content))}
}

// shown is the set's rows as text: tags joined by spaces, in the order of rows.
func shown(c *catalog.Images) []string {
	var out []string
	for _, r := range catalog.View(c.Snapshot().Rows, nil, nil) {
		img := c.At(r)
		out = append(out, strings.Join(img.Tags, " ")+" "+img.State.String())
	}
	return out
}

func TestTagsOfOneDigestBecomeOneRow(t *testing.T) {
	t.Parallel()
	c := catalog.NewImages()
	c.Begin()
	c.Append(listed("latest", "v1.0.0", "v1.1.0", "prod"))
	cursor, _ := c.TagRow("prod")
	c.Attach("v1.1.0", read("new"))
	c.Attach("latest", read("new"))
	c.Attach("prod", read("new"))
	c.Attach("v1.0.0", read("old"))
	c.Finish()
	if diff := cmp.Diff([]string{"v1.0.0 read", "v1.1.0 prod latest read"}, shown(c)); diff != "" {
		t.Error(diff)
	}
	if got := c.At(c.Live(cursor)); got == nil || got.Digest != digest("new") {
		t.Errorf("the row that prod was on leads to %v", got)
	}
	if c.Len() != 2 || c.Tags() != 4 {
		t.Errorf("%d rows, %d tags", c.Len(), c.Tags())
	}
}

func TestWhatTheStoreRemembersGivesWayToTheRegistry(t *testing.T) {
	t.Parallel()
	c := catalog.NewImages()
	c.Begin()
	known := read("old")
	known.State, known.Tags = image.Cached, []string{"v1", "gone"}
	c.Recall([]image.Image{known})
	if diff := cmp.Diff([]string{"v1 gone cached"}, shown(c)); diff != "" {
		t.Error(diff)
	}
	row, _ := c.TagRow("v1")
	if got := c.Unsettled(row); len(got) != 2 {
		t.Errorf("unsettled: %v", got)
	}
	c.Append(listed("v1", "v2"))
	c.Finish()
	if diff := cmp.Diff([]string{"v1 cached", "v2 unread"}, shown(c)); diff != "" {
		t.Error(diff)
	}
	c.Attach("v1", read("moved"))
	if diff := cmp.Diff([]string{"v2 unread", "v1 read"}, shown(c)); diff != "" {
		t.Error(diff)
	}
}

func TestRecallAfterTheListingDoesNotUndoIt(t *testing.T) {
	t.Parallel()
	c := catalog.NewImages()
	c.Begin()
	c.Append(listed("v1"))
	c.Attach("v1", read("new"))
	stale := read("old")
	stale.State, stale.Tags = image.Cached, []string{"v1"}
	c.Recall([]image.Image{stale})
	c.Finish()
	if row, _ := c.TagRow("v1"); c.At(row).Digest != digest("new") {
		t.Error("the store overruled the registry")
	}
}

func TestATagThatMovedLeavesItsImageUntagged(t *testing.T) {
	t.Parallel()
	c := catalog.NewImages()
	c.Begin()
	c.Append(listed("prod"))
	c.Attach("prod", read("one"))
	c.Finish()
	c.Begin()
	c.Append(listed("prod"))
	c.Attach("prod", read("two"))
	c.Finish()
	if diff := cmp.Diff([]string{" read", "prod read"}, shown(c)); diff != "" {
		t.Error(diff)
	}
}

func TestFailuresAreSettledUntilTheNextListing(t *testing.T) {
	t.Parallel()
	c := catalog.NewImages()
	c.Begin()
	c.Append(listed("v1"))
	c.Fail("v1", errors.New("boom"))
	row, _ := c.TagRow("v1")
	if c.At(row).State != image.Failed || len(c.Unsettled(row)) != 0 {
		t.Errorf("%+v %v", c.At(row), c.Unsettled(row))
	}
	c.Begin()
	if len(c.Unsettled(row)) != 1 {
		t.Error("a new listing does not ask again")
	}
	c.Fail("never-listed", errors.New("late"))
	c.Attach("never-listed", read("x"))
}

func TestCompanionsCountForTheirSubject(t *testing.T) {
	t.Parallel()
	d := digest("image")
	for name, order := range map[string][]string{
		"signature first": {d.FallbackTag() + ".sig", "v1"}, "image first": {"v1", d.FallbackTag() + ".sig"},
	} {
		c := catalog.NewImages()
		c.Begin()
		if order[0] == "v1" {
			c.Append(listed("v1"))
			c.Attach("v1", read("image"))
			c.Append(listed(order[1], d.FallbackTag()+".sbom"))
		} else {
			c.Append(listed(order[0], d.FallbackTag()+".sbom", "v1"))
			c.Attach("v1", read("image"))
		}
		row, _ := c.Row(d)
		if img := c.At(row); img.Signatures != 1 || img.SBOMs != 1 {
			t.Errorf("%s: %d signatures, %d SBOMs", name, img.Signatures, img.SBOMs)
		}
		sig, _ := c.TagRow(d.FallbackTag() + ".sig")
		if !catalog.IsCompanion(c.At(sig)) || catalog.IsCompanion(c.At(row)) {
			t.Errorf("%s: companions are not told from images", name)
		}
	}
}

// Whatever the order of events, each listed tag is on exactly one row, a digest
// has one row, and rows that joined lead to rows that are there.
func TestImagesKeepTheirPromises(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		c, perTag := catalog.NewImages(), rapid.Bool().Draw(t, "a row per tag")
		if perTag {
			c = catalog.NewTags()
		}
		c.Begin()
		tag := rapid.SampledFrom([]string{"v1", "v2", "v3", "latest", "prod"})
		content := rapid.SampledFrom([]string{"a", "b", "c"})
		seen := map[catalog.Row]bool{}
		present := map[string]bool{}
		for range rapid.IntRange(1, 30).Draw(t, "steps") {
			switch rapid.IntRange(0, 4).Draw(t, "event") {
			case 0:
				name := tag.Draw(t, "tag")
				c.Append(listed(name))
				present[name] = true
			case 1:
				c.Attach(tag.Draw(t, "tag"), read(content.Draw(t, "content")))
			case 2:
				c.Fail(tag.Draw(t, "tag"), errors.New("no"))
			case 3:
				img := read(content.Draw(t, "content"))
				img.Tags, img.State = []string{tag.Draw(t, "tag")}, image.Cached
				c.Recall([]image.Image{img})
				present[img.Tags[0]] = true
			case 4:
				c.Begin()
				keep := rapid.SliceOfDistinct(tag, func(s string) string { return s }).Draw(t, "keep")
				c.Append(listed(keep...))
				c.Finish()
				present = map[string]bool{}
				for _, k := range keep {
					present[k] = true
				}
			}
			for name := range present {
				row, _ := c.TagRow(name)
				seen[row] = true
			}
			checkImages(t, c, present, perTag)
		}
		for r := range seen {
			c.Live(r)
		}
	})
}

func checkImages(t *rapid.T, c *catalog.Images, present map[string]bool, perTag bool) {
	tags, digests, live := map[string]int{}, map[ref.Digest]int{}, 0
	for _, r := range catalog.View(c.Snapshot().Rows, nil, nil) {
		live++
		img := c.At(r)
		for _, name := range img.Tags {
			tags[name]++
			if row, ok := c.TagRow(name); !ok || row != r {
				t.Fatalf("%s is drawn on row %d and found on %d", name, r, row)
			}
		}
		if perTag && len(img.Tags) != 1 {
			t.Fatalf("a row has %d tags", len(img.Tags))
		}
		if img.Digest != "" {
			digests[img.Digest]++
		}
	}
	for _, n := range digests {
		if n != 1 && !perTag {
			t.Fatalf("a digest has %d rows", n)
		}
	}
	want := map[string]int{}
	for name := range present {
		want[name] = 1
	}
	if !maps.Equal(tags, want) {
		t.Fatalf("tags on rows: %v, listed: %v", tags, present)
	}
	if live != c.Len() || len(tags) != c.Tags() {
		t.Fatalf("Len says %d of %d rows, Tags %d of %d", c.Len(), live, c.Tags(), len(tags))
	}
}

func TestOrders(t *testing.T) {
	t.Parallel()
	at := func(days int) time.Time { return time.Date(2026, 1, days, 0, 0, 0, 0, time.UTC) }
	c := catalog.NewImages()
	c.Begin()
	for i, img := range []image.Image{
		{Tags: []string{"v1.10.0"}, Size: 10, Created: at(3), Pulled: at(9)},
		{Tags: []string{"v1.9.0"}, Size: 30, Created: at(2)},
		{Tags: []string{"main"}, Size: 20, Created: at(1), Pushed: at(5)},
		{Tags: nil, Size: 5},
	} {
		img.Digest, img.State, img.Kind = digest(strconv.Itoa(i)), image.Read, image.KindImage
		c.Append([]image.Image{img})
	}
	c.Append(listed("zz-unread"))
	snap := c.Snapshot()
	for name, want := range map[string]struct {
		by      catalog.ImageOrder
		reverse bool
		rows    []catalog.Row
	}{
		"newest version first": {catalog.ByVersion, true, []catalog.Row{0, 1, 4, 2, 3}},
		"oldest version first": {catalog.ByVersion, false, []catalog.Row{2, 4, 1, 0, 3}},
		"newest first":         {catalog.ByTime, true, []catalog.Row{2, 0, 1, 3, 4}},
		"largest first":        {catalog.BySize, true, []catalog.Row{1, 2, 0, 3, 4}},
		"smallest first":       {catalog.BySize, false, []catalog.Row{3, 0, 2, 1, 4}},
		"by tag":               {catalog.ByTag, false, []catalog.Row{2, 0, 1, 4, 3}},
		"pulled last":          {catalog.ByPulled, true, []catalog.Row{0, 1, 2, 3, 4}},
	} {
		if got := catalog.View(snap.Rows, nil, snap.Order(want.by, want.reverse)); !slices.Equal(got, want.rows) {
			t.Errorf("%s: %v, want %v", name, got, want.rows)
		}
	}
}

func TestEveryFieldOfImagesWorks(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 20, 0, 0, 0, 0, time.UTC)
	img := &image.Image{
		Digest: digest("x"), Tags: []string{"v1.0.0", "latest"}, Kind: image.KindIndex, MediaType: image.MediaTypeOCIIndex,
		Size: 5e6, Created: now.AddDate(0, 0, -10), State: image.Read, Signatures: 1,
		Platforms: []image.PlatformImage{
			{Platform: image.Platform{OS: "linux", Architecture: "amd64"}}, {Platform: image.Platform{OS: "linux", Architecture: "arm64"}, Size: -1},
		},
	}
	for text, want := range map[string]bool{
		"tag:v1.*": true, "tag:v2.*": false, "kind:index": true, "platform:arm64": true, "platform:s390x": false, "size>4MB": true,
		"tags=2": true, "platforms>2": false, "age>9d": true, "pulled>1d": false, "is:signed": true, "is:sbom": false,
		"is:multi": true, "is:untagged": false, "is:broken": true, "is:read": true, "is:failed": false, "type:index": true,
		"digest:" + img.Digest.Hex()[:10]: true, img.Digest.Hex()[:10]: true, "is:attested": false,
	} {
		keep, err := query.Compile(text, catalog.ImageFields(), now)
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		if keep(img) != want {
			t.Errorf("%s is %v", text, !want)
		}
	}
}

package storage_test

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
	model "regatta/model/storage"
	"regatta/ui"
	"regatta/ui/kit"
	"regatta/ui/screen/storage"
	"regatta/ui/uitest"
)

// page is a screen that is led to.
type page struct{ name string }

func (*page) Init() tea.Cmd                        { return nil }
func (*page) Update(tea.Msg) (kit.Intent, tea.Cmd) { return nil, nil }
func (*page) Bindings() []kit.Binding              { return nil }
func (*page) Close()                               {}
func (p *page) View(w, h int) string               { return kit.Block([]string{p.name}, w, h) }

func digest(hex string) ref.Digest { return ref.Digest("sha256:" + strings.Repeat(hex, 64/len(hex))) }

// depot is a repository that is drawn.
type depot struct {
	picture model.Picture
	err     error
	slow    time.Duration
	counts  bool
	draws   int
	saved   [][]string
}

func (d *depot) draw(ctx context.Context, progress func(total, done int)) (model.Picture, error) {
	d.draws++
	picture, err, slow := d.picture, d.err, d.slow
	for _, done := range []int{3, 4} {
		progress(5, done)
		select {
		case <-time.After(slow / 2):
		case <-ctx.Done():
			return model.Picture{}, ctx.Err()
		}
	}
	return picture, cmp.Or(ctx.Err(), err)
}

// small holds three images, the first two of which share a layer.
func small() *depot {
	return &depot{picture: model.Picture{
		Stored: 6_000_000, Alone: 8_000_000,
		Holdings: []model.Holding{
			{Digest: digest("a"), Tags: []string{"v2", "prod"}, Kind: image.KindIndex, Total: 5_000_000, Own: 3_000_000},
			{Digest: digest("b"), Tags: []string{"v1"}, Kind: image.KindImage, Total: 2_500_000, Own: 500_000},
			{Digest: digest("c"), Kind: image.KindImage, Total: 3_500_000, Own: 500_000},
		},
		Layers: []model.Layer{
			{Digest: digest("d"), Size: 3_000_000, Images: []ref.Digest{digest("a")}},
			{Digest: digest("e"), Size: 2_000_000, Images: []ref.Digest{digest("b"), digest("a")}},
			{Digest: digest("f"), Size: 500_000, Images: []ref.Digest{digest("b"), digest("c"), digest("a")}, Foreign: true},
		},
	}}
}

func perform(t *testing.T, d *depot, act func(*uitest.Driver)) {
	t.Helper()
	stage := uitest.Stage{Width: 130, Height: 24}
	stage.Options = func(o *ui.Options) {
		o.Common.Save = func(_ context.Context, name string, rows [][]string) (string, error) {
			d.saved = rows
			return "/tables/" + name, nil
		}
	}
	stage.Screen = func(_ *testing.T, com kit.Common) kit.Screen {
		return storage.New(com, storage.Wiring{
			Context: catalog.Context{Name: "dev", Host: "registry.example"}, Repository: "shop/api", Counts: d.counts, Draw: d.draw,
			Open: func(d ref.Digest, tags []string) kit.Screen { return &page{fmt.Sprint("the image ", d.Short(), tags)} },
		})
	}
	uitest.Perform(t, stage, act)
}

// settle is longer than the list rests.
const settle = time.Second

func rows(s *uitest.Driver, want ...string) {
	s.Advance(settle).Press("g")
	for _, w := range want {
		s.CursorOn(w).Press("j")
	}
}

func TestImages(t *testing.T) {
	t.Parallel()
	d := small()
	d.slow = 2 * settle
	perform(t, d, func(s *uitest.Driver) {
		s.Advance(settle/2).See("reading all manifests … 3 of 5", "storage of shop/api", "› storage").Press("enter").See("there is no image here")
		s.Advance(settle).See("7 of 10").Advance(2*settle).Press("g").See("3 images · 3 blobs · by own bytes\n", "if every image had copies of its own").SeeNot("could not be read", "· filter")
		s.SeeLine(`^ stored +6\.0 MB  ━+`).SeeLine(`^ unshared +8\.0 MB  ━+  if every`).SeeLine(`^▌ +v2  prod +3\.0 MB +━+ +2\.0 MB +5\.0 MB +index`).SeeLine(`cccccccccccc +500 kB +━*╸? +3\.0 MB +3\.5 MB +image`)
		rows(s, "v2", "cccccccccccc", "v1")
		s.Press("s")
		rows(s, "v2", "cccccccccccc", "v1")
		s.See("by total").Press("s")
		rows(s, "cccccccccccc", "v1", "v2")
		s.See("by image").ClickOn("OWN")
		for filter, want := range map[string]string{"prod": "1 / 3", "is:untagged": "1 / 3", "own>1MB": "1 / 3", "total>3MB": "2 / 3", "cccc": "1 / 3"} {
			s.Press("/").Type(filter).Press("enter").Advance(settle).See(want+" images", "filter "+filter).Press("esc").Advance(settle)
		}
		s.Press("ctrl+s").See("/tables/").Press("space", "esc").SeeNot("●").Press("esc").See(uitest.Home)
	})
	want := `[["image" "ownBytes" "sharedBytes" "totalBytes" "kind"] ["v2" "3000000" "2000000" "5000000" "index"] ["cccccccccccc" "500000" "3000000" "3500000" "image"] ["v1" "500000" "2000000" "2500000" "image"]]`
	if got := fmt.Sprintf("%q", d.saved); got != want {
		t.Errorf("saved\n%s\nwant\n%s", got, want)
	}
}

func TestImageKeys(t *testing.T) {
	t.Parallel()
	perform(t, small(), func(s *uitest.Driver) {
		s.Advance(settle).Press("o").See("the image aaaaaaaaaaaa[v2 prod]").Press("esc", "c").See("copied digest aaaaaaaaaaaa").Advance(settle)
		if got := s.Clipboard(); got != string(digest("a")) {
			t.Errorf("copied %q", got)
		}
		s.Press("j", "enter").See("layers of cccccccccccc", "1 layer or config").Press("esc").ClickOn("v1").CursorOn("v1").ClickOn("v1").See("layers of v1", "2 layers and configs").Press("esc")
		s.Press("L").See("3 layers and configs · by size").SeeNot("layers of")
	})
}

func TestLayers(t *testing.T) {
	t.Parallel()
	d := small()
	perform(t, d, func(s *uitest.Driver) {
		s.Advance(settle).Press("L").Advance(settle).SeeLine(`^▌ +3\.0 MB +━+ +1 +dddddddddddd +v2$`).SeeLine(`2\.0 MB +━+╸? +2 +eeeeeeeeeeee +v2, v1$`).SeeLine(`500 kB +━+╸? +3 +ffffffffffff +foreign: not in this registry$`)
		s.See(string(digest("d")), "3,000,000 bytes in 1 image: v2").Press("j").See("2,000,000 bytes in 2 images: v2, v1").Press("s")
		rows(s, "ffffffffffff", "eeeeeeeeeeee", "dddddddddddd")
		s.See("by images").Press("S")
		rows(s, "dddddddddddd", "eeeeeeeeeeee", "ffffffffffff")
		s.ClickOn("SIZE").Advance(settle).Press("G").CursorOn("ffffffffffff").ClickOn("eeeeeeeeeeee").CursorOn("eeeeeeeeeeee").Press("c").See("copied digest eeeeeeeeeeee")
		for filter, want := range map[string]string{"is:shared": "2 / 3", "images>2": "1 / 3", "size>1MB": "2 / 3", "ffff": "1 / 3"} {
			s.Press("/").Type(filter).Press("enter").Advance(settle).See(want+" layers and configs", "filter "+filter).Press("esc").Advance(settle)
		}
		s.Press("/").Type("none").Press("enter").Advance(settle).See("0 / 3").Press("c").See("there is no layer here").Press("esc").Advance(settle).Press("ctrl+s").See("/tables/").Press("esc").See("stored")
	})
	want := fmt.Sprintf(`[["sizeBytes" "images" "digest" "in"] ["3000000" "1" %q "v2"] ["2000000" "2" %q "v2, v1"] ["500000" "3" %q "v2, v1, cccccccccccc"]]`, digest("d"), digest("e"), digest("f"))
	if got := fmt.Sprintf("%q", d.saved); got != want {
		t.Errorf("saved\n%s\nwant\n%s", got, want)
	}
}

func TestGaps(t *testing.T) {
	t.Parallel()
	d := small()
	d.picture.Gaps = []string{"v3: it is away", "v4: so is this"}
	perform(t, d, func(s *uitest.Driver) {
		s.Advance(settle).See("3 images · 3 blobs · by own bytes · 2 could not be read: v3: it is away", "≥ 6.0 MB", "≥ 8.0 MB").Resize(80, 24).See("unshared").SeeNot("if every image")
	})
}

func TestAsksBeforeItReads(t *testing.T) {
	t.Parallel()
	d := small()
	d.counts, d.err = true, &fault.Error{Kind: fault.Denied, Op: "read", Object: "shop/api"}
	perform(t, d, func(s *uitest.Driver) {
		s.See("counts as pulling the images", "enter reads them, esc goes back", "storage of shop/api").SeeNot(" …\n").Press("r").Send(kit.Refresh{}).See("counts as pulling")
		if d.draws != 0 {
			t.Errorf("read %d times before it was agreed to", d.draws)
		}
		s.Press("enter").See("read shop/api: denied", "your identity may not do this").SeeNot("IMAGE").Press("c").See("there is no image here")
		d.err, d.slow = nil, settle
		s.Press("r").See("reading all manifests").Advance(3 * settle).See("3 images").Press("G")
		slices.Reverse(d.picture.Holdings)
		s.Send(kit.Refresh{}).See("reading all manifests").Advance(3 * settle).SeeNot("●").CursorOn("v2").Press("c").See("copied digest aaaaaaaaaaaa")
		d.err = &fault.Error{Kind: fault.Timeout, Op: "read", Object: "shop/api"}
		s.Press("r").Advance(3*settle).See("timed out").Press("enter").See("there is no image here").Press("r", "esc").Advance(3 * settle).See(uitest.Home)
	})
	if d.draws != 5 {
		t.Errorf("read %d times", d.draws)
	}
}

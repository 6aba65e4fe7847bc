package cleanup_test

import (
	"cmp"
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	model "regatta/model/cleanup"
	"regatta/model/cost"
	"regatta/model/fault"
	"regatta/model/graph"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/ui"
	"regatta/ui/kit"
	"regatta/ui/screen/cleanup"
	"regatta/ui/uitest"
)

func digest(hex string) ref.Digest { return ref.Digest("sha256:" + strings.Repeat(hex, 64/len(hex))) }

// page is a screen that is led to.
type page struct{ name string }

func (*page) Init() tea.Cmd                        { return nil }
func (*page) Update(tea.Msg) (kit.Intent, tea.Cmd) { return nil, nil }
func (*page) Bindings() []kit.Binding              { return nil }
func (*page) Close()                               {}
func (p *page) View(w, h int) string               { return kit.Block([]string{p.name}, w, h) }

// shop is a repository, and what is asked of it.
type shop struct {
	graph     *graph.Graph
	described map[ref.Digest]image.Image
	in        cleanup.Loaded
	err       error
	slow      time.Duration
	work      time.Duration // that it takes to share the bytes
	counts    bool
	archives  bool
	readOnly  bool
	price     cost.Price
	lists     map[string]model.KeepList // by path; others cannot be read
	saved     [][]string

	loads, keeps int
	rules        model.Rules // of the plan
	found        *model.Selection
}

const day = 24 * time.Hour

// add has an image of a size, and pushed so long before the bubble began.
func (s *shop) add(hex string, size int64, age time.Duration, tags ...string) {
	s.graph.Add(image.Manifest{
		Digest: digest(hex), Kind: image.KindImage, MediaType: image.MediaTypeOCIManifest, Raw: []byte(hex),
		Layers: []image.Descriptor{{Digest: digest("0" + hex), Size: size / 2}},
	})
	for _, t := range tags {
		s.graph.Tag(t, digest(hex))
	}
	s.described[digest(hex)] = image.Image{Digest: digest(hex), Size: size, Pushed: time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC).Add(-age)}
}

// small has four images of which one has no tag.
func small() *shop {
	s := &shop{graph: graph.New(), described: map[ref.Digest]image.Image{}, lists: map[string]model.KeepList{}}
	s.add("a", 4_000_000, 400*day, "v1", "one")
	s.add("b", 3_000_000, 100*day, "v2")
	s.add("c", 2_000_000, 10*day)
	s.add("d", 1_000_000, 12*time.Hour, "v3")
	s.in.Notes = []string{"what runs is not known"}
	return s
}

func (s *shop) load(ctx context.Context) (cleanup.Loaded, error) {
	s.loads++
	in, err := s.in, s.err
	in.Stock = model.NewStock(s.graph, s.described)
	in.Stock.Archives = s.archives
	in.Shares = func(gone []ref.Digest) []int64 {
		time.Sleep(s.work)
		out := make([]int64, len(gone))
		for i, d := range gone {
			out[i] = s.described[d].Size / 2
		}
		return out
	}
	return in, cmp.Or(pause(ctx, s.slow), err)
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-time.After(d):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// keepList reads a file; the longer its name, the sooner.
func (s *shop) keepList(ctx context.Context, path string) (model.KeepList, error) {
	s.keeps++
	list, ok := s.lists[path]
	if err := pause(ctx, s.slow/time.Duration(len(path))); err != nil || ok {
		return list, err
	}
	return list, &fault.Error{Kind: fault.NotFound, Op: "read", Object: path}
}

func (s *shop) wiring() cleanup.Wiring {
	return cleanup.Wiring{
		Context:    catalog.Context{Name: "dev", Host: "registry.example", ReadOnly: s.readOnly},
		Repository: "shop/api", Counts: s.counts, Price: s.price, Load: s.load, KeepList: s.keepList,
		Open: func(img model.Image) kit.Screen { return &page{"the image " + img.Digest.Short()} },
		Review: func(rules model.Rules, found *model.Selection) kit.Screen {
			s.rules, s.found = rules, found
			return &page{fmt.Sprintf("the plan of %d", found.Summarize().Remove)}
		},
	}
}

func perform(t *testing.T, s *shop, act func(*uitest.Driver)) {
	t.Helper()
	on(t, uitest.Stage{Width: 140, Height: 30}, s, s.wiring(), act)
}

func on(t *testing.T, stage uitest.Stage, s *shop, w cleanup.Wiring, act func(*uitest.Driver)) {
	t.Helper()
	also := stage.Options
	stage.Options = func(o *ui.Options) {
		if also != nil {
			also(o)
		}
		o.Common.Save = func(_ context.Context, name string, rows [][]string) (string, error) {
			s.saved = rows
			return "/tables/" + name, nil
		}
	}
	stage.Screen = func(_ *testing.T, com kit.Common) kit.Screen { return cleanup.New(com, w) }
	uitest.Perform(t, stage, act)
}

// settle is as long as reading takes, and more than the list rests.
const settle = time.Second

func TestRules(t *testing.T) {
	t.Parallel()
	shop := small()
	shop.slow = settle
	perform(t, shop, func(s *uitest.Driver) {
		s.See("reading all images …", "regatta › cleanup").Press("n", "u").See("the images are not read yet").Press("w").See("what goes is not worked out yet").Press("x").See("there is no image here")
		s.Advance(2*settle).Press("g").See("no rule yet: n keeps the newest", "× remove 0", "= keep 4", "frees 0 B", "4 images · nothing is changed here · what runs is not known")
		s.Press("w").See("nothing is removed").Press("c").See("no rule asks for anything").Press("b").See("no number of images to keep is given").Press("t").See("no pattern is given").Press("X").See("there is no exception")
		s.Press("u").Advance(settle).See("untagged", "× remove 1", "= keep 3", "frees 1.0 MB").SeeLine(`^ +× remove +cccccccccccc +2\.0 MB +1\.0 MB +━+ +10d`).SeeLine(`= keep +v3 +1\.0 MB +12h`)
		s.Press("g").CursorOn("cccccccccccc").Press("u").Advance(settle).See("no rule yet", "× remove 0").CursorOn("cccccccccccc")
		s.Press("o").See("remove what is older than", "empty: no such rule").Type("30").See("no rule yet").Type("d").Advance(settle).See("older than 30d", "× remove 2", "frees 3.5 MB").Press("enter").Advance(settle)
		s.See("older than 30d").SeeNot("empty: no such rule").Press("o").See("> 30d").Type("x").Press("enter").See("want an age such as 12h").Press("esc").Advance(settle).See("older than 30d")
		s.Press("w").See("the plan of 2")
	})
	if shop.loads != 1 || shop.rules.OlderThan != 30*day || shop.rules.Untagged || len(shop.found.Verdicts) != 4 {
		t.Errorf("read %d times, planned %+v", shop.loads, shop.rules)
	}
}

// A rule counts with every key that makes one; esc takes back what was typed.
func TestTypedRules(t *testing.T) {
	t.Parallel()
	shop := small()
	perform(t, shop, func(s *uitest.Driver) {
		type of = struct{ key, title, typed, wrong, said, why string }
		s.Advance(settle)
		for _, one := range []of{
			{"m", "remove images of which the tags match", "v* one", "v*,é", "match v* one", "pattern"},
			{"n", "keep the newest", "1", "-1", "keep newest 1", "want a number such as 10"},
			{"e", "keep images of which a tag matches", "v2", "v/", "exclude v2", "pattern"},
			{"p", "remove what was not pulled for", "12h", "0d", "not pulled for 12h", "want an age"},
			{"P", "never remove images of which a tag matches", "prod", "a b#", "protect prod", "pattern"},
			{"D", "mark by a tag first, and remove after", "2w", "2", "grace 14d", "want an age"},
		} {
			s.Press(one.key).See(one.title).Type(one.wrong).Press("enter").See(one.title, one.why).Press("esc").Advance(settle).SeeNot(one.said, one.title)
			s.Press(one.key).Type(one.typed).Advance(settle).See(one.said).Press("esc").Advance(settle).SeeNot(one.said)
			s.Press(one.key).Type(one.typed).Press("enter").Advance(settle).See(one.said)
		}
		s.Press("b").Advance(settle).See("keep newest 1 by version").Press("n").Type("0").Press("enter").Advance(settle).See("keep newest 10 by version").Press("n", "backspace", "enter").Advance(settle).Press("t").Advance(settle).See("match any tag v* one").Press("O", "B").Advance(settle).See("grace 14d · orphans · broken")
		s.Press("c").See("copied the prune command").SeeNot("exception").Advance(settle)
		if got := s.Clipboard(); got != "regatta prune registry.example/shop/api --match 'v*' --match one --any-tag --orphans --broken"+
			" --keep-last 1 --by version --not-pulled 12h --exclude v2 --protect prod --grace 14d" {
			t.Errorf("copied %s", got)
		}
		s.Press("b", "t").Advance(settle).See("keep newest 1 ·", "match v* one").Press("n", "backspace", "enter").Advance(settle).SeeNot("keep newest")
	})
	shop.archives = true
	perform(t, shop, func(s *uitest.Driver) {
		s.Advance(settle).Press("D").See("archive first, and remove after").Press("esc", "u").Advance(settle).Press("c").Advance(settle)
		if got := s.Clipboard(); got != "regatta prune registry.example/shop/api --untagged" {
			t.Errorf("copied %s", got)
		}
	})
}

func TestOrdersAndFilters(t *testing.T) {
	t.Parallel()
	shop := small()
	shop.add("e", -1, 0, "v0")
	shop.described[digest("e")] = image.Image{Digest: digest("e"), Size: -1}
	perform(t, shop, func(s *uitest.Driver) {
		top := func(want ...string) {
			t.Helper()
			s.Advance(settle).Press("g")
			for i, w := range want {
				if i > 0 {
					s.Press("j")
				}
				s.CursorOn(w)
			}
		}
		s.Advance(settle).Press("o").Type("30d").Press("enter")
		top("v2", "v1", "v3", "cccccccccccc", "v0")
		s.SeeLine(`= keep +v0 +\? +·? +`).SeeNot("-1").Press("s")
		top("v3", "cccccccccccc", "v2", "v1", "v0")
		s.See("AGE↑").Press("s")
		top("v1", "v2", "cccccccccccc", "v3", "v0")
		s.Press("s")
		top("v1", "v2", "v3", "cccccccccccc", "v0")
		s.Press("S").See("FREES↑")
		top("v3")
		for filter, want := range map[string]string{
			"is:removed": "2 / 5 images", "is:kept": "3 / 5 images", "is:untagged": "1 / 5 images", "is:by-hand": "0 / 5 images", "is:marked": "0 / 5",
			"size>2MB": "2 / 5 images", "frees>1MB": "2 / 5", "age>1y": "1 / 5 images", "one": "1 / 5", "cccc": "1 / 5", "is:archived": "0 / 5",
		} {
			s.Press("/").Type(filter).Press("enter").Advance(settle).See(want).Press("esc").Advance(settle)
		}
		s.Press("s").Advance(settle).Press("ctrl+s").See("/tables/")
	})
	want := [][]string{
		{"outcome", "tags", "size", "frees", "time", "reason"},
		{"remove", "v2", "3000000", "1500000", "1999-09-23 00:00:00"},
		{"remove", "one v1", "4000000", "2000000", "1998-11-27 00:00:00"},
		{"keep", "v3", "1000000", "0", "1999-12-31 12:00:00"},
		{"keep", "", "2000000", "0", "1999-12-22 00:00:00"},
		{"keep", "v0", "", "0", "unknown"},
	}
	for i, w := range want {
		if len(shop.saved) != len(want) || !strings.HasPrefix(fmt.Sprintf("%q", shop.saved[i]), strings.TrimSuffix(fmt.Sprintf("%q", w), "]")) {
			t.Fatalf("saved\n%q\nwant\n%q", shop.saved, want)
		}
	}
}

// Images are counted by age; both what goes and what stays is seen.
func TestAges(t *testing.T) {
	t.Parallel()
	perform(t, small(), func(s *uitest.Driver) {
		s.Advance(settle).SeeLine(`^ <1d ━+ +<1w +<1mo ━+ +<3mo +<6mo ━+ +<1y +older ━+`).Resize(80, 24).SeeLine(`^ <1d ━+ +<1w +<1mo ━+`)
	})
}

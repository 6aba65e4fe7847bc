package cli

import (
	"context"
	"fmt"
	"strconv"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/ui"
	"regatta/ui/kit"
	"regatta/ui/screen/images"
)

// crowd is a repository of n images, all read already.
type crowd struct{ n int }

func (c crowd) Known(context.Context, string) ([]image.Image, error) { return nil, nil }

func (c crowd) Images(_ context.Context, _, cursor string) (image.Page, error) {
	const size = 1000
	from := 0
	_, _ = fmt.Sscan(cursor, &from)
	p := image.Page{}
	for i := from; i < min(from+size, c.n); i++ {
		p.Images = append(p.Images, c.image(i))
	}
	if from+size < c.n {
		p.Next = strconv.Itoa(from + size)
	}
	return p, nil
}

func (crowd) image(i int) image.Image {
	d := ref.DigestOf([]byte(strconv.Itoa(i)))
	return image.Image{
		Digest: d, Tags: []string{fmt.Sprintf("v%d.%d.%d", i/1000, i/10%100, i%10)}, Kind: image.KindIndex,
		MediaType: image.MediaTypeOCIIndex, Size: int64(i%997) * 1e5, State: image.Read,
		Created: time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Add(-time.Duration(i) * time.Hour),
		Platforms: []image.PlatformImage{
			{Platform: image.Platform{OS: "linux", Architecture: "amd64"}, Digest: d, Size: 4e7},
			{Platform: image.Platform{OS: "linux", Architecture: "arm64"}, Digest: d, Size: 4e7},
		},
	}
}

func (crowd) Describe(_ context.Context, _ string, i image.Image, _ bool) (image.Image, error) {
	return i, nil
}

// drain runs commands as the runtime would, without its goroutines.
func drain(m tea.Model, cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil, tea.QuitMsg:
	case tea.BatchMsg:
		for _, c := range msg {
			drain(m, c)
		}
	default:
		_, next := m.Update(msg)
		drain(m, next)
	}
}

func crowded(tb testing.TB, n int) *ui.App {
	tb.Helper()
	com := kit.Common{
		Ctx: tb.Context(), Look: &kit.Look{}, Preview: "auto",
		Now: func() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) },
	}
	s := images.New(com, images.Wiring{
		Context: catalog.Context{Name: "crowd", Host: "reg.example"}, Repository: "app", Source: crowd{n},
		Capabilities: func() image.Capabilities { return image.Capabilities{} },
		Open:         func(image.Image, bool) kit.Screen { return nil },
	})
	a := ui.New(ui.Options{Common: com, Theme: "dark"}, s)
	a.Update(tea.WindowSizeMsg{Width: 200, Height: 50})
	drain(a, a.Init())
	return a
}

// A key on a list of 100,000 images must cost about what it costs on a short
// one: what is drawn is what is visible.
func TestAFrameCostsWhatIsVisible(t *testing.T) {
	cost := func(n int) float64 {
		a := crowded(t, n)
		return testing.AllocsPerRun(50, func() {
			a.Update(tea.KeyPressMsg{Code: 'j', Text: "j"})
			_ = a.View()
		})
	}
	few, many := cost(200), cost(20_000)
	if many > few*1.1 || many > 1500 {
		t.Errorf("a frame takes %.0f allocations at 20,000 images and %.0f at 200", many, few)
	}
}

func BenchmarkKeyToFrame(b *testing.B) {
	for _, n := range []int{1_000, 100_000} {
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			a := crowded(b, n)
			b.ReportAllocs()
			for b.Loop() {
				a.Update(tea.KeyPressMsg{Code: 'j', Text: "j"})
				_ = a.View()
			}
		})
	}
}

func BenchmarkViewOf100000(b *testing.B) {
	c := catalog.NewImages()
	page := image.Page{}
	for i := range 100_000 {
		page.Images = append(page.Images, crowd{}.image(i))
	}
	c.Begin()
	c.Append(page.Images)
	c.Finish()
	for name, by := range map[string]catalog.ImageOrder{"version": catalog.ByVersion, "size": catalog.BySize, "time": catalog.ByTime} {
		b.Run("sort-by-"+name, func(b *testing.B) {
			for b.Loop() {
				snap := c.Snapshot()
				catalog.View(snap.Rows, nil, snap.Order(by, true))
			}
		})
	}
}

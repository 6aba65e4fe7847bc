package storage

import (
	"cmp"
	"slices"
	"strings"

	tea "charm.land/bubbletea/v2"

	"regatta/model/column"
	"regatta/model/order"
	"regatta/model/query"
	"regatta/model/ref"
	"regatta/model/storage"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/component/list"
	"regatta/ui/kit"
)

// Layers lists layers and configs with the images that they are in: those of the
// repository, or those of one image.
type Layers struct {
	list.Page[storage.Layer]

	com  kit.Common
	wire Wiring
	of   *storage.Holding // nil: all
	rows []*storage.Layer
	name map[ref.Digest]*storage.Holding
}

// NewLayers returns the screen.
func NewLayers(com kit.Common, wire Wiring, p storage.Picture, of *storage.Holding) *Layers {
	s := &Layers{com: com, wire: wire, of: of, name: map[ref.Digest]*storage.Holding{}}
	for i := range p.Holdings {
		s.name[p.Holdings[i].Digest] = &p.Holdings[i]
	}
	for i := range p.Layers {
		if l := &p.Layers[i]; of == nil || slices.Contains(l.Images, of.Digest) {
			s.rows = append(s.rows, l)
		}
	}
	s.Page = list.NewPage(com, s, kit.Page{Name: layersOf(of), Context: wire.Context}, list.Config[storage.Layer]{
		ID: "layers", Group: "Layers", Noun: "layers", Columns: s.columns(), Schema: layerFields(),
		Data: list.Slice[storage.Layer]{Rows: func() []*storage.Layer { return s.rows }},
	}, list.Around{Below: footHeight})
	return s
}

func (s *Layers) columns() []column.Column[storage.Layer] {
	type of = column.Column[storage.Layer]
	type sort = column.Sort[storage.Layer]
	type field = query.Field[storage.Layer]
	size := func(l *storage.Layer) int64 { return l.Size }
	return []of{
		column.Size(of{
			Title: "SIZE", Name: "sizeBytes", Width: 8, Field: field{Name: "size"},
			Sort: sort{Name: "size", Turn: 1, Down: true},
		}, size),
		bar.Column(of{Width: 14, Flex: 1}, func(l *storage.Layer) float64 { return bar.Share(l.Size, s.rows[0].Size) }),
		column.Count(of{
			Title: "IMAGES", Name: "images", Width: 6, Field: field{Name: "images"},
			Sort: sort{Name: "images", Turn: 2, Down: true, Compare: func(a, b *storage.Layer) int {
				return cmp.Or(cmp.Compare(len(a.Images), len(b.Images)), cmp.Compare(a.Size, b.Size))
			}},
		}, func(l *storage.Layer) int { return len(l.Images) }),
		{
			Title: "DIGEST", Name: "digest", Width: 12, Value: func(l *storage.Layer) string { return string(l.Digest) },
			Cell: func(l *storage.Layer, _ int) column.Cell {
				return column.Cell{Tone: column.Dim, Text: l.Digest.Short()}
			},
		},
		{Title: "IN", Name: "in", Width: 20, Flex: 3, Value: s.images, Cell: func(l *storage.Layer, _ int) column.Cell {
			if l.Foreign {
				return column.Cell{Tone: column.Warn, Text: "foreign: not in this registry"}
			}
			return column.Cell{Tone: column.Strong, Text: s.images(l)}
		}},
	}
}

func layerFields() *query.Schema[storage.Layer] {
	return &query.Schema[storage.Layer]{
		Name: func(l *storage.Layer, yield func(string) bool) bool { return yield(string(l.Digest)) },
		Is:   map[string]func(*storage.Layer) bool{"shared": func(l *storage.Layer) bool { return len(l.Images) > 1 }},
	}
}

// Init implements kit.Screen.
func (s *Layers) Init() tea.Cmd { return s.List.Changed() }

// layersOf is how the screen is called.
func layersOf(of *storage.Holding) string {
	if of != nil {
		return "layers of " + of.Name()
	}
	return "layers"
}

const footHeight = 5

// Update implements kit.Screen.
func (s *Layers) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, intent, cmd := s.Take(msg); handled {
		return intent, cmd
	}
	return nil, nil
}

// Bindings implements kit.Screen.
func (s *Layers) Bindings() []kit.Binding {
	copied := kit.Binding{
		ID: "layers.copy", Keys: []string{"c"}, Desc: "copy the digest", Short: "copy", Group: "Layers", Footer: true,
		Disabled: func() string {
			if s.current() == nil {
				return "there is no layer here"
			}
			return ""
		},
		Run: kit.Ask(func() kit.Intent {
			d := s.current().Digest
			return kit.Copy{What: "digest " + d.Short(), Text: string(d)}
		}),
	}
	return append([]kit.Binding{copied}, s.List.Bindings()...)
}

func (s *Layers) current() *storage.Layer { return s.List.Current() }

// View implements kit.Screen.
func (s *Layers) View(width, height int) string {
	p := kit.NewPane(s.com.Look, width)
	p.Gap()
	if l := s.current(); l != nil {
		p.Text(theme.Dim, string(l.Digest))
		p.Text(theme.Text, text.ExactBytes(l.Size)+" in "+text.Plural(len(l.Images), "image", "images")+": "+s.images(l))
	}
	return s.List.Draw(width, max(0, height-footHeight)) + "\n" + p.Draw(footHeight)
}

// images names the images that a layer is in.
func (s *Layers) images(l *storage.Layer) string {
	var out []string
	for _, d := range l.Images {
		if h := s.name[d]; h != nil {
			out = append(out, h.Name())
		}
	}
	slices.SortFunc(out, func(a, b string) int { return cmp.Compare(order.Of(b), order.Of(a)) })
	return strings.Join(out, ", ")
}

// Status implements kit.Reporter.
func (s *Layers) Status() kit.Status {
	noun := " layers and configs"
	if s.List.Count() == "1" {
		noun = " layer or config"
	}
	line := s.List.Count() + noun + " · by " + s.List.Ordered()
	if f := s.List.Filter(); f != "" {
		line += " · filter " + f
	}
	return kit.Status{Text: line}
}

package storage

import (
	"cmp"
	"slices"
	"strconv"
	"strings"

	tea "charm.land/bubbletea/v2"

	"regatta/model/order"
	"regatta/model/query"
	"regatta/model/ref"
	"regatta/model/storage"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/bar"
	"regatta/ui/component/list"
	"regatta/ui/component/table"
	"regatta/ui/kit"
)

// Layers lists layers and configs with the images that they are in: those of the
// repository, or those of one image.
type Layers struct {
	com  kit.Common
	wire Wiring
	of   *storage.Holding // nil: all
	list *list.Model[storage.Layer]
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
	s.list = list.New(com, s, list.Config[storage.Layer]{
		ID: "layers", Group: "Layers", Noun: "layers", Source: layerCells{s}, Schema: layerFields(),
		Data: list.Slice[storage.Layer]{Rows: func() []*storage.Layer { return s.rows }, Compare: compareLayers},
		Orders: []list.Order{
			{Name: "size", By: layerSize, Column: layerSize, Reverse: true},
			{Name: "images", By: layerImages, Column: layerImages, Reverse: true},
		},
		Cols: layerColumns(),
	})
	return s
}

const (
	layerSize = iota
	layerBar
	layerImages
	layerDigest
	layerIn
)

func layerColumns() []table.Column {
	return []table.Column{
		{Title: "SIZE", Name: "sizeBytes", Width: 8, Right: true},
		{Title: "", Width: 14, Flex: 1},
		{Title: "IMAGES", Name: "images", Width: 6, Right: true},
		{Title: "DIGEST", Name: "digest", Width: 12},
		{Title: "IN", Name: "in", Width: 20, Flex: 3},
	}
}

func layerFields() *query.Schema[storage.Layer] {
	return &query.Schema[storage.Layer]{
		Name:  func(l *storage.Layer, yield func(string) bool) bool { return yield(string(l.Digest)) },
		Size:  map[string]func(*storage.Layer) int64{"size": func(l *storage.Layer) int64 { return l.Size }},
		Count: map[string]func(*storage.Layer) int64{"images": func(l *storage.Layer) int64 { return int64(len(l.Images)) }},
		Is:    map[string]func(*storage.Layer) bool{"shared": func(l *storage.Layer) bool { return len(l.Images) > 1 }},
	}
}

// Init implements kit.Screen.
func (s *Layers) Init() tea.Cmd { return s.list.Changed() }

// Close implements kit.Screen.
func (s *Layers) Close() { s.list.Close() }

// Title implements kit.Titled.
func (s *Layers) Title() string {
	if s.of != nil {
		return "layers of " + s.of.Name()
	}
	return "layers"
}

// Host implements kit.Hosted.
func (s *Layers) Host() string { return s.wire.Context.Host }

// Badges implements kit.Badged.
func (s *Layers) Badges() []kit.Span { return kit.ContextBadges(s.wire.Context) }

const footHeight = 5

// Update implements kit.Screen.
func (s *Layers) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, cmd := s.list.Handle(msg); handled {
		return nil, cmd
	}
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.list.Table.SetSize(msg.Width, max(0, msg.Height-footHeight))
	case list.Saved:
		return msg.Toast(), nil
	case tea.MouseMsg:
		_, cmd := s.list.Mouse(msg)
		return nil, cmd
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
	return append([]kit.Binding{copied}, s.list.Bindings()...)
}

func (s *Layers) current() *storage.Layer { return layerCells{s}.at(s.list.Table.Cursor()) }

// View implements kit.Screen.
func (s *Layers) View(width, height int) string {
	p := kit.NewPane(s.com.Look, width)
	p.Gap()
	if l := s.current(); l != nil {
		p.Text(theme.Dim, string(l.Digest))
		p.Text(theme.Text, text.ExactBytes(l.Size)+" in "+text.Plural(len(l.Images), "image", "images")+": "+s.images(l))
	}
	return s.list.Draw(width, max(0, height-footHeight)) + "\n" + p.Draw(footHeight)
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
	line := s.list.Count() + " layers and configs · by " + s.list.Ordered()
	if f := s.list.Filter(); f != "" {
		line += " · filter " + f
	}
	return kit.Status{Text: line}
}

// Unwind implements kit.Unwinder.
func (s *Layers) Unwind() (bool, tea.Cmd) { return s.list.Unwind() }

func compareLayers(by int) func(a, b *storage.Layer) int {
	size := func(a, b *storage.Layer) int { return cmp.Compare(a.Size, b.Size) }
	if by != layerImages {
		return size
	}
	return func(a, b *storage.Layer) int { return cmp.Or(cmp.Compare(len(a.Images), len(b.Images)), size(a, b)) }
}

type layerCells struct{ s *Layers }

func (c layerCells) at(row table.Row) *storage.Layer {
	if row < 0 || int(row) >= len(c.s.rows) {
		return nil
	}
	return c.s.rows[row]
}

// Cell implements table.Source.
func (c layerCells) Cell(row table.Row, column, width int) table.Cell {
	l := c.at(row)
	if l == nil {
		return table.Cell{}
	}
	switch column {
	case layerSize:
		return table.Cell{Role: theme.Text, Text: text.Bytes(l.Size)}
	case layerBar:
		return table.Cell{Role: theme.Bar, Text: bar.Of(width, bar.Share(l.Size, c.s.rows[0].Size))}
	case layerImages:
		return table.Cell{Role: theme.Text, Text: text.Count(len(l.Images))}
	case layerDigest:
		return table.Cell{Role: theme.Dim, Text: l.Digest.Short()}
	}
	if l.Foreign {
		return table.Cell{Role: theme.Warn, Text: "foreign: not in this registry"}
	}
	return table.Cell{Role: theme.Strong, Text: c.s.images(l)}
}

// Value implements table.Source.
func (c layerCells) Value(row table.Row, column int) string {
	l := c.at(row)
	switch {
	case l == nil:
		return ""
	case column == layerSize:
		return strconv.FormatInt(l.Size, 10)
	case column == layerImages:
		return strconv.Itoa(len(l.Images))
	case column == layerDigest:
		return string(l.Digest)
	}
	return c.s.images(l)
}

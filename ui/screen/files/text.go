package files

import (
	"context"
	"encoding/hex"
	"strings"
	"unicode/utf8"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/file"
	"regatta/model/text"
	"regatta/theme"
	"regatta/ui/component/list"
	"regatta/ui/component/textview"
	"regatta/ui/kit"
)

// page is text to read: the beginning of a file, or what was not saved.
type page struct {
	kit.Page

	com    kit.Common
	read   func(ctx context.Context) (lines []textview.Line, status string, err error)
	lane   *kit.Lane
	view   textview.Model
	status string
	err    error
	done   bool
}

func newPage(
	com kit.Common, c catalog.Context, title string, read func(context.Context) ([]textview.Line, string, error),
) *page {
	p := &page{Page: kit.Page{Name: title, Context: c}, com: com, read: read}
	p.lane = kit.NewLane(com.Ctx, p)
	return p
}

// NewHead returns the screen of the beginning of a file.
func NewHead(com kit.Common, wire Wiring, n *file.Node) kit.Screen {
	return newPage(com, wire.Context, text.Clean(n.Name),
		func(ctx context.Context) ([]textview.Line, string, error) {
			raw, err := wire.Head(ctx, n)
			if err != nil {
				return nil, "", err
			}
			lines, binary := content(raw)
			return lines, describe(n, len(raw), binary), nil
		})
}

// newLeft returns the screen of what was left out of what was saved.
func newLeft(com kit.Common, c catalog.Context, said string, left []string) kit.Screen {
	return newPage(com, c, "saved", func(context.Context) ([]textview.Line, string, error) {
		out := []textview.Line{
			{{Role: theme.Text, Text: " " + said}},
			{},
			{{Role: theme.Warn, Text: " Left out are " + text.Count(len(left)) + ":"}},
		}
		for _, l := range left {
			out = append(out, textview.Line{{Text: " "}, {Role: theme.Text, Text: text.Clean(l)}})
		}
		return out, text.Count(len(left)) + " left out", nil
	})
}

// content is text as lines, and all else in hexadecimal.
func content(raw []byte) (lines []textview.Line, binary bool) {
	if binary = !isText(raw); binary {
		for line := range strings.Lines(hex.Dump(raw)) {
			offset, rest, _ := strings.Cut(strings.TrimSuffix(line, "\n"), "  ")
			lines = append(lines, textview.Line{{Role: theme.Dim, Text: " " + offset}, {Role: theme.Text, Text: "  " + rest}})
		}
		return lines, true
	}
	for line := range strings.SplitSeq(strings.TrimSuffix(text.CleanLines(string(raw)), "\n"), "\n") {
		lines = append(lines, textview.Line{{Role: theme.Text, Text: " " + line}})
	}
	return lines, false
}

// isText reports whether the beginning of a file is UTF-8 without NUL; its last
// character may be cut.
func isText(raw []byte) bool {
	for len(raw) > 0 {
		r, n := utf8.DecodeRune(raw)
		if r == 0 || r == utf8.RuneError && n == 1 && utf8.FullRune(raw) {
			return false
		}
		raw = raw[n:]
	}
	return true
}

func describe(n *file.Node, shown int, binary bool) string {
	line := n.Entry.Name() + " · " + text.Bytes(n.Inode.Size)
	if int64(shown) < n.Inode.Size {
		line = n.Entry.Name() + " · the first " + text.Bytes(int64(shown)) + " of " + text.Bytes(n.Inode.Size)
	}
	if binary {
		line += " · binary"
	}
	return line
}

type pageMsg struct {
	lines  []textview.Line
	status string
	err    error
}

// Init implements kit.Screen.
func (p *page) Init() tea.Cmd {
	p.lane.Reset()
	p.done, p.err = false, nil
	read := p.read
	return p.lane.Go(func(ctx context.Context) tea.Msg {
		lines, status, err := read(ctx)
		return pageMsg{lines, status, err}
	})
}

// Close implements kit.Screen.
func (p *page) Close() { p.lane.Close() }

// Update implements kit.Screen.
func (p *page) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		p.view.SetSize(msg.Width, msg.Height)
	case pageMsg:
		p.status, p.err, p.done = msg.status, msg.err, true
		p.view.SetLines(msg.lines)
	case tea.MouseWheelMsg:
		p.view.Scroll(list.WheelLines(msg))
	}
	return nil, nil
}

// Bindings implements kit.Screen.
func (p *page) Bindings() []kit.Binding {
	again := kit.Binding{
		ID: "file.refresh", Keys: []string{"r", "R", "ctrl+r"}, Desc: "read again", Group: "File",
		Run: func() (kit.Intent, tea.Cmd) { return nil, p.Init() },
	}
	return append([]kit.Binding{again}, p.view.Bindings("file", "File")...)
}

// View implements kit.Screen.
func (p *page) View(width, height int) string {
	look := p.com.Look
	switch {
	case p.err != nil:
		return look.Message(width, height, kit.Span{Role: theme.Danger, Text: text.Clean(p.err.Error())},
			kit.Span{Role: theme.Text, Text: kit.Advice(p.err)})
	case !p.done:
		return look.Message(width, height, kit.Span{Role: theme.Dim, Text: "reading " + p.Name + " …"})
	}
	return p.view.View(look)
}

// Status implements kit.Reporter.
func (p *page) Status() kit.Status {
	if p.err != nil {
		return kit.Status{Err: p.err}
	}
	return kit.Status{Text: p.status, Busy: !p.done}
}

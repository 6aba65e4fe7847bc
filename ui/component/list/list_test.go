package list_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/model/catalog"
	"regatta/model/column"
	"regatta/model/query"
	"regatta/ui/component/list"
	"regatta/ui/kit"
	"regatta/ui/uitest"
)

// item is a row.
type item struct {
	name string
	size int64
}

// shelf is a screen with a list that stands below a head of one line.
type shelf struct {
	mu    sync.Mutex // the list works off the loop, and tests look on
	com   kit.Common
	list  *list.Model[item]
	items []*item
	to    map[list.Row]list.Row // rows that joined others
	keep  func(*item) bool
	slow  time.Duration
	views int // how often a view was asked for
	saved [][]string
	save  error
	none  bool // there is no place to save in
	marks bool
}

func (s *shelf) Snapshot() ([]*item, func(int, bool) catalog.Compare) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.views++
	rows, slow := slices.Clone(s.items), s.slow
	return rows, func(by int, reverse bool) catalog.Compare {
		time.Sleep(slow)
		direction := 1
		if reverse {
			direction = -1
		}
		return func(a, b list.Row) int {
			if by == bySize {
				return cmp.Or(direction*cmp.Compare(rows[a].size, rows[b].size), cmp.Compare(a, b))
			}
			return direction * cmp.Compare(a, b)
		}
	}
}

// bySize is an order that only the shelf knows.
const bySize = 1

func (s *shelf) Live(r list.Row) list.Row {
	if to, ok := s.to[r]; ok {
		return to
	}
	return r
}

func (s *shelf) Keep() func(*item) bool { return s.keep }

func (s *shelf) At(r list.Row) *item {
	if r < 0 || int(r) >= len(s.items) {
		return nil
	}
	return s.items[r]
}

func columns() []column.Column[item] {
	type of = column.Column[item]
	return []of{
		{Title: "NAME", Name: "name", Width: 20, Flex: 1, Value: func(i *item) string { return i.name }},
		{
			Title: "SIZE", Name: "bytes", Width: 7, Right: true, Value: func(i *item) string { return strconv.FormatInt(i.size, 10) },
			Sort:  column.Sort[item]{Name: "size", Turn: 2, By: bySize, Down: true},
			Field: query.Field[item]{Name: "size", Size: func(i *item) int64 { return i.size }},
		},
		{Title: "", Width: 5, Value: func(*item) string { return "bar" }},
		{Sort: column.Sort[item]{Name: "place", Turn: 1}},
	}
}

func (s *shelf) Init() tea.Cmd { return s.list.Changed() }
func (s *shelf) Close()        { s.list.Close() }

// more is news of the data: further rows.
type more []string

func (s *shelf) Update(msg tea.Msg) (kit.Intent, tea.Cmd) {
	if handled, cmd := s.list.Handle(msg); handled {
		return nil, cmd
	}
	switch msg := msg.(type) {
	case tea.WindowSizeMsg:
		s.list.Table.SetSize(msg.Width, msg.Height-1)
	case more:
		s.mu.Lock()
		for _, name := range msg {
			s.items = append(s.items, &item{name: name, size: int64(100 + len(s.items))})
		}
		s.mu.Unlock()
		return nil, s.list.Changed()
	case kit.Refresh:
		return nil, s.list.Changed()
	case list.Saved:
		return msg.Toast(), nil
	case tea.MouseMsg:
		if open, cmd := s.list.MouseBelow(msg, 1); !open {
			return nil, cmd
		}
		return kit.Toast{Text: "opened " + s.items[s.list.Table.Cursor()].name}, nil
	}
	return nil, nil
}

func (s *shelf) View(w, h int) string    { return "head\n" + s.list.Draw(w, h-1) }
func (s *shelf) Bindings() []kit.Binding { return s.list.Bindings() }

func (s *shelf) Unwind() (bool, tea.Cmd) { return s.list.Unwind() }

func (s *shelf) Status() kit.Status {
	return kit.Status{Text: fmt.Sprintf("%s of %d by %s, filter %q", s.list.Count(), s.list.Total(), s.list.Ordered(), s.list.Filter())}
}

func perform(t *testing.T, s *shelf, act func(*uitest.Driver)) {
	t.Helper()
	uitest.Perform(t, uitest.Stage{Screen: func(_ *testing.T, com kit.Common) kit.Screen {
		if !s.none {
			com.Save = func(_ context.Context, name string, rows [][]string) (string, error) {
				s.saved = rows
				return "/tmp/" + name, s.save
			}
		}
		s.com = com
		s.list = list.New(com, s, list.Config[item]{
			ID: "items", Group: "Items", Noun: "items", Data: s, Marks: s.marks, Columns: columns(),
			Schema: &query.Schema[item]{
				Name: func(i *item, yield func(string) bool) bool { return yield(i.name) },
				Is:   map[string]func(*item) bool{"odd": func(i *item) bool { return i.size%2 == 1 }},
			},
		})
		return s
	}}, act)
}

func small() *shelf {
	return &shelf{items: []*item{{"pear", 3}, {"apple", 9}, nil, {"plum", 3}, {"fig", 4}}}
}

// rows are the names on the screen, from the top.
func rows(s *uitest.Driver) string {
	var out []string
	for _, line := range strings.Split(s.Screen(), "\n")[3:22] {
		if f := strings.Fields(strings.Trim(line, "▌● ")); len(f) > 1 {
			out = append(out, f[0])
		}
	}
	return strings.Join(out, " ")
}

func see(t *testing.T, s *uitest.Driver, want string) {
	t.Helper()
	if got := rows(s); got != want {
		t.Fatalf("%q is listed, not %q:\n%s", got, want, s.Screen())
	}
}

const settle = time.Second

func TestOrders(t *testing.T) {
	t.Parallel()
	perform(t, small(), func(s *uitest.Driver) {
		see(t, s.Advance(settle).See("4 of 4 by place"), "pear apple plum fig")
		see(t, s.Press("S"), "fig plum apple pear")
		see(t, s.Press("s").See("by size").SeeLine("SIZE↓"), "apple fig pear plum") // what an order does not tell apart stays as it comes
		see(t, s.Press("S").SeeLine("SIZE↑"), "pear plum fig apple")
		see(t, s.Press("s").See("by place").SeeNot("↑", "↓"), "pear apple plum fig") // each begins in its own direction
		see(t, s.ClickOn("SIZE").See("by size"), "apple fig pear plum")
		see(t, s.ClickOn("SIZE"), "pear plum fig apple")
		see(t, s.ClickOn("NAME").See("by size"), "pear plum fig apple") // no order is that column's
		see(t, s.Press(":").Type("sort by place").Press("enter"), "pear apple plum fig")
	})
}

func TestTheCursorBelongsToARow(t *testing.T) {
	t.Parallel()
	l := small()
	perform(t, l, func(s *uitest.Driver) {
		s.Advance(settle).CursorOn("pear").Press("j", "j").CursorOn("plum").Press("S").CursorOn("plum").Press("s").CursorOn("plum").Press("s")
		s.Send(more{"date", "lime"}).Advance(settle).CursorOn("plum").See("6 of 6")
		l.to = map[list.Row]list.Row{3: 4} // it joins another row
		l.mu.Lock()
		l.items[3] = nil
		l.mu.Unlock()
		s.Send(kit.Refresh{}).Advance(settle).CursorOn("fig").SeeNot("plum").See("5 of 5")
		s.Press("G").CursorOn("lime").Press("g").CursorOn("pear").Wheel(1).CursorOn("pear").ClickOn("date").CursorOn("date").SeeNot("opened")
		s.ClickOn("date").See("opened date")
		s.Send(tea.MouseClickMsg{X: 3, Y: 4, Button: tea.MouseRight}).CursorOn("date").Click(3, 20).CursorOn("date")
	})
}

func TestFilter(t *testing.T) {
	t.Parallel()
	l := small()
	l.keep = func(i *item) bool { return i.name != "fig" }
	perform(t, l, func(s *uitest.Driver) {
		see(t, s.Advance(settle).See("3 of 3"), "pear apple plum") // what is not kept does not count
		s.Press("/").See("word  !not  v1.*  is:…  size>100MB", "3 ").Type("p").See("3 / 3").Type("l").See("2 / 3")
		see(t, s.Press("enter").See(`2 / 3 of 3 by place, filter "pl"`), "apple plum")
		s.Press("/").See("/ pl").Type("zz").See("0 / 3", "No items match the filter plzz", "esc clears it").Press("enter", "j")
		s.See("! down: there is nothing listed").Press("s").See("there is nothing listed").Press("space").See("nothing listed")
		see(t, s.Press("/", "esc").See(`3 of 3 by place, filter ""`), "pear apple plum")
		see(t, s.Press("/").Type("is:odd size>5").Press("enter"), "apple")
		s.Press("a").SeeLine("▌●apple").Press("esc").SeeNot("●").See("filter \"is:odd size>5\"").Press("esc").See("filter \"\"").Press("esc")
		s.See(uitest.Home) // marks, then the filter, then the screen
	})
	perform(t, &shelf{}, func(s *uitest.Driver) {
		s.Advance(settle).Press("/").See("! filter: there is nothing to filter").Press("G").See("! last row: there is nothing listed").Press("ctrl+s")
		s.See("nothing listed")
	})
}

func TestMarks(t *testing.T) {
	t.Parallel()
	l := small()
	l.marks = true
	perform(t, l, func(s *uitest.Driver) {
		s.Advance(settle).See("space mark").Press("space").CursorOn("apple").SeeLine("^ ●pear").Press("v").See("range begins here: move, then v again")
		s.Press("j").Press("v").See("3 rows marked").SeeLine("^ ●apple").SeeLine("●plum")
		s.Press("k", "space").SeeLine("^  apple").Press("ctrl+\\").SeeNot("●").Press("v", "v").See("1 row marked").Press("ctrl+\\", "v").Press("esc")
		s.SeeNot("●").Press("j").SeeNot("●")
		s.Press("/").Type("p").Press("enter", "a", "esc").SeeNot("●").Press("esc").See("fig").SeeNot("●")
	})
	perform(t, small(), func(s *uitest.Driver) { s.Advance(settle).SeeNot("space mark").See("/ filter", "s sort") })
}

func TestSave(t *testing.T) {
	t.Parallel()
	l := small()
	perform(t, l, func(s *uitest.Driver) {
		s.Advance(settle).Press("s", "ctrl+s").See("✓ saved 4 rows to /tmp/items")
		want := [][]string{{"name", "bytes"}, {"apple", "9"}, {"fig", "4"}, {"pear", "3"}, {"plum", "3"}}
		if !slices.EqualFunc(l.saved, want, slices.Equal) {
			t.Errorf("saved %q", l.saved)
		}
		s.Press("space", "ctrl+s").See("✓ saved 1 row to")
		if !slices.EqualFunc(l.saved, want[:2], slices.Equal) {
			t.Errorf("saved %q", l.saved)
		}
	})
	l.save = errors.New("the disk is full")
	perform(t, l, func(s *uitest.Driver) { s.Advance(settle).Press("ctrl+s").See("✗ the disk is full").SeeNot("saved") })
	l.none = true
	perform(t, l, func(s *uitest.Driver) { s.Advance(settle).Press("ctrl+s").See("! saving is not set up here") })
}

func (s *shelf) asked() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.views
}

// News are worked out a few times a second, however many there are, and the last
// of them are shown; what the user asks for does not wait for that.
func TestRest(t *testing.T) {
	t.Parallel()
	l := small()
	perform(t, l, func(s *uitest.Driver) {
		s.Advance(settle)
		before := l.asked()
		for i := range 100 {
			s.Send(more{fmt.Sprint("n", i)}).Advance(5 * time.Millisecond)
		}
		if n := l.asked() - before; n < 3 || n > 5 {
			t.Errorf("worked out %d times in half a second", n)
		}
		s.Advance(settle).See("104 of 104")
		before = l.asked()
		s.Send(kit.Refresh{}).Send(more{"last"}).SeeNot("105 of").Press("S").See("105 of 105").Press("S", "S")
		if n := l.asked() - before; n != 4 {
			t.Errorf("worked out %d times", n)
		}
		s.Advance(10 * time.Second)
		if n := l.asked() - before; n > 5 {
			t.Errorf("worked out %d times though nothing comes", n)
		}
	})
}

// While a view is worked out none is begun, and what comes meanwhile is not lost.
func TestNewsMeanwhile(t *testing.T) {
	t.Parallel()
	l := small()
	perform(t, l, func(s *uitest.Driver) {
		s.Advance(settle)
		l.mu.Lock()
		l.slow = time.Second
		l.mu.Unlock()
		before := l.asked()
		for _, name := range []string{"a", "b", "c", "d", "e"} {
			s.Send(more{name})
		}
		if s.Advance(10 * time.Second).See("9 of 9"); l.asked()-before > 2 {
			t.Errorf("worked out %d times", l.asked()-before)
		}
	})
	perform(t, l, func(s *uitest.Driver) { // what the user asks for comes right after what is under way
		s.Advance(settle + time.Second).Send(kit.Refresh{}).Press("s").Advance(2050 * time.Millisecond)
		see(t, s, "e d c b a apple fig pear plum")
	})
	perform(t, &shelf{slow: time.Second}, func(s *uitest.Driver) {
		see(t, s.Send(more{"first"}).Advance(10*time.Second), "first")
	})
	perform(t, &shelf{}, func(s *uitest.Driver) { see(t, s.Send(more{"first"}), "first") }) // an empty list is no work to rest from
}

// The newest order and filter win, however long the work before takes.
func TestTheNewestWins(t *testing.T) {
	t.Parallel()
	l := small()
	perform(t, l, func(s *uitest.Driver) {
		s.Advance(settle)
		l.mu.Lock()
		l.slow = time.Second
		l.mu.Unlock()
		s.Press("s", "S", "/").Type("l").Press("enter").Advance(10 * time.Second)
		see(t, s.See(`2 / 4 of 4 by size, filter "l"`).SeeLine("SIZE↑"), "plum apple")
		before := l.asked()
		s.Press("esc").Press("esc").See(uitest.Home).Advance(time.Minute)
		if n := l.asked() - before; n > 1 {
			t.Errorf("worked out %d times after the end", n)
		}
	})
}

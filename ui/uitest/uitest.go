// Package uitest drives the real program inside a testing/synctest bubble: time
// is virtual, every step settles before the next, nothing sleeps. Its matchers
// read like a specification. It is imported by tests only.
package uitest

import (
	"image/color"
	"regexp"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	tea "charm.land/bubbletea/v2"
	"github.com/charmbracelet/colorprofile"
	uv "github.com/charmbracelet/ultraviolet"
	"github.com/charmbracelet/x/ansi"
)

// Driver presses keys and reads the screen.
type Driver struct {
	t    *testing.T
	prog *tea.Program
	spy  *spy
	w, h int

	terminal *terminal
}

// spy keeps what the program shows last.
type spy struct {
	tea.Model

	mu   sync.Mutex // the program renders while the test reads
	view tea.View
}

// Update implements tea.Model.
func (s *spy) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	m, cmd := s.Model.Update(msg)
	s.Model = m
	return s, cmd
}

// View implements tea.Model.
func (s *spy) View() tea.View {
	v := s.Model.View()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.view = v
	return v
}

func (s *spy) shown() tea.View {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.view
}

// Terminal is what the program runs in.
type Terminal struct {
	Width, Height int
	Profile       colorprofile.Profile // zero: true colour
	Light         bool
}

// Start runs m in the terminal. Call it inside synctest.Test.
func Start(t *testing.T, m tea.Model, in Terminal) *Driver {
	t.Helper()
	profile := in.Profile
	if profile == colorprofile.Unknown {
		profile = colorprofile.TrueColor
	}
	d := &Driver{t: t, spy: &spy{Model: m}, w: in.Width, h: in.Height, terminal: &terminal{}}
	d.prog = tea.NewProgram(d.spy, tea.WithInput(nil), tea.WithOutput(d.terminal), tea.WithoutSignalHandler(),
		tea.WithWindowSize(in.Width, in.Height), tea.WithColorProfile(profile),
		tea.WithEnvironment([]string{"TERM=xterm-256color"}))
	done := make(chan struct{})
	go func() {
		defer close(done)
		if _, err := d.prog.Run(); err != nil {
			t.Errorf("program: %v", err)
		}
	}()
	t.Cleanup(func() {
		d.prog.Quit()
		<-done
		time.Sleep(time.Minute) // what still ticks must end inside the bubble
	})
	background := color.Color(color.Black)
	if in.Light {
		background = color.White
	}
	d.prog.Send(tea.BackgroundColorMsg{Color: background})
	synctest.Wait()
	return d
}

// Press sends keys by name ("j", "space", "ctrl+c") and lets each settle.
func (d *Driver) Press(keys ...string) *Driver {
	d.t.Helper()
	for _, k := range keys {
		d.prog.Send(Key(d.t, k))
		synctest.Wait()
	}
	return d
}

// Burst sends keys back to back, as a fast typist or a paste into the terminal
// does.
func (d *Driver) Burst(keys ...string) *Driver {
	d.t.Helper()
	for _, k := range keys {
		d.prog.Send(Key(d.t, k))
	}
	synctest.Wait()
	return d
}

// Type presses the keys of a text.
func (d *Driver) Type(text string) *Driver {
	d.t.Helper()
	for _, r := range text {
		if r == ' ' {
			d.Press("space")
			continue
		}
		d.Press(string(r))
	}
	return d
}

// Paste sends text as a bracketed paste.
func (d *Driver) Paste(text string) *Driver {
	d.prog.Send(tea.PasteMsg{Content: text})
	synctest.Wait()
	return d
}

// Click presses the left button on a cell, counted from 0.
func (d *Driver) Click(x, y int) *Driver {
	d.prog.Send(tea.MouseClickMsg{X: x, Y: y, Button: tea.MouseLeft})
	synctest.Wait()
	return d
}

// ClickOn clicks on the first place where text is shown.
func (d *Driver) ClickOn(text string) *Driver {
	d.t.Helper()
	for y, line := range strings.Split(d.Screen(), "\n") {
		if before, _, ok := strings.Cut(line, text); ok {
			return d.Click(ansi.StringWidth(before), y)
		}
	}
	d.t.Fatalf("%q is not on the screen to click on:\n%s", text, d.Screen())
	return d
}

// Wheel turns the wheel by n notches, down if n is positive.
func (d *Driver) Wheel(n int) *Driver {
	button := tea.MouseWheelDown
	if n < 0 {
		button, n = tea.MouseWheelUp, -n
	}
	for range n {
		d.prog.Send(tea.MouseWheelMsg{X: 1, Y: 5, Button: button})
	}
	synctest.Wait()
	return d
}

// Resize changes the terminal's size.
func (d *Driver) Resize(w, h int) *Driver {
	d.w, d.h = w, h
	d.prog.Send(tea.WindowSizeMsg{Width: w, Height: h})
	synctest.Wait()
	return d
}

// Send sends a message as the runtime would.
func (d *Driver) Send(msg tea.Msg) *Driver {
	d.prog.Send(msg)
	synctest.Wait()
	return d
}

// Advance lets virtual time pass.
func (d *Driver) Advance(by time.Duration) *Driver {
	time.Sleep(by)
	synctest.Wait()
	return d
}

// View is what the program asks the terminal for.
func (d *Driver) View() tea.View { return d.spy.shown() }

// Screen is what a terminal would show, without styles.
func (d *Driver) Screen() string {
	buf := uv.NewScreenBuffer(d.w, d.h)
	uv.NewStyledString(d.spy.shown().Content).Draw(buf, buf.Bounds())
	lines := strings.Split(ansi.Strip(buf.Render()), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " \r")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n") + "\n"
}

// See fails the test unless all texts are on the screen.
func (d *Driver) See(texts ...string) *Driver {
	d.t.Helper()
	screen := d.Screen()
	for _, s := range texts {
		if !strings.Contains(screen, s) {
			d.t.Fatalf("%q is not on the screen:\n%s", s, screen)
		}
	}
	return d
}

// SeeNot fails the test if one of the texts is on the screen.
func (d *Driver) SeeNot(texts ...string) *Driver {
	d.t.Helper()
	screen := d.Screen()
	for _, s := range texts {
		if strings.Contains(screen, s) {
			d.t.Fatalf("%q is on the screen:\n%s", s, screen)
		}
	}
	return d
}

// SeeLine fails the test unless a line of the screen matches the pattern.
func (d *Driver) SeeLine(pattern string) *Driver {
	d.t.Helper()
	re := regexp.MustCompile("(?m)" + pattern)
	if !re.MatchString(d.Screen()) {
		d.t.Fatalf("no line matches %q:\n%s", pattern, d.Screen())
	}
	return d
}

// Cursor is the line of the screen that the list's cursor is on.
func (d *Driver) Cursor() string {
	for line := range strings.SplitSeq(d.Screen(), "\n") {
		if strings.HasPrefix(line, "▌") {
			return line
		}
	}
	return ""
}

// CursorOn fails the test unless the list's cursor is on a line with the text.
func (d *Driver) CursorOn(text string) *Driver {
	d.t.Helper()
	if !strings.Contains(d.Cursor(), text) {
		d.t.Fatalf("the cursor is on %q, not on %q:\n%s", d.Cursor(), text, d.Screen())
	}
	return d
}

// Key is the message of a key by name.
func Key(t *testing.T, name string) tea.KeyPressMsg {
	t.Helper()
	k, ok := keyByName(name)
	if !ok || tea.KeyPressMsg(k).String() != name {
		t.Fatalf("no key named %q", name)
	}
	return tea.KeyPressMsg(k)
}

func keyByName(name string) (tea.Key, bool) {
	mod := tea.KeyMod(0)
	base := name
	for prefix, m := range map[string]tea.KeyMod{"ctrl+": tea.ModCtrl, "shift+": tea.ModShift, "alt+": tea.ModAlt} {
		if rest, ok := strings.CutPrefix(base, prefix); ok && rest != "" {
			base, mod = rest, m
		}
	}
	named := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown,
		"left": tea.KeyLeft, "right": tea.KeyRight, "pgup": tea.KeyPgUp, "pgdown": tea.KeyPgDown, "home": tea.KeyHome,
		"end": tea.KeyEnd, "backspace": tea.KeyBackspace,
	}
	if code, ok := named[base]; ok {
		return tea.Key{Code: code, Mod: mod}, true
	}
	if base == "space" {
		return tea.Key{Code: ' ', Text: " "}, true
	}
	r := []rune(base)
	if len(r) != 1 {
		return tea.Key{}, false
	}
	if mod != 0 {
		return tea.Key{Code: r[0], Mod: mod}, true
	}
	return tea.Key{Code: r[0], Text: base}, true
}

//go:build unix

package cli

import (
	"bytes"
	"context"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"regatta/cmd/cli/demo"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	"regatta/cmd/tui"
	"regatta/cmd/tui/desk"
)

// The real program in a real terminal: what virtual time and a recorded screen
// cannot show, such as the modes that it must leave behind as they were.
func TestInATerminal(t *testing.T) {
	t.Parallel()
	bin := program(t)
	for name, journey := range map[string]func(m *terminal){
		"browse and quit":                  browseAndQuit,
		"resize":                           resizeWhileRunning,
		"mouse":                            clickAndScroll,
		"ctrl+c":                           func(m *terminal) { endedBy(m, func() { m.press("C-c") }) },
		"SIGINT":                           func(m *terminal) { endedBy(m, func() { m.signal(syscall.SIGINT) }) },
		"SIGTERM":                          func(m *terminal) { endedBy(m, func() { m.signal(syscall.SIGTERM) }) },
		"panic":                            panicInUpdate,
		"a terminal that can do nothing":   dumbTerminal,
		"the terminal goes away meanwhile": hangUp,
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			journey(openTerminal(t, bin))
		})
	}
}

func TestWithoutATerminalTheUIRefuses(t *testing.T) {
	t.Parallel()
	var out, says bytes.Buffer
	cmd := exec.Command(filepath.Join(program(t), "regatta"), "demo")
	cmd.Stdout, cmd.Stderr = &out, &says
	err := cmd.Run()
	var failed *exec.ExitError
	if !errors.As(err, &failed) || failed.ExitCode() != int(output.Usage) {
		t.Errorf("ended with %v, not with status %d", err, output.Usage)
	}
	if !strings.HasPrefix(says.String(), "regatta: the terminal UI needs a terminal") ||
		strings.Contains(says.String(), "\x1b") || out.Len() > 0 {
		t.Errorf("stderr %q, stdout %q", says.String(), out.String())
	}
}

// program returns the directory of the program, which is the tests themselves under its
// name: it was built once, for the race detector.
func program(t *testing.T) string {
	t.Helper()
	if testing.Short() {
		t.Skip("a short run is one without other programs")
	}
	path, err := exec.LookPath("regatta")
	if err != nil {
		t.Fatal(err)
	}
	return filepath.Dir(path)
}

const demoLine = "sh start regatta demo; echo ended=$?"

// startDemo returns what was on the screen before the line was typed.
func startDemo(m *terminal) string {
	m.t.Helper()
	m.run("echo shown before").see("\nshown before\n" + prompt)
	before := m.screen()
	m.run(demoLine).see("base/debian", "21 repositories")
	return before
}

func browseAndQuit(m *terminal) {
	before := startDemo(m)
	if got := m.modes(); got != "alternate=1 cursor=0 mouse=1 keypad=0" {
		m.t.Errorf("modes while running: %s", got)
	}
	m.press("j").cursorOn("base/distroless").press("G").cursorOn("tools/migrate").press("g").cursorOn("base/debian")
	m.press("Enter").see("sandbox › base/debian", "12.10")
	m.press("Enter").see("1 overview", "LAYERS")
	m.press("3").see("MADE BY").press("Tab").see("ENVIRONMENT").press("5").see("# debian.sh")
	m.press("Escape").see("20 images").press("Escape").see("21 repositories")
	m.press("q")
	restored(m, before, "ended=0")
}

// restored waits for the prompt and checks that the terminal is as it was, with
// only the end of the program added to what it shows.
func restored(m *terminal, before, says string) {
	m.t.Helper()
	m.see("\n" + says + "\n" + prompt)
	if want := before + " " + demoLine + "\n" + says + "\n" + prompt; m.screen() != want {
		m.t.Errorf("the screen is\n%s\nnot\n%s", m.screen(), want)
	}
	cooked(m)
}

// cooked checks the modes that a shell relies on. That the line typed for it is
// seen at all tells that the terminal echoes.
func cooked(m *terminal) {
	m.t.Helper()
	m.see("\n" + prompt)
	if got := m.modes(); got != "alternate=0 cursor=1 mouse=0 keypad=0" {
		m.t.Errorf("modes afterwards: %s", got)
	}
	m.run("stty -a; echo looked").see("\nlooked\n")
	modes := strings.Fields(m.screen())
	for _, mode := range []string{"echo", "icanon", "isig", "icrnl", "opost", "iexten"} {
		if !slices.Contains(modes, mode) || slices.Contains(modes, "-"+mode) {
			m.t.Errorf("%s is off afterwards:\n%s", mode, m.screen())
		}
	}
}

func endedBy(m *terminal, end func()) {
	before := startDemo(m)
	end()
	restored(m, before, "ended=0")
}

func resizeWhileRunning(m *terminal) {
	startDemo(m)
	m.press("j").cursorOn("base/distroless")
	m.resize(80, 24).gone("│").see("21 repositories", "? help").cursorOn("base/distroless")
	m.resize(60, 20).see("regatta needs 80×24", "60×20")
	m.resize(160, 45).see("21 repositories", "sandbox.localhost").cursorOn("base/distroless")
	m.press("q").see("ended=0")
	cooked(m)
}

func clickAndScroll(m *terminal) {
	startDemo(m)
	m.click("shop/api").cursorOn("shop/api")
	m.click("shop/api").see("sandbox › shop/api", "47 images")
	m.resize(80, 24).gone("│").see("47 images")
	first := func() string { return strings.Split(m.screen(), "\n")[2] }
	top := first()
	m.wheel().eventually("other rows after the wheel", func() bool { return first() != top })
	m.press("q").see("ended=0")
	cooked(m)
}

func dumbTerminal(m *terminal) {
	m.run("TERM=dumb regatta demo; echo ended=$?").see("\nregatta: the terminal UI needs a terminal", "\nended=2\n"+prompt)
	cooked(m)
}

// hangUp takes the terminal away, as a lost connection does. No process stays.
func hangUp(m *terminal) {
	startDemo(m)
	pid := m.pid()
	m.tmux("respawn-pane", "-k", shell)
	m.eventually("end of the program", func() bool { return errors.Is(syscall.Kill(pid, 0), syscall.ESRCH) })
}

const panicEnv = "REGATTA_TEST_PANIC"

// panicInUpdate runs this very test binary, as TestProgramThatPanics. After a
// panic Bubble Tea closes its input while that is read; a race detector would
// scroll what the user gets to read off the screen.
func panicInUpdate(m *terminal) {
	m.run(panicEnv + "=1 GORACE=log_path=race " + os.Args[0] + " -test.run='^TestProgramThatPanics$'")
	m.see("21 repositories")
	m.press("Z").see("as the test asked")
	cooked(m)
}

func TestProgramThatPanics(t *testing.T) {
	if os.Getenv(panicEnv) == "" {
		return // only of use in the terminal of panicInUpdate
	}
	a := &verb.Program{Streams: output.SystemStreams(), Now: time.Now}
	s, done := demo.Session(a, 0)
	defer done()
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	_, err := tea.NewProgram(fragile{tui.New(ctx, s, desk.NewBoard(ctx, s), onSandbox())}, tea.WithContext(ctx)).Run()
	if !errors.Is(err, tea.ErrProgramPanic) {
		t.Errorf("ended with %v", err)
	}
}

// fragile is a model with a bug behind one key.
type fragile struct{ tea.Model }

// Update implements tea.Model.
func (f fragile) Update(msg tea.Msg) (tea.Model, tea.Cmd) {
	if key, ok := msg.(tea.KeyPressMsg); ok && key.String() == "Z" {
		panic("as the test asked")
	}
	_, cmd := f.Model.Update(msg)
	return f, cmd
}

//go:build unix

package cli

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"regatta/registry/peertest"
)

// terminal is a shell in a tmux server of its own. It is the one place in these
// tests where time is real.
type terminal struct {
	t       *testing.T
	program string
	dir     string
	env     []string
}

const (
	prompt = "ready>"
	// starter leaves its process id behind and becomes the program.
	starter = "echo $$ >pid\nexec \"$@\"\n"
	shell   = "exec sh"
)

// openTerminal opens a terminal of 120 by 40 with the directories of path first
// in PATH. It ends with the test.
func openTerminal(t *testing.T, path ...string) *terminal {
	t.Helper()
	m := &terminal{t: t, program: peertest.Find(t, "tmux", "apt-get install tmux"), dir: t.TempDir()}
	sockets, err := os.MkdirTemp("", "tmux") //nolint:usetesting // a test's own directory has too long a name for a socket
	for name, text := range map[string]string{"start": starter, "profile": "PS1='" + prompt + " '\n"} {
		err = errors.Join(err, os.WriteFile(filepath.Join(m.dir, name), []byte(text), 0o600))
	}
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = os.RemoveAll(sockets) })
	m.env = append(slices.DeleteFunc(os.Environ(), func(v string) bool { return strings.HasPrefix(v, "TMUX=") }),
		"TMUX_TMPDIR="+sockets, "ENV="+filepath.Join(m.dir, "profile"), "LC_ALL=C.UTF-8",
		"XDG_CONFIG_HOME="+m.dir, "XDG_STATE_HOME="+m.dir, "XDG_CACHE_HOME="+m.dir,
		"PATH="+strings.Join(append(path, os.Getenv("PATH")), string(filepath.ListSeparator)))
	m.tmux("new-session", "-d", "-x", "120", "-y", "40", "-c", m.dir, shell)
	t.Cleanup(func() { m.tmux("kill-server") })
	m.eventually("a prompt", func() bool { return m.screen() == prompt })
	return m
}

// tmux runs one command of tmux on the terminal's own server.
func (m *terminal) tmux(args ...string) string {
	m.t.Helper()
	cmd := exec.Command(m.program, append([]string{"-L", "regatta", "-f", os.DevNull}, args...)...)
	cmd.Env = m.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		m.t.Fatalf("tmux %s: %v\n%s", args, err, out)
	}
	return string(out)
}

// eventually waits until something holds. A busy machine that runs the sandbox under the
// race detector takes seconds for a line of keys: only a fault takes a minute.
func (m *terminal) eventually(what string, holds func() bool) {
	m.t.Helper()
	const patience, pace = time.Minute, 20 * time.Millisecond
	for deadline := time.Now().Add(patience); !holds(); time.Sleep(pace) {
		if time.Now().After(deadline) {
			m.t.Fatalf("no %s within %s:\n%s", what, patience, m.screen())
		}
	}
}

// screen is what is shown, without what is blank on the right and below.
func (m *terminal) screen() string {
	m.t.Helper()
	lines := strings.Split(m.tmux("capture-pane", "-p"), "\n")
	for i, l := range lines {
		lines[i] = strings.TrimRight(l, " ")
	}
	return strings.TrimRight(strings.Join(lines, "\n"), "\n")
}

// see waits until all texts are shown at once.
func (m *terminal) see(texts ...string) *terminal {
	m.t.Helper()
	m.eventually(strings.Join(texts, " and "), func() bool {
		screen := m.screen()
		return !slices.ContainsFunc(texts, func(s string) bool { return !strings.Contains(screen, s) })
	})
	return m
}

// gone waits until text is not shown any more.
func (m *terminal) gone(text string) *terminal {
	m.t.Helper()
	m.eventually("end of "+text, func() bool { return !strings.Contains(m.screen(), text) })
	return m
}

// cursorOn waits until the list's cursor is on a line with the text.
func (m *terminal) cursorOn(text string) *terminal {
	m.t.Helper()
	m.eventually("cursor on "+text, func() bool {
		return slices.ContainsFunc(strings.Split(m.screen(), "\n"), func(l string) bool {
			return strings.HasPrefix(l, "▌") && strings.Contains(l, text)
		})
	})
	return m
}

// press types keys by tmux's names.
func (m *terminal) press(keys ...string) *terminal {
	m.t.Helper()
	m.tmux(append([]string{"send-keys"}, keys...)...)
	return m
}

// run types a line into the shell.
func (m *terminal) run(line string) *terminal {
	m.t.Helper()
	m.tmux("send-keys", "-l", line)
	return m.press("Enter")
}

// click presses and releases the left button on the row that begins with text.
func (m *terminal) click(text string) *terminal {
	m.t.Helper()
	at := slices.IndexFunc(strings.Split(m.screen(), "\n"), func(l string) bool {
		return strings.HasPrefix(strings.TrimLeft(l, "▌ "), text)
	})
	if at < 0 {
		m.t.Fatalf("%q is not shown:\n%s", text, m.screen())
	}
	where := "5;" + strconv.Itoa(at+1)
	m.tmux("send-keys", "-l", "\x1b[<0;"+where+"M\x1b[<0;"+where+"m")
	return m
}

// wheel turns the wheel down.
func (m *terminal) wheel() *terminal {
	m.t.Helper()
	m.tmux("send-keys", "-l", "\x1b[<65;5;8M")
	return m
}

func (m *terminal) resize(w, h int) *terminal {
	m.t.Helper()
	m.tmux("resize-window", "-x", strconv.Itoa(w), "-y", strconv.Itoa(h))
	return m
}

// pid is the process that was started last with the starter.
func (m *terminal) pid() int {
	m.t.Helper()
	raw, err := os.ReadFile(filepath.Join(m.dir, "pid"))
	if err != nil {
		m.t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(raw)))
	if err != nil {
		m.t.Fatal(err)
	}
	return pid
}

// signal sends it a signal.
func (m *terminal) signal(s syscall.Signal) {
	m.t.Helper()
	if err := syscall.Kill(m.pid(), s); err != nil {
		m.t.Fatal(err)
	}
}

// modes are those that a program switches on for itself.
func (m *terminal) modes() string {
	m.t.Helper()
	return strings.TrimSpace(m.tmux("display-message", "-p",
		"alternate=#{alternate_on} cursor=#{cursor_flag} mouse=#{mouse_any_flag} keypad=#{keypad_flag}"))
}

//go:build linux

package bench

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"sync"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"
)

// terminal is a program in a pseudo terminal that only listens.
type terminal struct {
	cmd    *exec.Cmd
	master *os.File
	ended  chan struct{} // closed when all that the program wrote is read

	mu      sync.Mutex
	written bytes.Buffer
}

// open starts cmd in a terminal of w by h. It ends with the benchmark.
func open(b *testing.B, cmd *exec.Cmd, w, h uint16) *terminal {
	b.Helper()
	master, slave, err := pair()
	must(b, err)
	t := &terminal{cmd: cmd, master: master, ended: make(chan struct{})}
	t.resize(b, w, h)
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
	must(b, cmd.Start())
	must(b, slave.Close())
	go func() {
		defer close(t.ended)
		_, _ = io.Copy(t, master)
	}()
	b.Cleanup(func() { t.end() })
	return t
}

func pair() (master, slave *os.File, err error) {
	if master, err = os.OpenFile("/dev/ptmx", os.O_RDWR|syscall.O_NOCTTY, 0); err != nil {
		return nil, nil, err
	}
	n := 0
	err = control(master, func(fd int) (err error) {
		if err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err == nil {
			n, err = unix.IoctlGetInt(fd, unix.TIOCGPTN)
		}
		return err
	})
	if err == nil {
		slave, err = os.OpenFile(fmt.Sprintf("/dev/pts/%d", n), os.O_RDWR|syscall.O_NOCTTY, 0)
	}
	if err != nil {
		return nil, nil, errors.Join(err, master.Close())
	}
	return master, slave, nil
}

func control(f *os.File, do func(fd int) error) error {
	conn, err := f.SyscallConn()
	if err != nil {
		return err
	}
	var inner error
	err = conn.Control(func(fd uintptr) { inner = do(int(fd)) })
	return errors.Join(err, inner)
}

func (t *terminal) resize(b *testing.B, w, h uint16) {
	b.Helper()
	must(b, control(t.master, func(fd int) error {
		return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &unix.Winsize{Col: w, Row: h})
	}))
}

// Write takes in what the program wrote.
func (t *terminal) Write(p []byte) (int, error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	return t.written.Write(p)
}

// wrote waits until the program has written text since the last call.
func (t *terminal) wrote(b *testing.B, text string) {
	b.Helper()
	const patience, pace = 2 * time.Minute, time.Millisecond
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(pace) {
		t.mu.Lock()
		found := bytes.Contains(t.written.Bytes(), []byte(text))
		t.mu.Unlock()
		if found {
			return
		}
	}
	b.Fatalf("%s does not show %q within %s", t.cmd, text, patience)
}

func (t *terminal) forget() {
	t.mu.Lock()
	defer t.mu.Unlock()
	t.written.Reset()
}

func (t *terminal) end() {
	_ = t.cmd.Process.Kill()
	_ = t.cmd.Wait()
	_ = t.master.Close()
	<-t.ended
}

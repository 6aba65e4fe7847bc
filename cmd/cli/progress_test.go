package cli

import (
	"bytes"
	"context"
	"errors"
	"net"
	"strings"
	"testing"
	"time"

	"regatta/cmd/app/doctor"
	"regatta/cmd/cli/checkup"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	"regatta/registry/sandbox"
)

// full is a disk without space.
type full struct{}

func (full) Write([]byte) (int, error) { return 0, errors.New("no space left on device") }

func TestProgressIsForTerminals(t *testing.T) {
	private(t)
	host, stop := serveSandbox(sandbox.Options{Now: sandbox.Epoch, Empty: true})
	defer stop()
	for name, tt := range map[string]struct {
		tty  bool
		term string
		want bool
	}{
		"terminal": {true, "xterm", true}, "file": {false, "xterm", false}, "dumb terminal": {true, "dumb", false},
	} {
		t.Run(name, func(t *testing.T) {
			var out, errOut bytes.Buffer
			streams := output.Streams{Out: &out, Err: &errOut, ErrTTY: tt.tty, Env: func(k string) string {
				return map[string]string{"TERM": tt.term}[k]
			}}
			if code := run(t.Context(), []string{"tags", host + "/team/app"}, streams, sandbox.Epoch); code != output.Done {
				t.Fatalf("exit code %d: %s", code, errOut.String())
			}
			if got := strings.Contains(errOut.String(), "\r\x1b[Kread 4 of 4 images"); got != tt.want {
				t.Errorf("stderr %q", errOut.String())
			}
			if tt.want && !strings.HasSuffix(errOut.String(), "\r\x1b[K") {
				t.Errorf("the line stays: %q", errOut.String())
			}
			if strings.ContainsAny(out.String(), "\r\x1b") {
				t.Errorf("stdout %q", out.String())
			}
		})
	}
}

func TestProgressIsNotDrawnForEveryImage(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	now := sandbox.Epoch()
	p := output.Streams{Err: &b, ErrTTY: true, Env: func(string) string { return "" }}.Progress(
		func() time.Time { return now }, "read", "images")
	p.Add(1200, 0)
	for range 1200 {
		now = now.Add(time.Millisecond)
		p.Add(0, 1)
	}
	p.Clear()
	if n := strings.Count(b.String(), "\r"); n > 30 {
		t.Errorf("drawn %d times in 1.2 s", n)
	}
	if !strings.Contains(b.String(), "read 1,200 of 1,200 images") {
		t.Errorf("%q", b.String())
	}
}

// A host that takes connections and says nothing must not hang doctor.
func TestDoctorDoesNotWaitForAHostThatHangs(t *testing.T) {
	private(t)
	var lc net.ListenConfig
	l, err := lc.Listen(t.Context(), "tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = l.Close() }()
	var out, errOut bytes.Buffer
	a := &verb.Program{
		Now: time.Now, Streams: output.Streams{Out: &out, Err: &errOut, Env: func(string) string { return "" }},
	}
	o := checkup.Options{Args: []string{l.Addr().String()}, Output: output.Table, Limit: 200 * time.Millisecond}
	start := time.Now()
	if err := checkup.Run(t.Context(), a, o); output.ExitOf(err) != output.Failed {
		t.Errorf("%v", err)
	}
	if took := time.Since(start); took > 5*time.Second {
		t.Errorf("took %s", took)
	}
	for _, want := range []string{
		"fail  tls         no answer in 200ms", `skip  registry    not checked, because "tls" failed`, "ok    store",
	} {
		if !strings.Contains(out.String(), want) {
			t.Errorf("no %q in\n%s", want, out.String())
		}
	}
}

func TestACheckThatIgnoresItsDeadlineIsLeftBehind(t *testing.T) {
	t.Parallel()
	never := make(chan struct{})
	t.Cleanup(func() { close(never) })
	f := doctor.Bounded(t.Context(), 10*time.Millisecond, func(context.Context) doctor.Finding {
		<-never
		return doctor.OK("")
	})
	if f.Status != doctor.StatusFail {
		t.Errorf("%+v", f)
	}
}

func TestGridKeepsColumnsOfWideText(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	g := output.Grid{Header: []string{"A", "B"}}
	g.Add("漢字", "x")
	g.Add("ab\x1b[31m", "y")
	g.Add(strings.Repeat("w", output.Widest+1), "z")
	g.Write(&b)
	lines := strings.Split(b.String(), "\n")
	if lines[1] != "漢字"+strings.Repeat(" ", output.Widest-4+2)+"x" || lines[2] != "ab"+strings.Repeat(" ", output.Widest-2+2)+"y" {
		t.Errorf("%q", lines)
	}
}

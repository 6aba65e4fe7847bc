package output_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"regatta/cmd/app"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/output/null"
	"regatta/model/cost"
	"regatta/model/fault"
	"regatta/model/plan"
)

// Scripts go by the codes: what is refused has changed nothing, a mistake is the user's, and
// a code that a verb gives counts before all.
func TestExitOf(t *testing.T) {
	t.Parallel()
	of := func(k fault.Kind) error { return fmt.Errorf("x: %w", &fault.Error{Kind: k}) }
	for want, all := range map[output.Exit][]error{
		output.Done:  {nil},
		output.Usage: {app.Mistakef("no"), fmt.Errorf("x: %w", app.Mistakef("no")), output.End(output.Usage, of(fault.Drift))},
		output.Refused: {
			app.Refusal(errors.New("no")), of(fault.ReadOnly), of(fault.Drift), of(fault.Immutable), of(fault.Unrecorded),
			of(fault.InUse), of(fault.Incomplete), of(fault.Unprotected), of(fault.Occupied), of(fault.Stale),
		},
		output.Failed: {errors.New("x"), context.Canceled, of(fault.NotFound), of(fault.Denied), of(fault.Unavailable)},
		output.Partly: {output.End(output.Partly, errors.New("x")), output.Partially(output.End(output.Failed, errors.New("x")))},
	} {
		for _, err := range all {
			if got := output.ExitOf(err); got != want {
				t.Errorf("%v ends with %d, want %d", err, got, want)
			}
		}
	}
	plain := errors.New("x")
	if got := output.Partially(plain); !errors.Is(got, plain) || output.ExitOf(got) != output.Failed {
		t.Errorf("without a code: %v", got)
	}
}

// Failures are named in order, and whether anything could be read tells the code; the advice is
// that of the first.
func TestFailures(t *testing.T) {
	t.Parallel()
	var f output.Failures
	var said bytes.Buffer
	if err := f.Report(&said, "read", "images", 0); err != nil || said.Len() > 0 {
		t.Errorf("of none: %v, %q", err, said.String())
	}
	f.Add("b\x1b[31m", errors.New("broke"))
	f.Add("a", &fault.Error{Kind: fault.Denied})
	for all, want := range map[int]output.Exit{3: output.Partly, 2: output.Failed} {
		said.Reset()
		err := f.Report(&said, "read", "images", all)
		if output.ExitOf(err) != want || err.Error() != fmt.Sprintf("could not read 2 of %d images", all) || !fault.Is(err, fault.Denied) {
			t.Errorf("of %d: %v ends with %d", all, err, output.ExitOf(err))
		}
		if got := said.String(); got != "a: denied\nb: broke\n" {
			t.Errorf("%q", got)
		}
	}
}

// Columns are as wide as their cells, up to a bound; nothing in a cell reaches the terminal as
// more than text.
func TestGrid(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	g := output.Grid{Header: []string{"A", "B"}}
	if g.Some() {
		t.Error("there are rows")
	}
	g.Add("\x1b[2Jx", "y")
	g.Add(strings.Repeat("w", output.Widest+2), "z")
	g.Write(&b)
	want := "A" + strings.Repeat(" ", output.Widest+1) + "B\nx" + strings.Repeat(" ", output.Widest+1) + "y\n" +
		strings.Repeat("w", output.Widest+2) + "  z\n"
	if b.String() != want || !g.Some() {
		t.Errorf("%q", b.String())
	}
	b.Reset()
	s := output.Sheet{Out: &b}
	s.Section("one")
	s.Field("empty", "")
	s.Field("name", "v\nw")
	s.Pairs("none", nil)
	s.Pairs("two", map[string]string{"b": "2", "a": "1"})
	s.Rows("nothing", output.Grid{})
	if got := b.String(); got != "one\nname           v w\n\ntwo\n  a=1\n  b=2\n" {
		t.Errorf("%q", got)
	}
}

// The line that tells how far it is, is there on terminals alone, is drawn twenty times a second
// at most and at the end, and is taken away.
func TestProgress(t *testing.T) {
	t.Parallel()
	now := time.Unix(0, 0)
	clock := func() time.Time { return now }
	on := func(tty bool, term string) (output.Streams, *bytes.Buffer) {
		var b bytes.Buffer
		return output.Streams{Err: &b, ErrTTY: tty, Env: func(string) string { return term }}, &b
	}
	for _, quiet := range []struct {
		tty  bool
		term string
	}{{false, "xterm"}, {true, "dumb"}} {
		s, b := on(quiet.tty, quiet.term)
		p := s.Progress(clock, "read", "images")
		p.Add(2, 2)
		p.Clear()
		if b.Len() > 0 {
			t.Errorf("%+v: %q", quiet, b.String())
		}
	}
	s, b := on(true, "xterm")
	p := s.Progress(clock, "read", "images")
	lines := func() int { return strings.Count(b.String(), "\r") }
	p.Clear()
	for i, step := range []struct {
		after       time.Duration
		total, done int
		lines       int
	}{{time.Second, 1200, 0, 1}, {49 * time.Millisecond, 0, 1, 1}, {time.Millisecond, 0, 1, 2}, {0, 0, 1198, 3}} {
		now = now.Add(step.after)
		if p.Add(step.total, step.done); lines() != step.lines {
			t.Errorf("%d: %q", i, b.String())
		}
	}
	p.Clear()
	p.Clear()
	if got := b.String(); !strings.Contains(got, "read 0 of 1,200 images") || !strings.HasSuffix(got, "read 1,200 of 1,200 images\r\x1b[K") {
		t.Errorf("%q", got)
	}
	b.Reset()
	s.Gauge(clock).Show(plan.Progress{Total: 9, Done: 2, Failed: 1, Skipped: 1, BytesTotal: 1000, BytesDone: -1, Finished: true})
	if got := b.String(); got != "\r\x1b[Kdone 4 of 9 steps · 0 B of 1.0 kB" {
		t.Errorf("%q", got)
	}
}

// fails is a place where nothing can be written.
type fails struct{}

func (fails) Write([]byte) (int, error) { return 0, errors.New("full") }

// JSON says null of what is not known and has empty lists; what cannot be written is an error.
func TestResults(t *testing.T) {
	t.Parallel()
	var b bytes.Buffer
	doc := map[string]any{
		"a": null.Of(""), "b": null.Of("x<y"), "c": null.Size(-1), "d": null.Size(0), "e": null.Time(time.Time{}),
		"f": null.Time(time.Unix(0, 0)), "g": null.Money(cost.Money{}, false), "h": output.List[int](nil), "i": output.Object(nil),
	}
	if err := (output.Streams{Out: &b}).Print(output.JSON, output.Result{JSON: doc}); err != nil {
		t.Fatal(err)
	}
	want := `{"a":null,"b":"x<y","c":null,"d":0,"e":null,"f":"1970-01-01T00:00:00Z","g":null,"h":[],"i":{}}`
	if got := strings.NewReplacer("\n", "", " ", "").Replace(b.String()); got != want {
		t.Errorf("%s", got)
	}
	if err := (output.Streams{Out: fails{}}).Print(output.JSON, output.Result{JSON: doc}); err == nil {
		t.Error("nothing was written, and nothing is said")
	}
	if err := (output.Streams{Out: &b}).Print(output.JSON, output.Result{JSON: func() {}}); err == nil {
		t.Error("what is no JSON is printed")
	}
	var f output.Format
	if f.Set("json") != nil || f != output.JSON || f.Set("markdown") == nil || f != output.JSON {
		t.Errorf("the format is %q", f)
	}
	if output.Saves(cost.Money{Amount: 1, Currency: "USD"}, false) != "" || output.Saves(cost.Money{Amount: 1, Currency: "USD"}, true) == "" {
		t.Error("what is saved is told where it is not known, or never")
	}
}

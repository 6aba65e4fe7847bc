package cli

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"regatta/cmd/cli/output"
	"regatta/cmd/tui"
	"regatta/registry/sandbox"
)

func TestMain(m *testing.M) {
	flag.Bool("update", false, "write golden files and generated pages anew")
	testscript.Main(tests{m}, map[string]func(){"regatta": regattaAtEpoch})
}

// programs is where the program is built that tests start.
var programs string

// tests runs all tests, and takes away what they have built.
type tests struct{ *testing.M }

// Run implements testscript.TestingM.
func (t tests) Run() int {
	var err error
	if programs, err = os.MkdirTemp("", "regatta-programs-*"); err != nil {
		panic(err)
	}
	code := t.M.Run()
	_ = os.RemoveAll(programs) // the tests have told what is to be told
	return code
}

// regattaAtEpoch is the program as scripts run it: at the time where the
// sandbox's history ends, so that ages are always the same.
func regattaAtEpoch() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], output.SystemStreams(), func() time.Time { return sandbox.Epoch() })
	stop()
	os.Exit(int(code))
}

// run is the program with its terminal UI.
func run(ctx context.Context, args []string, streams output.Streams, now func() time.Time) output.Exit {
	return Run(ctx, args, streams, now, tui.Run)
}

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
	testscript.Main(m, map[string]func(){"regatta": regatta})
}

// epochClock in the environment of the program stops its clock where the sandbox's history
// ends, so that ages are always the same.
const epochClock = "REGATTA_TEST_EPOCH"

// regatta is the program as scripts and terminals run it.
func regatta() {
	now := time.Now
	if os.Getenv(epochClock) != "" {
		now = func() time.Time { return sandbox.Epoch() }
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], output.SystemStreams(), now)
	stop()
	os.Exit(int(code))
}

// run is the program with its terminal UI.
func run(ctx context.Context, args []string, streams output.Streams, now func() time.Time) output.Exit {
	return Run(ctx, args, streams, now, tui.Run)
}

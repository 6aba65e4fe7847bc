package cmd

import (
	"context"
	"flag"
	"os"
	"os/signal"
	"syscall"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"regatta/registry/sandbox"
)

func TestMain(m *testing.M) {
	flag.Bool("update", false, "write golden files and generated pages anew")
	testscript.Main(m, map[string]func(){"regatta": regattaAtEpoch})
}

// regattaAtEpoch is the program as scripts run it: at the time where the
// sandbox's history ends, so that ages are always the same.
func regattaAtEpoch() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	code := run(ctx, os.Args[1:], systemStreams(), func() time.Time { return sandbox.Epoch() })
	stop()
	os.Exit(int(code))
}

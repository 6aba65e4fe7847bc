// Package cmd is the program: the command line and the terminal UI, put together. It may
// import everything; nothing imports it but main.
package cmd

import (
	"context"
	"os"
	"os/signal"
	"runtime/debug"
	"syscall"
	"time"

	"regatta/cmd/cli"
	"regatta/cmd/cli/output"
	"regatta/cmd/tui"
)

// softMemory is how much memory the program takes before it collects what it no
// longer needs more often than usual: the files of a million take 0.5 GB, and would
// else take twice as much. GOMEMLIMIT overrides it.
const softMemory = 700 << 20

// Main runs the program and returns its exit code.
func Main(args []string) output.Exit {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(softMemory)
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	context.AfterFunc(ctx, stop) // a second signal ends the program whatever it does
	return cli.Run(ctx, args, output.SystemStreams(), time.Now, tui.Run)
}

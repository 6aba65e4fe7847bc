package output

import (
	"io"
	"os"

	"github.com/charmbracelet/x/term"
)

// Streams are where a verb reads and writes: results on Out, all else on Err.
type Streams struct {
	In       io.Reader
	Out, Err io.Writer
	Terminal bool // In and Out are a terminal
	ErrTTY   bool // Err is a terminal: progress may be drawn there
	Env      func(string) string
}

// SystemStreams are those of the process.
func SystemStreams() Streams {
	return Streams{
		In: os.Stdin, Out: os.Stdout, Err: os.Stderr,
		Terminal: term.IsTerminal(os.Stdin.Fd()) && term.IsTerminal(os.Stdout.Fd()),
		ErrTTY:   term.IsTerminal(os.Stderr.Fd()),
		Env:      os.Getenv,
	}
}

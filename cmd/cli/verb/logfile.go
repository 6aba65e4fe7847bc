package verb

import (
	"cmp"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"sync"
	"syscall"

	"regatta/model/text"
)

// OpenLog starts the request log that --log asks for. Only its owner may read
// it: it holds no secrets, but names that are nobody else's business.
func OpenLog(a *Program) error {
	if a.LogFile == "" {
		return nil
	}
	const mode = 0o600
	// A pipe that nobody reads is an error, and not waited for.
	f, err := os.OpenFile(filepath.Clean(a.LogFile), os.O_WRONLY|os.O_CREATE|os.O_APPEND|syscall.O_NONBLOCK, mode)
	if errors.Is(err, syscall.ENXIO) {
		return fmt.Errorf("open the log: nobody reads the pipe %s", text.Clean(a.LogFile))
	}
	if err != nil {
		return fmt.Errorf("open the log: %w", err)
	}
	kept := &logFile{File: f}
	a.CloseLog = kept.end
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && info.Mode().Perm() != mode {
		if err := f.Chmod(mode); err != nil {
			return fmt.Errorf("open the log: %w", err)
		}
	}
	a.Log = slog.New(slog.NewJSONHandler(kept, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return nil
}

// logFile remembers the first line that could not be written: who writes the log does not
// look.
type logFile struct {
	*os.File

	mu   sync.Mutex
	lost error
}

// Write implements io.Writer.
func (l *logFile) Write(p []byte) (int, error) {
	n, err := l.File.Write(p)
	if err != nil {
		l.mu.Lock()
		defer l.mu.Unlock()
		l.lost = cmp.Or(l.lost, err)
	}
	return n, err
}

// end closes the file, and tells what was not written.
func (l *logFile) end() error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return cmp.Or(l.lost, l.Close())
}

package cmd

import (
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
)

// openLog starts the request log that --log asks for. Only its owner may read
// it: it holds no secrets, but names that are nobody else's business.
func (a *program) openLog() error {
	if a.logFile == "" {
		return nil
	}
	const mode = 0o600
	f, err := os.OpenFile(filepath.Clean(a.logFile), os.O_WRONLY|os.O_CREATE|os.O_APPEND, mode)
	if err != nil {
		return fmt.Errorf("open the log: %w", err)
	}
	a.closeLog = f.Close
	if info, err := f.Stat(); err == nil && info.Mode().IsRegular() && info.Mode().Perm() != mode {
		if err := f.Chmod(mode); err != nil {
			return fmt.Errorf("open the log: %w", err)
		}
	}
	a.log = slog.New(slog.NewJSONHandler(f, &slog.HandlerOptions{Level: slog.LevelDebug}))
	return nil
}

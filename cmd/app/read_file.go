package app

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// MaxPlan is more than a plan of a hundred thousand steps takes.
const MaxPlan = 256 << 20

// ReadFile reads a file that the user names, up to what a plan may have.
func ReadFile(path string) (raw []byte, err error) {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, MaxPlan))
}

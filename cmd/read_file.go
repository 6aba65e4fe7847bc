package cmd

import (
	"errors"
	"io"
	"os"
	"path/filepath"
)

// maxPlan is more than a plan of a hundred thousand steps takes.
const maxPlan = 256 << 20

// readFile reads a file that the user names, up to what a plan may have.
func readFile(path string) (raw []byte, err error) {
	f, err := os.Open(filepath.Clean(path))
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	return io.ReadAll(io.LimitReader(f, maxPlan))
}

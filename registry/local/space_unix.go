//go:build unix

package local

import (
	"errors"
	"math"
	"syscall"

	"golang.org/x/sys/unix"
)

// freeSpace is how many bytes can be written below dir.
func freeSpace(dir string) (int64, bool) {
	var s unix.Statfs_t
	if unix.Statfs(dir, &s) != nil || s.Bsize <= 0 {
		return 0, false
	}
	blocks := uint64(s.Bavail) //nolint:unconvert // it is signed on some systems
	if blocks > math.MaxInt64/uint64(s.Bsize) {
		return math.MaxInt64, true
	}
	return int64(blocks) * int64(s.Bsize), true //nolint:gosec,unconvert // checked above; its type differs
}

func fullDisk(err error) bool {
	return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT)
}

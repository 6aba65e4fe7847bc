//go:build !unix

package local

// freeSpace is not known here: the disk says so when it is full.
func freeSpace(string) (int64, bool) { return 0, false }

func fullDisk(error) bool { return false }

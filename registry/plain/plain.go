// Package plain reads files that the configuration names. They are regular ones: a pipe
// that nobody writes to would be waited for without end. It imports the standard library.
package plain

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"syscall"
)

// KindError says what a file is that is no regular one.
type KindError struct{ Mode fs.FileMode }

// Error implements error.
func (e *KindError) Error() string {
	kind := "a special file"
	switch {
	case e.Mode.IsDir():
		kind = "a directory"
	case e.Mode&fs.ModeNamedPipe != 0:
		kind = "a pipe"
	case e.Mode&fs.ModeSocket != 0:
		kind = "a socket"
	case e.Mode&fs.ModeDevice != 0:
		kind = "a device"
	}
	return "it is " + kind + ", not a regular file"
}

// SizeError says that a file is larger than what is read of one.
type SizeError struct{ Most int64 }

// Error implements error.
func (e *SizeError) Error() string {
	if e.Most < 1<<20 {
		return fmt.Sprintf("it is larger than %d KiB", e.Most>>10)
	}
	return fmt.Sprintf("it is larger than %d MiB", e.Most>>20)
}

// Open opens a regular file to read it. It does not wait: what stands under the name
// may have become a pipe since it was looked at.
func Open(path string) (*os.File, error) {
	path = filepath.Clean(path)
	if err := Check(path); err != nil {
		return nil, err
	}
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil {
		err = regular(path, info)
	}
	if err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return f, nil
}

// Check refuses what is not there and what is no regular file.
func Check(path string) error {
	info, err := os.Stat(path)
	if err != nil {
		return err
	}
	return regular(path, info)
}

func regular(path string, info fs.FileInfo) error {
	if info.Mode().IsRegular() {
		return nil
	}
	return &fs.PathError{Op: "open", Path: path, Err: &KindError{info.Mode()}}
}

// Read is the content of a regular file of at most so many bytes.
func Read(path string, most int64) (raw []byte, err error) {
	f, err := Open(path)
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	tooLarge := &fs.PathError{Op: "read", Path: path, Err: &SizeError{most}}
	if info, err := f.Stat(); err == nil && info.Size() > most {
		return nil, tooLarge
	}
	raw, err = io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(raw)) > most {
		return nil, tooLarge
	}
	return raw, err
}

package app

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"regatta/model/fault"
	"regatta/registry/plain"
)

// MaxPlan is more than a plan of a hundred thousand steps takes.
const MaxPlan = 256 << 20

// ReadFile reads a file that the user names, up to what a plan may have. One that is
// a pipe, as shells write <(…), is waited for until ctx ends.
func ReadFile(ctx context.Context, path string) ([]byte, error) {
	path = filepath.Clean(path)
	info, err := os.Stat(path)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: errors.Unwrap(err)}
	}
	if mode := info.Mode(); mode.IsRegular() || mode.IsDir() {
		return plain.Read(path, MaxPlan)
	}
	return wait(ctx, path, MaxPlan, func() (io.ReadCloser, error) { return os.Open(path) })
}

// ReadInput is ReadFile of what the user's input gives.
func ReadInput(ctx context.Context, in io.Reader) ([]byte, error) {
	return wait(ctx, "standard input", MaxPlan, func() (io.ReadCloser, error) { return io.NopCloser(in), nil })
}

// wait reads what may never come to an end, or never begin: that is left behind when
// ctx ends, as nothing ends the opening of a pipe.
func wait(ctx context.Context, name string, most int64, open func() (io.ReadCloser, error)) ([]byte, error) {
	type answer struct {
		raw []byte
		err error
	}
	got := make(chan answer, 1)
	go func() {
		raw, err := readAll(name, most, open)
		got <- answer{raw, err}
	}()
	select {
	case a := <-got:
		return a.raw, a.err
	case <-ctx.Done():
		return nil, &fault.Error{
			Op: "wait for", Object: name, Kind: fault.KindOf(ctx.Err()), Err: context.Cause(ctx),
			Detail: "nothing has written to its end",
		}
	}
}

func readAll(name string, most int64, open func() (io.ReadCloser, error)) (raw []byte, err error) {
	f, err := open()
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, f.Close()) }()
	raw, err = io.ReadAll(io.LimitReader(f, most+1))
	if err == nil && int64(len(raw)) > most {
		return nil, &fs.PathError{Op: "read", Path: name, Err: &plain.SizeError{Most: most}}
	}
	return raw, err
}

package local

import (
	"errors"
	"io"
	"io/fs"
	"os"

	"github.com/google/go-containerregistry/pkg/v1/tarball"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/text"
	"regatta/registry/plain"
)

// Replaces implements Place: a file that is written anew holds something else then.
func (a *archive) Replaces() ([]plan.Replaced, error) {
	_, err := os.Lstat(a.path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, nil
	case err != nil:
		return nil, failed("write", a.path, err)
	}
	list, err := a.held()
	if err != nil {
		return nil, err
	}
	out := make([]plan.Replaced, len(list))
	for i, entry := range list {
		out[i] = plan.Replaced{File: a.path, Image: sumInName(entry.Config)}
		for _, tag := range entry.RepoTags {
			out[i].Tags = append(out[i].Tags, text.Clean(tag))
		}
	}
	return out, nil
}

// held is what an archive that is there has, as its own list says. Everything else that
// may stand under the name is not written over, as nothing brings it back.
func (a *archive) held() (tarball.Manifest, error) {
	info, err := os.Lstat(a.path)
	switch {
	case err != nil:
		return nil, failed("write", a.path, err)
	case info.Mode()&fs.ModeSymlink != 0:
		return nil, a.occupied("it is a symbolic link")
	case !info.Mode().IsRegular():
		return nil, a.occupied((&plain.KindError{Mode: info.Mode()}).Error())
	}
	list, err := tarball.LoadManifest(func() (io.ReadCloser, error) { return plain.Open(a.path) })
	if err != nil || len(list) == 0 || list[0].Config == "" {
		return nil, a.occupied("it is no archive of an image")
	}
	return list, nil
}

func (a *archive) occupied(why string) error {
	return failure("write", a.path, fault.Occupied, why+", and stays as it is")
}

// free refuses to write over what is no archive of an image.
func (a *archive) free() error {
	_, err := a.Replaces()
	return err
}

// Replaces implements Place. An image is added to those that are there.
func (*layout) Replaces() ([]plan.Replaced, error) { return nil, nil }

// Replaces implements Place. The engine keeps what a tag pointed to before.
func (*engine) Replaces() ([]plan.Replaced, error) { return nil, nil }

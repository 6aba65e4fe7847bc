package layer

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"regatta/model/fault"
	"regatta/model/file"
	"regatta/model/image"
	"regatta/model/text"
)

// Saved is what became of a subtree that was saved.
type Saved struct {
	Files, Dirs, Links int
	Bytes              int64
	Left               []Left // what was not written
}

// Left is a path that was not written, and why.
type Left struct{ Path, Why string }

// Save writes a file or a subtree of an image below dir, which is made if it is
// not there: regular files, directories, and links that stay inside. Nothing is
// ever written outside dir, nothing that is there is replaced, and neither
// devices nor owners nor setuid bits are made. Layers are those of the image, in
// their order.
func (r Reader) Save(
	ctx context.Context, layers []image.Descriptor, at *file.Node, dir string, progress func(int64),
) (Saved, error) {
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // as mkdir does: the umask decides
		return Saved{}, noWrite(dir, err)
	}
	root, err := os.OpenRoot(dir)
	if err != nil {
		return Saved{}, noWrite(dir, err)
	}
	defer root.Close() //nolint:errcheck // nothing is written through it
	s := &saver{ctx: ctx, root: root, top: at, files: map[*file.Inode][]*file.Node{}, perLayer: map[int][]*file.Inode{}}
	if err := s.plan(at); err != nil {
		return s.out, err
	}
	for i, d := range layers {
		if wanted := s.perLayer[i]; len(wanted) > 0 {
			if err := r.Fetch(ctx, d, wanted, progress, s.open); err != nil {
				return s.out, err
			}
		}
	}
	return s.out, s.link()
}

func noWrite(p string, err error) error {
	kind := fault.Unknown
	if errors.Is(err, fs.ErrPermission) {
		kind = fault.Denied
	}
	return &fault.Error{
		Op: "save files to", Object: p, Kind: kind, Err: err, Advice: "choose an empty directory that you may write to",
	}
}

// saver writes one subtree.
type saver struct {
	ctx      context.Context //nolint:containedctx // of one saving
	root     *os.Root
	top      *file.Node
	out      Saved
	files    map[*file.Inode][]*file.Node // the names that content goes to
	perLayer map[int][]*file.Inode
	links    []*file.Node
}

// plan makes the directories, and notes what else there is to write.
func (s *saver) plan(at *file.Node) error {
	if !at.IsDir() || s.tooLong(at) {
		return s.note(at)
	}
	if err := s.mkdir(at); err != nil {
		return err
	}
	var failed error
	at.Walk(func(n *file.Node, _ int) bool {
		if failed == nil {
			failed = s.note(n)
		}
		return failed == nil && !s.tooDeep(n) && !s.tooLong(n)
	})
	return failed
}

// place is where a node goes below the directory: the subtree under its own name.
func (s *saver) place(n *file.Node) string {
	above := path.Dir(s.top.Path())
	if above == "." {
		return n.Path()
	}
	return strings.TrimPrefix(n.Path(), above+"/")
}

// tooDeep reports whether a directory, with all below it, is not saved.
func (s *saver) tooDeep(n *file.Node) bool {
	return n.IsDir() && strings.Count(s.place(n), "/") >= maxDeep
}

// tooLong reports whether no file system takes a name. What is below such a directory is
// not saved either.
func (s *saver) tooLong(n *file.Node) bool { return len(path.Base(s.place(n))) > longestName }

func (s *saver) leave(n *file.Node, why string) { s.out.Left = append(s.out.Left, Left{n.Path(), why}) }

func (s *saver) note(n *file.Node) error {
	switch err := context.Cause(s.ctx); {
	case err != nil:
		return err
	case n.Entry.Odd:
		s.leave(n, "its name leads outside")
	case s.tooLong(n):
		s.leave(n, "a part of its name is longer than "+text.Count(longestName)+" bytes")
	case s.tooDeep(n):
		s.leave(n, "it lies deeper than "+text.Count(maxDeep)+" directories, with all below it")
	case n.IsDir():
		return s.mkdir(n)
	case n.Inode != nil:
		if s.files[n.Inode] == nil {
			s.perLayer[n.Inode.Layer] = append(s.perLayer[n.Inode.Layer], n.Inode)
		}
		s.files[n.Inode] = append(s.files[n.Inode], n)
	case n.Entry.Type == file.Symlink:
		s.links = append(s.links, n)
	case n.Entry.Type == file.Hardlink:
		s.leave(n, "it links to what is not there")
	default:
		s.leave(n, "it is a device or the like")
	}
	return nil
}

func (s *saver) mkdir(n *file.Node) error {
	p := s.place(n)
	if p == "" {
		return nil
	}
	if err := s.root.MkdirAll(p, 0o755); err != nil {
		return noWrite(filepath.Join(s.root.Name(), p), err)
	}
	s.out.Dirs++
	return nil
}

// open begins a file under the first of its names.
func (s *saver) open(i *file.Inode) (Sink, error) {
	n := s.files[i][0]
	p := s.place(n)
	if dir := path.Dir(p); dir != "." {
		if err := s.root.MkdirAll(dir, 0o755); err != nil {
			return nil, noWrite(filepath.Join(s.root.Name(), dir), err)
		}
	}
	f, err := s.root.OpenFile(p, os.O_WRONLY|os.O_CREATE|os.O_EXCL, fs.FileMode(n.Entry.Mode&0o777|0o600))
	if err != nil {
		return nil, noWrite(filepath.Join(s.root.Name(), p), err)
	}
	return &sink{File: f, saver: s, inode: i, node: n, path: p}, nil
}

// sink is a file on its way.
type sink struct {
	*os.File

	saver *saver
	inode *file.Inode
	node  *file.Node
	path  string
}

// Keep implements Sink. The file's other names become copies of it by links.
func (k *sink) Keep() error {
	s := k.saver
	if err := k.Close(); err != nil {
		return noWrite(k.path, err)
	}
	at := k.node.Entry.Time()
	if err := s.root.Chtimes(k.path, at, at); err != nil {
		return noWrite(k.path, err)
	}
	s.out.Files, s.out.Bytes = s.out.Files+1, s.out.Bytes+k.inode.Size
	for _, other := range s.files[k.inode][1:] {
		if err := context.Cause(s.ctx); err != nil {
			return err
		}
		if err := s.root.Link(k.path, s.place(other)); err != nil {
			return noWrite(s.place(other), err)
		}
		s.out.Files++
	}
	return nil
}

// Drop implements Sink.
func (k *sink) Drop() error { return errors.Join(k.Close(), k.saver.root.Remove(k.path)) }

// link makes symbolic links that stay inside what is saved, each through what was
// saved before it.
func (s *saver) link() error {
	for _, n := range s.links {
		if err := context.Cause(s.ctx); err != nil {
			return err
		}
		p := s.place(n)
		if len(n.Entry.Link) > maxLink {
			s.leave(n, "it links to a path of more than "+text.Count(maxLink)+" bytes")
			continue
		}
		if !leadsInside(s.root, path.Dir(p), n.Entry.Link) {
			s.leave(n, "it links to "+n.Entry.Link+", outside")
			continue
		}
		if err := s.root.Symlink(n.Entry.Link, p); err != nil {
			return noWrite(filepath.Join(s.root.Name(), p), err)
		}
		s.out.Links++
	}
	return nil
}

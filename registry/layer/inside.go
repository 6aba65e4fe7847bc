package layer

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"strings"
	"syscall"
)

// mostLinks is how many links one path may lead through, as on Linux.
const mostLinks = 40

// leadsInside reports whether a link in a directory leads nowhere but inside the
// root, through all that is on disk. A path that goes up again from what is not
// there does not: what comes there later may be a link.
func leadsInside(root *os.Root, dir, link string) bool {
	if path.IsAbs(link) {
		return false
	}
	w := tracker{root: root, rest: strings.Split(dir+"/"+link, "/")}
	for steps := 0; len(w.rest) > 0; steps++ {
		if steps == maxSteps {
			return false
		}
		name := w.rest[0]
		w.rest = w.rest[1:]
		switch {
		case name == "" || name == ".":
		case name == "..":
			if w.missing || len(w.at) == 0 {
				return false
			}
			w.at = w.at[:len(w.at)-1]
		case !w.step(name):
			return false
		}
	}
	return true
}

// tracker goes along a path on disk.
type tracker struct {
	root    *os.Root
	at      []string // directories, none of which is a link
	rest    []string
	links   int
	missing bool // nothing is at the place
}

// step goes on to a name, and reports whether it stays inside as far as can be seen.
func (w *tracker) step(name string) bool {
	w.at = append(w.at, name)
	if w.missing {
		return true
	}
	p := strings.Join(w.at, "/")
	info, err := w.root.Lstat(p)
	switch {
	case errors.Is(err, fs.ErrNotExist), errors.Is(err, syscall.ENOTDIR):
		w.missing = true
		return true
	case err != nil:
		return false
	case info.Mode()&fs.ModeSymlink == 0:
		return true
	}
	to, err := w.root.Readlink(p)
	if w.links++; err != nil || path.IsAbs(to) || w.links > mostLinks {
		return false
	}
	w.at, w.rest = w.at[:len(w.at)-1], append(strings.Split(to, "/"), w.rest...)
	return true
}

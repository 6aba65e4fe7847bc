package local

import (
	"os"
	"path/filepath"
	"strings"

	"regatta/model/fault"
)

// Parse reads a place as users write it: a directory, a FILE.tar, "daemon" or
// "daemon:IMAGE", or any of them with its transport before it. The result has
// the transport and an absolute path, and means the same wherever it is read.
func Parse(arg string) (string, error) {
	t, path := guess(arg)
	if t == Engine {
		return string(Engine) + ":" + path, nil
	}
	if path == "" {
		return "", failure("use", arg, fault.Invalid, "it names no directory, file or daemon")
	}
	whole, err := filepath.Abs(path)
	if err != nil {
		return "", failure("use", arg, fault.Invalid, err.Error())
	}
	return string(t) + ":" + whole, nil
}

func guess(arg string) (Transport, string) {
	if t, path, err := split(arg); err == nil {
		return t, path
	}
	if rest, ok := strings.CutPrefix(arg, "daemon"); ok && (rest == "" || rest[0] == ':') {
		return Engine, strings.TrimPrefix(rest, ":")
	}
	if info, err := os.Stat(arg); err == nil && info.IsDir() || !strings.HasSuffix(arg, ".tar") {
		return Layout, arg
	}
	return Archive, arg
}

func split(name string) (Transport, string, error) {
	word, path, ok := strings.Cut(name, ":")
	switch t := Transport(word); t {
	case Layout, Archive, Engine:
		if ok {
			return t, path, nil
		}
	}
	return "", "", failure("open", name, fault.Invalid, "want oci:DIR, docker-archive:FILE or docker-daemon:IMAGE")
}

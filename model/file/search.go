package file

import (
	"path"
	"strings"
)

// Match reports whether a path fits a glob: * stands for anything within a name,
// ** for any directories, and a glob without a slash is about the last name.
func Match(glob, p string) bool {
	glob = strings.TrimPrefix(glob, "/")
	if !strings.Contains(glob, "/") {
		ok, _ := path.Match(glob, path.Base(p)) // a glob that does not parse fits nothing
		return ok
	}
	return match(strings.Split(glob, "/"), strings.Split(p, "/"))
}

func match(glob, parts []string) bool {
	for len(glob) > 0 {
		if glob[0] == "**" {
			for i := range len(parts) + 1 {
				if match(glob[1:], parts[i:]) {
					return true
				}
			}
			return false
		}
		if len(parts) == 0 {
			return false
		}
		if ok, _ := path.Match(glob[0], parts[0]); !ok {
			return false
		}
		glob, parts = glob[1:], parts[1:]
	}
	return len(parts) == 0
}

// CheckGlob reports a glob that does not parse.
func CheckGlob(glob string) error {
	_, err := path.Match(glob, "")
	return err
}

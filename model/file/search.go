package file

import (
	"fmt"
	"path"
	"strings"
)

// Match reports whether a path fits a glob: * stands for anything within a name,
// ** for any directories, and a glob without a slash is about the last name.
func Match(glob, p string) bool {
	if !strings.Contains(glob, "/") {
		return fits(glob, path.Base(p))
	}
	return match(strings.Split(strings.TrimPrefix(glob, "/"), "/"), strings.Split(p, "/"))
}

// fits reports whether a name fits. A glob that does not parse fits nothing.
func fits(glob, name string) bool {
	ok, err := path.Match(glob, name)
	return ok && err == nil
}

// match goes back to the last ** only: what an earlier one could take as well, the
// last one takes.
func match(glob, parts []string) bool {
	g, p, star, from := 0, 0, -1, 0
	for p < len(parts) {
		switch {
		case g < len(glob) && glob[g] == "**":
			star, from = g, p
			g++
		case g < len(glob) && fits(glob[g], parts[p]):
			g, p = g+1, p+1
		case star >= 0:
			from++
			g, p = star+1, from
		default:
			return false
		}
	}
	for g < len(glob) && glob[g] == "**" {
		g++
	}
	return g == len(glob)
}

// CheckGlob reports a glob that does not parse.
func CheckGlob(glob string) error {
	for part := range strings.SplitSeq(glob, "/") {
		if _, err := path.Match(part, ""); err != nil {
			return fmt.Errorf("the glob %s does not parse at %s: %w", glob, part, err)
		}
	}
	return nil
}

package oci

import (
	"errors"
	"fmt"
	"hash/fnv"
	"strconv"
	"strings"
)

// cursor is where a listing goes on. It is handed to callers as text and keeps
// what is needed to notice a listing that goes round in circles: Brent's
// algorithm, which compares each page's address with that of the last page
// whose number was a power of two.
type cursor struct {
	page  int    // number of the page it leads to, from 1
	mark  uint64 // hash of the address of the last marked page
	names int    // on the pages before
	empty int    // pages before it that had no name, in a row
	path  string // of the page, with its query
}

func firstCursor(path string) cursor { return cursor{page: 1, path: path} }

func (c cursor) String() string {
	if c.path == "" {
		return ""
	}
	return fmt.Sprintf("%d %x %d %d %s", c.page, c.mark, c.names, c.empty, c.path)
}

func parseCursor(s string) (cursor, bool) {
	const fields = 5
	all := strings.SplitN(s, " ", fields)
	if len(all) != fields || !strings.HasPrefix(all[4], "/v2/") {
		return cursor{}, false
	}
	page, err := strconv.Atoi(all[0])
	mark, err1 := strconv.ParseUint(all[1], 16, 64)
	names, err2 := strconv.Atoi(all[2])
	empty, err3 := strconv.Atoi(all[3])
	if errors.Join(err, err1, err2, err3) != nil || page < 1 || names < 0 || empty < 0 {
		return cursor{}, false
	}
	return cursor{page: page, mark: mark, names: names, empty: empty, path: all[4]}, true
}

// next is the cursor of the page at path, and whether the listing still makes
// progress there.
func (c cursor) next(path string) (cursor, bool) {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(path))
	sum := hash.Sum64()
	n := cursor{page: c.page + 1, mark: c.mark, names: c.names, empty: c.empty, path: path}
	if sum == c.mark || path == c.path {
		return cursor{}, false
	}
	if n.page&(n.page-1) == 0 {
		n.mark = sum
	}
	return n, true
}

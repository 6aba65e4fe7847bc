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
	id    uint64 // of the reading of the list
	page  int    // number of the page it leads to, from 1
	mark  uint64 // hash of the address of the last marked page
	names int    // on the pages before
	empty int    // pages before it that had no name, in a row
	stale int    // pages before it whose names were all known already, in a row
	path  string // of the page, with its query
}

func firstCursor(path string) cursor { return cursor{page: 1, path: path} }

func (c cursor) String() string {
	if c.path == "" {
		return ""
	}
	return fmt.Sprintf("%x %d %x %d %d %d %s", c.id, c.page, c.mark, c.names, c.empty, c.stale, c.path)
}

func parseCursor(s string) (cursor, bool) {
	const fields = 7
	all := strings.SplitN(s, " ", fields)
	if len(all) != fields || !strings.HasPrefix(all[fields-1], "/v2/") {
		return cursor{}, false
	}
	c := cursor{path: all[fields-1]}
	var err [6]error
	c.id, err[0] = strconv.ParseUint(all[0], 16, 64)
	c.page, err[1] = strconv.Atoi(all[1])
	c.mark, err[2] = strconv.ParseUint(all[2], 16, 64)
	c.names, err[3] = strconv.Atoi(all[3])
	c.empty, err[4] = strconv.Atoi(all[4])
	c.stale, err[5] = strconv.Atoi(all[5])
	return c, errors.Join(err[:]...) == nil && c.page >= 1 && min(c.names, c.empty, c.stale) >= 0
}

// next is the cursor of the page at path, and whether the listing still makes
// progress there.
func (c cursor) next(path string) (cursor, bool) {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(path))
	sum := hash.Sum64()
	n := c
	n.page, n.path = c.page+1, path
	if sum == c.mark || path == c.path {
		return cursor{}, false
	}
	if n.page&(n.page-1) == 0 {
		n.mark = sum
	}
	return n, true
}

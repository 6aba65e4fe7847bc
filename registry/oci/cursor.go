package oci

import (
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
	page int    // number of the page it leads to, from 1
	mark uint64 // hash of the address of the last marked page
	path string // of the page, with its query
}

// maxPages ends a listing that never does by itself.
const maxPages = 20_000

func firstCursor(path string) cursor { return cursor{page: 1, path: path} }

func (c cursor) String() string {
	if c.path == "" {
		return ""
	}
	return fmt.Sprintf("%d %x %s", c.page, c.mark, c.path)
}

func parseCursor(s string) (cursor, bool) {
	page, rest, ok := strings.Cut(s, " ")
	mark, path, ok2 := strings.Cut(rest, " ")
	n, err := strconv.Atoi(page)
	h, err2 := strconv.ParseUint(mark, 16, 64)
	if !ok || !ok2 || err != nil || err2 != nil || n < 1 || !strings.HasPrefix(path, "/v2/") {
		return cursor{}, false
	}
	return cursor{page: n, mark: h, path: path}, true
}

// next is the cursor of the page at path, and whether the listing still makes
// progress there.
func (c cursor) next(path string) (cursor, bool) {
	hash := fnv.New64a()
	_, _ = hash.Write([]byte(path))
	sum := hash.Sum64()
	n := cursor{page: c.page + 1, mark: c.mark, path: path}
	if sum == c.mark || path == c.path || n.page > maxPages {
		return cursor{}, false
	}
	if n.page&(n.page-1) == 0 {
		n.mark = sum
	}
	return n, true
}

package ecr

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"regatta/model/fault"
	"regatta/model/text"
	"regatta/registry/ecr/sdk"
	"regatta/registry/listing"
)

// cursor is where a list goes on, as the callers of Images and Repositories hold it.
type cursor struct {
	id    uint64 // of the reading of the list
	page  int    // number of the page it leads to, from 1
	stale int    // pages before it that brought nothing new, in a row
	token *string
}

// cursorOf reads a cursor; "" is the first page.
func cursorOf(s string) cursor {
	const fields = 4
	all := strings.SplitN(s, " ", fields)
	if len(all) != fields {
		return cursor{page: 1}
	}
	id, err1 := strconv.ParseUint(all[0], 16, 64)
	page, err2 := strconv.Atoi(all[1])
	stale, err3 := strconv.Atoi(all[2])
	if errors.Join(err1, err2, err3) != nil {
		return cursor{page: 1}
	}
	return cursor{id, page, stale, &all[fields-1]}
}

// next is the cursor after the page at c, which had these names; "" where that was the
// last one.
func (c cursor) next(o sdk.Op, seen *listing.Names, names []string, token *string) (string, error) {
	next := cursor{c.id, c.page + 1, 0, token}
	if next.id == 0 {
		next.id = listing.NewID()
	}
	of := listing.Reading{ID: next.id, List: o.What + o.Object}
	more, err := aws.ToString(token) != "", error(nil)
	switch {
	case !more:
	case aws.ToString(token) == aws.ToString(c.token):
		err = o.Circular()
	case c.page >= sdk.MaxPages:
		err = o.Endless(c.page)
	case len(names) == 0: // AWS gives such pages where it filters
		next.stale = c.stale
	case !seen.Fresh(of, c.page, names):
		if next.stale = c.stale + 1; next.stale >= listing.MaxStale {
			err = tooStale(o, next.stale)
		}
	}
	if !more || err != nil {
		seen.End(of)
		return "", err
	}
	return fmt.Sprintf("%x %d %d %s", next.id, next.page, next.stale, *token), nil
}

func tooStale(o sdk.Op, pages int) error {
	return o.Failure(fault.TooLarge, "the list is cut: "+text.Plural(pages, "page", "pages")+
		" in a row had only what was listed before")
}

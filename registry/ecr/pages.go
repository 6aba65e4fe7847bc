package ecr

import (
	"strconv"
	"strings"

	"github.com/aws/aws-sdk-go-v2/aws"

	"regatta/model/fault"
	"regatta/model/text"
)

// maxPages end a list that does not end by itself: AWS gives a hundred or more a
// page, and no account has a million of anything here.
const maxPages = 10_000

// cursor is where a list goes on, as the callers of Images and Repositories hold it:
// the number of the page, and AWS's token for it.
type cursor struct {
	page  int
	token *string
}

// cursorOf reads a cursor; "" is the first page.
func cursorOf(s string) cursor {
	n, token, _ := strings.Cut(s, " ")
	page, err := strconv.Atoi(n)
	if err != nil {
		return cursor{page: 1}
	}
	return cursor{page, &token}
}

// next is the cursor after the page at c, "" where that was the last one.
func (c cursor) next(o op, token *string) (string, error) {
	switch {
	case aws.ToString(token) == "":
		return "", nil
	case aws.ToString(token) == aws.ToString(c.token):
		return "", o.circular()
	case c.page >= maxPages:
		return "", o.endless(c.page)
	}
	return strconv.Itoa(c.page+1) + " " + *token, nil
}

// pages calls read with the token of one page after the other, nil for the
// first. A list that names a page as the one after itself is an error, and one
// that does not end.
func (o op) pages(read func(token *string) (next *string, err error)) error {
	var token *string
	for n := 1; ; n++ {
		next, err := read(token)
		switch {
		case err != nil || aws.ToString(next) == "":
			return err
		case aws.ToString(next) == aws.ToString(token):
			return o.circular()
		case n == maxPages:
			return o.endless(n)
		}
		token = next
	}
}

func (o op) circular() error { return o.failure(fault.Protocol, "the list goes round in circles") }

func (o op) endless(pages int) error {
	return o.failure(fault.TooLarge, "the list is cut: it goes on after "+text.Plural(pages, "page", "pages"))
}

// optional is nil for "".
func optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

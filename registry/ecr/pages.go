package ecr

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"regatta/model/fault"
	"regatta/model/text"
)

// maxPages end a list that does not end by itself: AWS gives a hundred or more a
// page, and no account or region has more than 100,000 of anything here.
const maxPages = 2000

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

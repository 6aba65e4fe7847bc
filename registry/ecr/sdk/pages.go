package sdk

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"regatta/model/fault"
	"regatta/model/text"
)

// MaxPages end a list that does not end by itself: AWS gives a hundred or more a
// page, and no account or region has more than 100,000 of anything here.
const MaxPages = 2000

// Pages calls read with the token of one page after the other, nil for the
// first. A list that names a page as the one after itself is an error, and one
// that does not end.
func (o Op) Pages(read func(token *string) (next *string, err error)) error {
	var token *string
	for n := 1; ; n++ {
		next, err := read(token)
		switch {
		case err != nil || aws.ToString(next) == "":
			return err
		case aws.ToString(next) == aws.ToString(token):
			return o.Circular()
		case n == MaxPages:
			return o.Endless(n)
		}
		token = next
	}
}

// Circular is the failure of a list that names a page as the one after itself.
func (o Op) Circular() error { return o.Failure(fault.Protocol, "the list goes round in circles") }

// Endless is the failure of a list that does not end.
func (o Op) Endless(pages int) error {
	return o.Failure(fault.TooLarge, "the list is cut: it goes on after "+text.Plural(pages, "page", "pages"))
}

// Optional is nil for "".
func Optional(s string) *string {
	if s == "" {
		return nil
	}
	return &s
}

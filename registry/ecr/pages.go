package ecr

import (
	"github.com/aws/aws-sdk-go-v2/aws"

	"regatta/model/fault"
)

// pages calls read with the token of one page after the other, nil for the
// first. A list that names a page as the one after itself is an error.
func (o op) pages(read func(token *string) (next *string, err error)) error {
	var token *string
	for {
		next, err := read(token)
		switch {
		case err != nil || aws.ToString(next) == "":
			return err
		case aws.ToString(next) == aws.ToString(token):
			return o.circular()
		}
		token = next
	}
}

func (o op) circular() error { return o.failure(fault.Protocol, "the list goes round in circles") }

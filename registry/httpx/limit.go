package httpx

import (
	"bytes"
	"io"
	"net/http"

	"regatta/model/fault"
	"regatta/model/text"
)

// ReadLimited reads the whole body of resp, up to limit bytes, and closes it. A
// longer one is a *fault.Error of kind TooLarge, of which no more than limit
// bytes were read.
func ReadLimited(resp *http.Response, limit int64) ([]byte, error) {
	defer func() { _ = resp.Body.Close() }()
	if resp.ContentLength > limit {
		return nil, tooLarge("the answer has " + text.Bytes(resp.ContentLength) + ", " + text.Bytes(limit) + " are accepted")
	}
	var b bytes.Buffer
	if resp.ContentLength > 0 {
		b.Grow(int(resp.ContentLength) + bytes.MinRead)
	}
	n, err := b.ReadFrom(io.LimitReader(resp.Body, limit+1))
	if err != nil {
		return nil, classify(err)
	}
	if n > limit {
		return nil, tooLarge("the answer is larger than the " + text.Bytes(limit) + " that are accepted")
	}
	return b.Bytes(), nil
}

func tooLarge(detail string) error {
	return &fault.Error{Kind: fault.TooLarge, Detail: detail}
}

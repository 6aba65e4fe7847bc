package httpx

import (
	"bytes"
	"errors"
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
		return nil, tooLarge(text.Bytes(resp.ContentLength), limit)
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
		return nil, tooLarge("more than "+text.Bytes(limit), limit)
	}
	return b.Bytes(), nil
}

func tooLarge(size string, limit int64) error {
	return &fault.Error{
		Kind:   fault.TooLarge,
		Detail: "the answer has " + size + ", " + text.Bytes(limit) + " are accepted",
		Err:    errTooLarge,
	}
}

var errTooLarge = errors.New("answer too large")

package app

import (
	"errors"
	"io"
	"strings"
	"testing"

	"regatta/registry/plain"
)

// What is written to a pipe beyond what is read of one is refused, not cut.
func TestPipeIsNotCut(t *testing.T) {
	t.Parallel()
	open := func() (io.ReadCloser, error) { return io.NopCloser(strings.NewReader("four")), nil }
	if raw, err := wait(t.Context(), "a pipe", 4, open); string(raw) != "four" || err != nil {
		t.Errorf("%q, %v", raw, err)
	}
	raw, err := wait(t.Context(), "a pipe", 3, open)
	if _, ok := errors.AsType[*plain.SizeError](err); !ok || raw != nil {
		t.Errorf("%q, %v", raw, err)
	}
}

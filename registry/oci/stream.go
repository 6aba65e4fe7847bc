package oci

import (
	"crypto/sha256"
	"crypto/sha512"
	"encoding/hex"
	"errors"
	"hash"
	"io"
	"strings"

	"regatta/model/fault"
	"regatta/model/ref"
	"regatta/registry/httpx"
)

// stream is a blob that is checked while it is read, and asked for again from
// where it broke off.
type stream struct {
	open    func(offset int64) (io.ReadCloser, error)
	inner   io.ReadCloser
	request request
	want    ref.Digest
	hash    hash.Hash // nil where only a part is read
	at      int64     // offset of the next byte
	size    int64     // of the whole, 0 if it is not known
	stuck   int       // breaks since the last byte
}

// mostStuck is how often a connection may break without having brought a byte.
const mostStuck = 3

// Read implements io.Reader.
func (s *stream) Read(p []byte) (int, error) {
	n, err := s.inner.Read(p)
	if s.hash != nil {
		_, _ = s.hash.Write(p[:n])
	}
	if s.at += int64(n); n > 0 {
		s.stuck = 0
	}
	if s.size > 0 && s.at > s.size {
		return n, failure(s.request, fault.Corrupt, "there is more of it than its descriptor says")
	}
	switch {
	case err == nil:
		return n, nil
	case !errors.Is(err, io.EOF):
		err = failed(s.request, err)
	case s.size > s.at:
		err = failure(s.request, fault.Unreachable, "the connection ended before the content did")
	default:
		return n, s.verify()
	}
	if s.again(err) {
		return n, nil
	}
	return n, err
}

// again opens the rest after a break, where it is known how much that is.
func (s *stream) again(broken error) bool {
	passes := fault.Is(broken, fault.Unreachable) || fault.Is(broken, fault.Timeout)
	if errors.Is(broken, httpx.ErrTooSlow) {
		return false // the rest would be as slow
	}
	if s.stuck++; !passes || s.stuck > mostStuck || s.size == 0 {
		return false
	}
	rest, err := s.open(s.at)
	if err != nil {
		return false
	}
	_ = s.inner.Close()
	s.inner = rest
	return true
}

// verify is io.EOF if all is well.
func (s *stream) verify() error {
	if s.hash == nil {
		return io.EOF
	}
	alg, _, _ := strings.Cut(string(s.want), ":")
	if got := ref.Digest(alg + ":" + hex.EncodeToString(s.hash.Sum(nil))); got != s.want {
		return corrupt(s.request, &ref.MismatchError{Want: s.want, Got: got})
	}
	return io.EOF
}

// Close implements io.Closer.
func (s *stream) Close() error { return s.inner.Close() }

func newHash(d ref.Digest) hash.Hash {
	if strings.HasPrefix(string(d), "sha512:") {
		return sha512.New()
	}
	return sha256.New()
}

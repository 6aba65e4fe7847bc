package local

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
	"regatta/registry/plain"
)

func newHash(d ref.Digest) hash.Hash {
	if strings.HasPrefix(string(d), "sha512:") {
		return sha512.New()
	}
	return sha256.New()
}

func sumOf(like ref.Digest, h hash.Hash) ref.Digest {
	alg, _, _ := strings.Cut(string(like), ":")
	return ref.Digest(alg + ":" + hex.EncodeToString(h.Sum(nil)))
}

// digestOf is the digest of what r has, with the algorithm of like.
func digestOf(like ref.Digest, r io.Reader) (ref.Digest, error) {
	h := newHash(like)
	_, err := io.Copy(h, r)
	return sumOf(like, h), err
}

// checked verifies a blob while it is read from its start.
type checked struct {
	io.ReadCloser

	want   ref.Digest
	hash   hash.Hash
	object string
}

// Read implements io.Reader.
func (c *checked) Read(p []byte) (int, error) {
	n, err := c.ReadCloser.Read(p)
	_, _ = c.hash.Write(p[:n])
	switch {
	case err == nil:
		return n, nil
	case !errors.Is(err, io.EOF):
		return n, failed("read a blob of", c.object, err)
	}
	if got := sumOf(c.want, c.hash); got != c.want {
		return n, &fault.Error{
			Op: "read a blob of", Object: c.object, Kind: fault.Corrupt, Err: &ref.MismatchError{Want: c.want, Got: got},
		}
	}
	return n, io.EOF
}

// mostManifest is what is read of a manifest or an index, in bytes.
const mostManifest = 4 << 20

func readLimited(path string) ([]byte, error) {
	raw, err := plain.Read(path, mostManifest)
	if _, ok := errors.AsType[*plain.SizeError](err); ok {
		err = failure("read", path, fault.TooLarge, "a manifest has 4 MiB at most")
	}
	return raw, err
}

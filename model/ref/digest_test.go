package ref

import (
	"errors"
	"strings"
	"testing"
)

const (
	ofHello = "sha256:2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824"
	of512   = "sha512:9b71d224bd62f3785d96d46ad3ea3d73319bfbc2890caadae2dff72519673ca7" +
		"2323c3d99ba5c11d7c7acc6e14b8c5da0c4663475c2e5c3adef46f73bcdec043"
)

func TestParseDigest(t *testing.T) {
	t.Parallel()
	for _, s := range []string{ofHello, of512} {
		if d, err := ParseDigest(s); err != nil || string(d) != s {
			t.Errorf("ParseDigest(%q) = %q, %v", s, d, err)
		}
	}
	for s, want := range map[string]string{
		"": "algorithm:hex", "sha256": "algorithm:hex", "md5:00": "sha256 or sha512", "sha256:00": "want 64 hex digits, have 2",
		"sha256:" + strings.Repeat("A", 64): "lower-case", "sha256:" + strings.Repeat("g", 64): "lower-case",
		"SHA256:" + strings.Repeat("a", 64): "sha256 or sha512", "sha512:" + strings.Repeat("a", 64): "want 128",
	} {
		d, err := ParseDigest(s)
		if d != "" || !errors.Is(err, ErrInvalid) || !strings.Contains(err.Error(), want) {
			t.Errorf("ParseDigest(%q) = %q, %v; want it to say %q", s, d, err, want)
		}
	}
}

func TestVerify(t *testing.T) {
	t.Parallel()
	hello := []byte("hello")
	if DigestOf(hello) != ofHello {
		t.Error(DigestOf(hello))
	}
	for _, d := range []Digest{ofHello, of512} {
		if err := d.Verify(hello); err != nil {
			t.Error(err)
		}
		mismatch, ok := errors.AsType[*MismatchError](d.Verify([]byte("hellO")))
		if !ok || mismatch.Want != d || mismatch.Got == d {
			t.Errorf("%s: %v", d, mismatch)
		}
	}
	if Digest("").Verify(nil) == nil {
		t.Error("no digest verifies nothing")
	}
}

func TestDigestForms(t *testing.T) {
	t.Parallel()
	d := Digest(ofHello)
	if d.Short() != "2cf24dba5fb0" || d.Hex() != ofHello[7:] || d.FallbackTag() != "sha256-"+ofHello[7:] {
		t.Error(d.Short(), d.Hex(), d.FallbackTag())
	}
	if Digest("").Short() != "" || Digest("sha256:ab").Short() != "ab" {
		t.Error("short digests")
	}
}

package supply

import (
	"crypto/x509"
	"encoding/asn1"
	"errors"
	"fmt"
	"slices"
	"time"

	"regatta/model/ref"
	"regatta/model/text"
)

// Verdict is what is known of a signature.
type Verdict string

// The verdicts.
const (
	Verified   Verdict = "verified"   // by a key of the config
	Unverified Verdict = "unverified" // there is no key to verify it with
	Refused    Verdict = "refused"    // no key confirms it
	Broken     Verdict = "broken"     // it is of another image or kind, or its own certificate does not confirm it
	None       Verdict = "none"       // of all signatures of an image: it has none
)

// Sum is what all signatures of an image come to: one that is broken spoils it,
// else one that a key confirms is enough.
func Sum(claims []Claim) Verdict {
	for _, v := range []Verdict{Broken, Verified, Refused, Unverified} {
		if slices.ContainsFunc(claims, func(c Claim) bool { return c.Verdict == v }) {
			return v
		}
	}
	return None
}

// Claim is what a signature says. All but Verdict, Key and Why is as claimed:
// who wrote it could have written anything.
type Claim struct {
	Scheme     string     // "cosign", "sigstore bundle", "notation"
	Of         ref.Digest // the image
	Repository string     // that was signed for
	Identity   string     // of the certificate: an e-mail address or the URL of a workflow
	Issuer     string     // who vouched for the identity
	Time       time.Time

	Verdict Verdict
	Key     string // the name of the key that confirms it
	Why     string // what is wrong, or missing
}

// signed is a signature taken apart.
type signed struct {
	claim Claim
	raw   []byte            // what was signed
	sigs  [][]byte          // any of them
	cert  *x509.Certificate // nil: it was signed with a bare key
	jws   string            // the algorithm of a JWS, whose signatures are written in another way
	wrong string            // what is claimed and may not be, whoever signed it
}

var errSignature = errors.New("not a signature that regatta reads")

// certify fills in what the certificate says (Fulcio, oid-info.md).
func (s *signed) certify(c *x509.Certificate) {
	if c == nil {
		return
	}
	s.cert = c
	switch {
	case len(c.EmailAddresses) > 0:
		s.claim.Identity = text.Clean(c.EmailAddresses[0])
	case len(c.URIs) > 0:
		s.claim.Identity = text.Clean(c.URIs[0].String())
	default:
		s.claim.Identity = text.Clean(c.Subject.String())
	}
	s.claim.Issuer = text.Clean(issuer(c))
	if s.claim.Time.IsZero() {
		s.claim.Time = c.NotBefore
	}
}

// issuer is who vouched for the identity: the provider of it where Fulcio names
// one, else the certificate's issuer.
func issuer(c *x509.Certificate) string {
	arc := asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 57264, 1}
	for _, e := range c.Extensions {
		switch {
		case e.Id.Equal(append(slices.Clip(arc), 8)):
			var s string
			if _, err := asn1.Unmarshal(e.Value, &s); err == nil {
				return s
			}
		case e.Id.Equal(append(slices.Clip(arc), 1)):
			return string(e.Value)
		}
	}
	return c.Issuer.String()
}

// judge compares the signature with the image that it accompanies, with its own
// certificate, and with the keys that stand for the repository.
func (s *signed) judge(of ref.Digest, keys []Key) Claim {
	c := s.claim
	switch {
	case s.wrong != "":
		c.Verdict, c.Why = Broken, s.wrong
		return c
	case c.Of != of:
		c.Verdict, c.Why = Broken, fmt.Sprintf("it is of %s, not of this image", c.Of.Short())
		return c
	case s.cert != nil && !s.holds(s.cert.PublicKey):
		c.Verdict, c.Why = Broken, "its own certificate does not confirm it"
		return c
	}
	for _, k := range keys {
		if s.holds(k.Public) {
			c.Verdict, c.Key = Verified, k.Name
			return c
		}
	}
	c.Verdict = Refused
	switch {
	case len(keys) > 0:
		c.Why = "no key of the config confirms it"
	case s.cert != nil:
		c.Verdict, c.Why = Unverified, "the config has no key for it, and nobody vouches for its certificate here"
	default:
		c.Verdict, c.Why = Unverified, "the config has no key for it"
	}
	return c
}

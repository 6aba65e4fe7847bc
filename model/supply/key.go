package supply

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/sha512"
	"crypto/x509"
	"encoding/pem"
	"errors"
	"fmt"
	"math/big"
	"slices"
	"strings"
)

// Key is a public key that the user trusts.
type Key struct {
	Name   string
	Public crypto.PublicKey
}

// ParseKey reads a public key or a certificate as PEM.
func ParseKey(name string, raw []byte) (Key, error) {
	block, _ := pem.Decode(raw)
	if block == nil {
		return Key{}, errors.New("it holds no PEM")
	}
	var public any
	var err error
	switch block.Type {
	case "PUBLIC KEY":
		public, err = x509.ParsePKIXPublicKey(block.Bytes)
	case "RSA PUBLIC KEY":
		public, err = x509.ParsePKCS1PublicKey(block.Bytes)
	case "CERTIFICATE":
		var c *x509.Certificate
		if c, err = x509.ParseCertificate(block.Bytes); err == nil {
			public = c.PublicKey
		}
	default:
		return Key{}, fmt.Errorf("it holds a %s, want a PUBLIC KEY", block.Type)
	}
	if err != nil {
		return Key{}, err
	}
	switch public.(type) {
	case *ecdsa.PublicKey, *rsa.PublicKey, ed25519.PublicKey:
		return Key{name, public}, nil
	}
	return Key{}, fmt.Errorf("a key of type %T is not supported", public)
}

// holds reports whether a key confirms one of the signatures.
func (s *signed) holds(public crypto.PublicKey) bool {
	return slices.ContainsFunc(s.sigs, func(sig []byte) bool { return s.confirms(public, sig) })
}

func (s *signed) confirms(public crypto.PublicKey, sig []byte) bool {
	hash, sum := s.sum()
	switch k := public.(type) {
	case *ecdsa.PublicKey:
		if s.jws == "" {
			return ecdsa.VerifyASN1(k, sum, sig)
		}
		half := len(sig) / 2
		r, t := new(big.Int).SetBytes(sig[:half]), new(big.Int).SetBytes(sig[half:])
		return half > 0 && ecdsa.Verify(k, sum, r, t)
	case *rsa.PublicKey:
		if !strings.HasPrefix(s.jws, "PS") && rsa.VerifyPKCS1v15(k, hash, sum, sig) == nil {
			return true
		}
		return rsa.VerifyPSS(k, hash, sum, sig, nil) == nil
	case ed25519.PublicKey:
		return ed25519.Verify(k, s.raw, sig)
	}
	return false
}

// sum is the hash of what was signed: SHA-256 unless a JWS says otherwise (RFC
// 7518, section 3.1).
func (s *signed) sum() (crypto.Hash, []byte) {
	switch {
	case len(s.jws) == 5 && s.jws[2:] == "384":
		sum := sha512.Sum384(s.raw)
		return crypto.SHA384, sum[:]
	case len(s.jws) == 5 && s.jws[2:] == "512":
		sum := sha512.Sum512(s.raw)
		return crypto.SHA512, sum[:]
	}
	sum := sha256.Sum256(s.raw)
	return crypto.SHA256, sum[:]
}

package supply

import (
	"crypto/x509"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"regatta/model/ref"
	"regatta/model/text"
)

// Read reads the signature that a document of a referrer carries, and judges it as
// one of the image of, whose manifest is given too: some sign its bytes.
func Read(d Document, content []byte, of ref.Digest, manifest []byte, keys []Key) (Claim, error) {
	var s *signed
	var err error
	switch t := d.Layer.MediaType; {
	case t == SimpleSigning:
		s, err = readSimple(d.Notes, content)
	case t == DSSE:
		s, err = readEnvelope(d.Notes, content, of)
	case strings.HasPrefix(t, bundlePrefix):
		s, err = readBundle(content, of, manifest)
	case t == JWS:
		s, err = readJWS(content, of, manifest)
	case t == COSE:
		return Claim{}, fmt.Errorf("%w: notation's COSE envelopes are not read", errSignature)
	default:
		return Claim{}, fmt.Errorf("%w: %s", errSignature, text.Clean(t))
	}
	if err != nil {
		return Claim{}, err
	}
	return s.judge(of, keys), nil
}

// simple is what cosign signs (containers/image, docs/atomic-signature.md).
type simple struct {
	Critical struct {
		Identity struct {
			Reference string `json:"docker-reference"`
		} `json:"identity"`
		Image struct {
			Digest string `json:"docker-manifest-digest"`
		} `json:"image"`
		Type string `json:"type"`
	} `json:"critical"`
}

// readSimple reads what cosign keeps in annotations (cosign,
// specs/SIGNATURE_SPEC.md).
func readSimple(notes map[string]string, content []byte) (*signed, error) {
	var p simple
	if err := json.Unmarshal(content, &p); err != nil {
		return nil, fmt.Errorf("%w: %w", errSignature, err)
	}
	d, err := ref.ParseDigest(p.Critical.Image.Digest)
	if err != nil {
		return nil, fmt.Errorf("%w: it names no image", errSignature)
	}
	s := &signed{raw: content, claim: Claim{Scheme: "cosign", Of: d, Repository: clip(p.Critical.Identity.Reference)}}
	s.mustBe("signed content", p.Critical.Type, "cosign container image signature")
	sig, err := loose(notes["dev.cosignproject.cosign/signature"])
	if err != nil {
		return nil, err
	}
	s.sigs = [][]byte{sig}
	annotated(s, notes)
	return s, nil
}

// mustBe notes a claim that is none of those that are allowed.
func (s *signed) mustBe(what, is string, allowed ...string) {
	if s.wrong == "" && !slices.Contains(allowed, is) {
		s.wrong = "the type of its " + what + " is " + strconv.Quote(clip(is)) + ", not " + strconv.Quote(allowed[0])
	}
}

// annotated takes over the certificate and the log's time from annotations.
func annotated(s *signed, notes map[string]string) {
	var bundle struct {
		Payload struct {
			IntegratedTime int64 `json:"integratedTime"`
		}
	}
	if json.Unmarshal([]byte(notes["dev.sigstore.cosign/bundle"]), &bundle) == nil {
		s.claim.Time = unix(bundle.Payload.IntegratedTime)
	}
	if block, _ := pem.Decode([]byte(notes["dev.sigstore.cosign/certificate"])); block != nil {
		if c, err := x509.ParseCertificate(block.Bytes); err == nil {
			s.certify(c)
		}
	}
}

func unix(seconds int64) time.Time {
	if seconds <= 0 {
		return time.Time{}
	}
	return time.Unix(seconds, 0).UTC()
}

// readEnvelope reads a signed attestation: a DSSE envelope with a statement.
func readEnvelope(notes map[string]string, content []byte, of ref.Digest) (*signed, error) {
	var e envelope
	if err := json.Unmarshal(content, &e); err != nil {
		return nil, fmt.Errorf("%w: %w", errSignature, err)
	}
	s, err := e.signed("cosign attestation", of)
	if err == nil {
		annotated(s, notes)
	}
	return s, err
}

// signed takes an envelope apart. It is of the image if one of its subjects is.
func (e envelope) signed(scheme string, of ref.Digest) (*signed, error) {
	if len(e.Signatures) == 0 {
		return nil, fmt.Errorf("%w: the envelope has no signature", errSignature)
	}
	// What is signed is the statement itself, not one in another envelope.
	kind, st, err := bareStatement(e.Payload)
	if err != nil {
		return nil, err
	}
	if len(st.Subjects) == 0 {
		return nil, fmt.Errorf("%w: the statement names no image", errSignature)
	}
	s := &signed{raw: e.preAuthentication(), claim: Claim{Scheme: scheme, Of: st.Subjects[0]}}
	s.mustBe("envelope", e.PayloadType, "application/vnd.in-toto+json")
	s.mustBe("statement", kind, "https://in-toto.io/Statement/v1", "https://in-toto.io/Statement/v0.1")
	for _, one := range e.Signatures {
		s.sigs = append(s.sigs, one.Sig)
	}
	for _, d := range st.Subjects {
		if d == of {
			s.claim.Of = d
		}
	}
	return s, nil
}

// bundle is a sigstore bundle (sigstore/protobuf-specs, sigstore_bundle.proto).
type bundle struct {
	Material struct {
		Certificate struct {
			Raw []byte `json:"rawBytes"`
		} `json:"certificate"`
		Chain struct {
			Certificates []struct {
				Raw []byte `json:"rawBytes"`
			} `json:"certificates"`
		} `json:"x509CertificateChain"`
		Log []struct {
			Time string `json:"integratedTime"`
		} `json:"tlogEntries"`
	} `json:"verificationMaterial"`
	Envelope *envelope `json:"dsseEnvelope"`
	Message  *struct {
		Digest struct {
			Algorithm string `json:"algorithm"`
			Digest    []byte `json:"digest"`
		} `json:"messageDigest"`
		Signature []byte `json:"signature"`
	} `json:"messageSignature"`
}

func readBundle(content []byte, of ref.Digest, manifest []byte) (*signed, error) {
	var b bundle
	if err := json.Unmarshal(content, &b); err != nil {
		return nil, fmt.Errorf("%w: %w", errSignature, err)
	}
	s := &signed{}
	switch {
	case b.Envelope != nil:
		var err error
		if s, err = b.Envelope.signed("sigstore bundle", of); err != nil {
			return nil, err
		}
	case b.Message != nil:
		d, err := ref.ParseDigest(fmt.Sprintf("sha256:%x", b.Message.Digest.Digest))
		if err != nil {
			return nil, fmt.Errorf("%w: it names no image", errSignature)
		}
		s.raw, s.sigs, s.claim = manifest, [][]byte{b.Message.Signature}, Claim{Scheme: "sigstore bundle", Of: d}
		s.mustBe("digest", b.Message.Digest.Algorithm, "SHA2_256", "")
	default:
		return nil, fmt.Errorf("%w: the bundle is empty", errSignature)
	}
	for _, entry := range b.Material.Log {
		if n, err := strconv.ParseInt(entry.Time, 10, 64); err == nil {
			s.claim.Time = unix(n)
		}
	}
	raw := b.Material.Certificate.Raw
	if len(b.Material.Chain.Certificates) > 0 {
		raw = b.Material.Chain.Certificates[0].Raw
	}
	if c, err := x509.ParseCertificate(raw); err == nil {
		s.certify(c)
	}
	return s, nil
}

// notationPayload is what notation signs, notationHeader what it signs with it.
type (
	notationPayload struct {
		Target struct {
			Digest string `json:"digest"`
			Size   int64  `json:"size"`
		} `json:"targetArtifact"`
	}
	notationHeader struct {
		Algorithm   string   `json:"alg"`
		ContentType string   `json:"cty"`
		Critical    []string `json:"crit"`
		Time        string   `json:"io.cncf.notary.signingTime"`
	}
)

// understood notes a claim that whoever does not know it must refuse (RFC 7515,
// section 4.1.11).
func (s *signed) understood(critical []string) {
	known := []string{
		"io.cncf.notary.signingScheme", "io.cncf.notary.expiry", "io.cncf.notary.authenticSigningTime",
	}
	for _, name := range critical {
		if s.wrong == "" && !slices.Contains(known, name) {
			s.wrong = "it demands " + strconv.Quote(clip(name)) + ", which is not checked here"
		}
	}
}

// readJWS reads notation's envelope (notaryproject/specifications,
// signature-envelope-jws.md).
func readJWS(content []byte, of ref.Digest, manifest []byte) (*signed, error) {
	var w struct {
		Payload   string `json:"payload"`
		Protected string `json:"protected"`
		Header    struct {
			Chain [][]byte `json:"x5c"`
		} `json:"header"`
		Signature string `json:"signature"`
	}
	if err := json.Unmarshal(content, &w); err != nil {
		return nil, fmt.Errorf("%w: %w", errSignature, err)
	}
	var payload notationPayload
	var protected notationHeader
	if part(w.Payload, &payload) != nil || part(w.Protected, &protected) != nil {
		return nil, errSignature
	}
	d, err := ref.ParseDigest(payload.Target.Digest)
	if err != nil {
		return nil, fmt.Errorf("%w: it names no image", errSignature)
	}
	s := &signed{
		raw: []byte(w.Protected + "." + w.Payload), jws: protected.Algorithm, claim: Claim{Scheme: "notation", Of: d},
	}
	s.mustBe("payload", protected.ContentType, "application/vnd.cncf.notary.payload.v1+json")
	s.understood(protected.Critical)
	if size := payload.Target.Size; s.wrong == "" && d == of && size != int64(len(manifest)) {
		s.wrong = fmt.Sprintf("it is of %d bytes, the manifest has %d", size, len(manifest))
	}
	sig, err := loose(w.Signature)
	if err != nil {
		return nil, err
	}
	s.sigs = [][]byte{sig}
	if t, err := time.Parse(time.RFC3339, protected.Time); err == nil {
		s.claim.Time = t
	}
	if len(w.Header.Chain) > 0 {
		if c, err := x509.ParseCertificate(w.Header.Chain[0]); err == nil {
			s.certify(c)
		}
	}
	return s, nil
}

// part decodes a part of a JWS.
func part(s string, into any) error {
	raw, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil {
		return err
	}
	return json.Unmarshal(raw, into)
}

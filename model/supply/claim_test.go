package supply_test

import (
	"crypto"
	"crypto/ecdsa"
	"crypto/ed25519"
	"crypto/elliptic"
	"crypto/rand"
	"crypto/rsa"
	"crypto/sha256"
	"crypto/x509"
	"crypto/x509/pkix"
	"encoding/asn1"
	"encoding/base64"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"math/big"
	"net/url"
	"strings"
	"testing"
	"time"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/supply"
)

var (
	manifest = []byte(`{"schemaVersion":2}`)
	signed   = ref.DigestOf(manifest)
	other    = ref.DigestOf([]byte("other"))
	at       = time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC)
)

func must[T any](v T, err error) func(*testing.T) T {
	return func(t *testing.T) T {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
		return v
	}
}

// signer signs as cosign does with keys of each kind.
type signer struct {
	name string
	key  crypto.Signer
}

func (s signer) sign(t *testing.T, raw []byte) []byte {
	t.Helper()
	if _, ok := s.key.(ed25519.PrivateKey); ok {
		return must(s.key.Sign(rand.Reader, raw, crypto.Hash(0)))(t)
	}
	sum := sha256.Sum256(raw)
	return must(s.key.Sign(rand.Reader, sum[:], crypto.SHA256))(t)
}

func (s signer) public(t *testing.T) supply.Key {
	t.Helper()
	raw := must(x509.MarshalPKIXPublicKey(s.key.Public()))(t)
	return must(supply.ParseKey(s.name, pem.EncodeToMemory(&pem.Block{Type: "PUBLIC KEY", Bytes: raw})))(t)
}

// certificate is as Fulcio issues them.
func (s signer) certificate(t *testing.T) []byte {
	t.Helper()
	issuer := must(asn1.Marshal("https://token.actions.example"))(t)
	c := &x509.Certificate{
		SerialNumber: big.NewInt(1), NotBefore: at, NotAfter: at.Add(time.Hour), Subject: pkix.Name{CommonName: "x"},
		URIs:            []*url.URL{must(url.Parse("https://git.example/shop/api/.ci/release.yml@refs/tags/v1"))(t)},
		ExtraExtensions: []pkix.Extension{{Id: asn1.ObjectIdentifier{1, 3, 6, 1, 4, 1, 57264, 1, 8}, Value: issuer}},
	}
	return must(x509.CreateCertificate(rand.Reader, c, c, s.key.Public(), s.key))(t)
}

func signers(t *testing.T) []signer {
	t.Helper()
	_, ed, err := ed25519.GenerateKey(rand.Reader)
	return []signer{
		{"ecdsa", must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)},
		{"rsa", must(rsa.GenerateKey(rand.Reader, 2048))(t)},
		{"ed25519", must(ed, err)(t)},
	}
}

func simple(of ref.Digest) []byte {
	return fmt.Appendf(nil, `{"critical":{"identity":{"docker-reference":"registry.example/shop/api"},"image":{"docker-manifest-digest":%q},"type":"cosign container image signature"},"optional":null}`, of)
}

func doc(mediaType string, notes map[string]string) supply.Document {
	return supply.Document{Layer: image.Descriptor{MediaType: mediaType}, Notes: notes}
}

func b64(raw []byte) string { return base64.StdEncoding.EncodeToString(raw) }

func statement(of ref.Digest) []byte {
	return fmt.Appendf(nil, `{"_type":"https://in-toto.io/Statement/v1","subject":[{"name":"x","digest":{"sha256":"00"}},{"name":"a","digest":{"sha256":%q}}],"predicateType":"https://slsa.dev/provenance/v1","predicate":{"buildDefinition":{"buildType":"t"}}}`, of.Hex())
}

func envelopeOf(t *testing.T, s signer, payload []byte) []byte {
	t.Helper()
	const kind = "application/vnd.in-toto+json"
	pae := fmt.Appendf(nil, "DSSEv1 %d %s %d %s", len(kind), kind, len(payload), payload)
	return must(json.Marshal(map[string]any{
		"payloadType": kind, "payload": b64(payload),
		"signatures": []any{map[string]any{"sig": b64([]byte("another's"))}, map[string]any{"sig": b64(s.sign(t, pae))}},
	}))(t)
}

// schemes are a signature of the image made in every way that is read.
func schemes(t *testing.T, s signer) map[string]func(of ref.Digest, cert []byte) (supply.Document, []byte) {
	t.Helper()
	return map[string]func(ref.Digest, []byte) (supply.Document, []byte){
		"cosign": func(of ref.Digest, cert []byte) (supply.Document, []byte) {
			payload := simple(of)
			notes := map[string]string{
				"dev.cosignproject.cosign/signature": b64(s.sign(t, payload)),
				"dev.sigstore.cosign/bundle":         fmt.Sprintf(`{"Payload":{"integratedTime":%d}}`, at.Unix()),
			}
			if cert != nil {
				notes["dev.sigstore.cosign/certificate"] = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}))
			}
			return doc(supply.SimpleSigning, notes), payload
		},
		"cosign attestation": func(of ref.Digest, cert []byte) (supply.Document, []byte) {
			notes := map[string]string{}
			if cert != nil {
				notes["dev.sigstore.cosign/certificate"] = string(pem.EncodeToMemory(&pem.Block{Type: "CERTIFICATE", Bytes: cert}))
			}
			return doc(supply.DSSE, notes), envelopeOf(t, s, statement(of))
		},
		"sigstore bundle": func(of ref.Digest, cert []byte) (supply.Document, []byte) {
			b := fmt.Appendf(nil, `{"verificationMaterial":{"certificate":{"rawBytes":%q},"tlogEntries":[{"integratedTime":"%d"}]},"dsseEnvelope":%s}`,
				b64(cert), at.Unix(), envelopeOf(t, s, statement(of)))
			return doc("application/vnd.dev.sigstore.bundle.v0.3+json", nil), b
		},
		"sigstore bundle of the manifest": func(of ref.Digest, cert []byte) (supply.Document, []byte) {
			sum := must(base64.StdEncoding.DecodeString(b64(hex(of))))(t)
			b := fmt.Appendf(nil, `{"verificationMaterial":{"x509CertificateChain":{"certificates":[{"rawBytes":%q}]},"tlogEntries":[]},"messageSignature":{"messageDigest":{"algorithm":"SHA2_256","digest":%q},"signature":%q}}`,
				b64(cert), b64(sum), b64(s.sign(t, manifest)))
			return doc("application/vnd.dev.sigstore.bundle.v0.3+json", nil), b
		},
	}
}

func hex(d ref.Digest) []byte {
	var out []byte
	_, _ = fmt.Sscanf(d.Hex(), "%x", &out)
	return out
}

// Every scheme with every kind of key: verified with the right key, refused by
// another, unverified without any, broken where it is of another image.
func TestVerdicts(t *testing.T) {
	t.Parallel()
	stranger := signers(t)[0].public(t)
	for _, s := range signers(t) {
		for name, made := range schemes(t, s) {
			t.Run(s.name+" "+name, func(t *testing.T) {
				t.Parallel()
				for what, tt := range map[string]struct {
					of   ref.Digest
					cert []byte
					keys []supply.Key
					want supply.Verdict
				}{
					"the right key":   {signed, nil, []supply.Key{stranger, s.public(t)}, supply.Verified},
					"another key":     {signed, nil, []supply.Key{stranger}, supply.Refused},
					"no key":          {signed, nil, nil, supply.Unverified},
					"its certificate": {signed, s.certificate(t), nil, supply.Unverified},
					"a stranger's":    {signed, signers(t)[0].certificate(t), []supply.Key{s.public(t)}, supply.Broken},
					"another image":   {other, nil, []supply.Key{s.public(t)}, supply.Broken},
				} {
					d, content := made(tt.of, tt.cert)
					got, err := supply.Read(d, content, signed, manifest, tt.keys)
					if err != nil || got.Verdict != tt.want {
						t.Errorf("%s: %s (%s), want %s: %v", what, got.Verdict, got.Why, tt.want, err)
					}
					if tt.want == supply.Verified && got.Key != s.name {
						t.Errorf("verified with %q", got.Key)
					}
					if tt.cert != nil && tt.want == supply.Unverified &&
						(!strings.HasPrefix(got.Identity, "https://git.example/") || got.Issuer != "https://token.actions.example" || !got.Time.Equal(at)) {
						t.Errorf("%s claims %q of %q at %s", what, got.Identity, got.Issuer, got.Time)
					}
				}
			})
		}
	}
}

// A byte that is changed anywhere in what was signed is found out.
func TestTampering(t *testing.T) {
	t.Parallel()
	s := signers(t)[0]
	d, content := schemes(t, s)["cosign"](signed, nil)
	for i := range content {
		bad := append([]byte{}, content...)
		bad[i] ^= 1
		if got, err := supply.Read(d, bad, signed, manifest, []supply.Key{s.public(t)}); err == nil && got.Verdict == supply.Verified {
			t.Fatalf("byte %d: verified", i)
		}
	}
}

// What is signed says of itself what it is. Something else that the same key has
// signed is no signature of the image, though it names it.
func TestAnotherKindOfContentIsNoSignature(t *testing.T) {
	t.Parallel()
	s := signers(t)[0]
	keys := []supply.Key{s.public(t)}
	simply := func(kind string) (supply.Document, []byte) {
		payload := fmt.Appendf(nil, `{"critical":{"image":{"docker-manifest-digest":%q}%s}}`, signed, kind)
		return doc(supply.SimpleSigning, map[string]string{"dev.cosignproject.cosign/signature": b64(s.sign(t, payload))}), payload
	}
	enveloped := func(kind, payload string) (supply.Document, []byte) {
		pae := fmt.Appendf(nil, "DSSEv1 %d %s %d %s", len(kind), kind, len(payload), payload)
		return doc(supply.DSSE, nil), must(json.Marshal(map[string]any{
			"payloadType": kind, "payload": b64([]byte(payload)), "signatures": []any{map[string]any{"sig": b64(s.sign(t, pae))}},
		}))(t)
	}
	inToto, good := "application/vnd.in-toto+json", string(statement(signed))
	message := func(algorithm string) (supply.Document, []byte) {
		return doc("application/vnd.dev.sigstore.bundle.v0.3+json", nil), fmt.Appendf(nil,
			`{"messageSignature":{"messageDigest":{"algorithm":%q,"digest":%q},"signature":%q}}`, algorithm, b64(hex(signed)), b64(s.sign(t, manifest)))
	}
	type read func() (supply.Document, []byte)
	for name, tt := range map[string]struct {
		made read
		want supply.Verdict
	}{
		"cosign":                {func() (supply.Document, []byte) { return simply(`,"type":"cosign container image signature"`) }, supply.Verified},
		"cosign, another type":  {func() (supply.Document, []byte) { return simply(`,"type":"atomic container signature"`) }, supply.Broken},
		"cosign, no type":       {func() (supply.Document, []byte) { return simply("") }, supply.Broken},
		"cosign, an empty type": {func() (supply.Document, []byte) { return simply(`,"type":""`) }, supply.Broken},
		"envelope":              {func() (supply.Document, []byte) { return enveloped(inToto, good) }, supply.Verified},
		"an older statement": {func() (supply.Document, []byte) {
			return enveloped(inToto, strings.Replace(good, "/v1\"", "/v0.1\"", 1))
		}, supply.Verified},
		"another payload": {func() (supply.Document, []byte) { return enveloped("text/plain", good) }, supply.Broken},
		"no payload type": {func() (supply.Document, []byte) { return enveloped("", good) }, supply.Broken},
		"another statement": {func() (supply.Document, []byte) {
			return enveloped(inToto, strings.Replace(good, "in-toto.io/Statement", "example/Note", 1))
		}, supply.Broken},
		"of the manifest":   {func() (supply.Document, []byte) { return message("SHA2_256") }, supply.Verified},
		"by another digest": {func() (supply.Document, []byte) { return message("SHA2_512") }, supply.Broken},
	} {
		d, content := tt.made()
		got, err := supply.Read(d, content, signed, manifest, keys)
		if err != nil || got.Verdict != tt.want || (tt.want == supply.Broken) != strings.Contains(got.Why, "the type of its") {
			t.Errorf("%s: %s (%s), want %s: %v", name, got.Verdict, got.Why, tt.want, err)
		}
	}
	// The envelope that was signed holds the statement, not another envelope.
	d, content := enveloped(inToto, fmt.Sprintf(`{"payload":%q}`, b64([]byte(good))))
	if got, err := supply.Read(d, content, signed, manifest, keys); err == nil {
		t.Errorf("an envelope in an envelope: %+v", got)
	}
}

// Notation's claims: what is signed, of what size, and what must be understood.
func TestNotationClaims(t *testing.T) {
	t.Parallel()
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
	s := signer{"ecdsa", key}
	const cty = `"cty":"application/vnd.cncf.notary.payload.v1+json"`
	for name, tt := range map[string]struct {
		header string
		size   int
		want   supply.Verdict
	}{
		"all is well":       {cty, len(manifest), supply.Verified},
		"another content":   {`"cty":"text/plain"`, len(manifest), supply.Broken},
		"no content type":   {`"x":1`, len(manifest), supply.Broken},
		"a plugin's demand": {cty + `,"crit":["io.cncf.notary.verificationPlugin"]`, len(manifest), supply.Broken},
		"another size":      {cty, len(manifest) + 1, supply.Broken},
	} {
		enc := base64.RawURLEncoding.EncodeToString
		payload := enc(fmt.Appendf(nil, `{"targetArtifact":{"digest":%q,"size":%d}}`, signed, tt.size))
		protected := enc([]byte(`{"alg":"ES256",` + tt.header + `}`))
		sum := sha256.Sum256([]byte(protected + "." + payload))
		r, v, err := ecdsa.Sign(rand.Reader, key, sum[:])
		if err != nil {
			t.Fatal(err)
		}
		sig := append(r.FillBytes(make([]byte, 32)), v.FillBytes(make([]byte, 32))...)
		content := must(json.Marshal(map[string]any{"payload": payload, "protected": protected, "signature": enc(sig)}))(t)
		got, err := supply.Read(doc(supply.JWS, nil), content, signed, manifest, []supply.Key{s.public(t)})
		if err != nil || got.Verdict != tt.want {
			t.Errorf("%s: %s (%s), want %s: %v", name, got.Verdict, got.Why, tt.want, err)
		}
	}
}

// Notation signs with ES256, whose two numbers stand side by side.
func TestNotation(t *testing.T) {
	t.Parallel()
	key := must(ecdsa.GenerateKey(elliptic.P256(), rand.Reader))(t)
	s := signer{"ecdsa", key}
	enc := base64.RawURLEncoding.EncodeToString
	payload := enc(fmt.Appendf(nil, `{"targetArtifact":{"digest":%q,"size":%d}}`, signed, len(manifest)))
	protected := enc([]byte(`{"alg":"ES256","cty":"application/vnd.cncf.notary.payload.v1+json","crit":["io.cncf.notary.signingScheme"],"io.cncf.notary.signingTime":"2026-05-01T10:00:00Z"}`))
	sum := sha256.Sum256([]byte(protected + "." + payload))
	r, v, err := ecdsa.Sign(rand.Reader, key, sum[:])
	if err != nil {
		t.Fatal(err)
	}
	sig := append(r.FillBytes(make([]byte, 32)), v.FillBytes(make([]byte, 32))...)
	content := must(json.Marshal(map[string]any{
		"payload": payload, "protected": protected, "signature": enc(sig),
		"header": map[string]any{"x5c": []string{b64(s.certificate(t))}},
	}))(t)
	got, err := supply.Read(doc(supply.JWS, nil), content, signed, manifest, []supply.Key{s.public(t)})
	if err != nil || got.Verdict != supply.Verified || !got.Time.Equal(at) || got.Identity == "" {
		t.Errorf("%+v: %v", got, err)
	}
	if got, _ := supply.Read(doc(supply.JWS, nil), content, other, manifest, []supply.Key{s.public(t)}); got.Verdict != supply.Broken {
		t.Errorf("of another image: %+v", got)
	}
}

func TestWhatIsNoSignature(t *testing.T) {
	t.Parallel()
	bundle := "application/vnd.dev.sigstore.bundle.v0.3+json"
	for _, tt := range [][2]string{
		{supply.SimpleSigning, `{}`},
		{supply.SimpleSigning, `x`},
		{supply.SimpleSigning, string(simple(signed))},
		{supply.DSSE, `{"payload":"e30=","signatures":[]}`},
		{supply.DSSE, `{"payload":"e30=","signatures":[{"sig":"AA=="}]}`},
		{supply.DSSE, `[]`},
		{bundle, `{}`},
		{bundle, `{"messageSignature":{}}`},
		{bundle, `{"dsseEnvelope":{}}`},
		{bundle, `7`},
		{supply.JWS, `{}`},
		{supply.JWS, `{"payload":"e30","protected":"e30","signature":""}`},
		{supply.COSE, "x"},
		{"text/plain", "x"},
	} {
		if got, err := supply.Read(doc(tt[0], map[string]string{"dev.cosignproject.cosign/signature": "?"}), []byte(tt[1]), signed, manifest, nil); err == nil {
			t.Errorf("%s %s: %+v", tt[0], tt[1], got)
		}
	}
	for _, raw := range []string{"", "x", "-----BEGIN PRIVATE KEY-----\nAA==\n-----END PRIVATE KEY-----\n", "-----BEGIN PUBLIC KEY-----\nAA==\n-----END PUBLIC KEY-----\n"} {
		if _, err := supply.ParseKey("x", []byte(raw)); err == nil {
			t.Errorf("%q is a key", raw)
		}
	}
}

func FuzzRead(f *testing.F) {
	f.Add(supply.SimpleSigning, string(simple(signed)), "AAAA")
	f.Add(supply.DSSE, `{"payloadType":"a","payload":"e30=","signatures":[{"sig":"AA=="}]}`, "")
	f.Add(supply.JWS, `{"payload":"e30","protected":"e30","header":{"x5c":["AA=="]}}`, "")
	f.Add("application/vnd.dev.sigstore.bundle.v0.3+json", `{"verificationMaterial":{"certificate":{"rawBytes":"AA=="}},"messageSignature":{"messageDigest":{"digest":"AA=="}}}`, "")
	f.Fuzz(func(t *testing.T, mediaType, content, sig string) {
		notes := map[string]string{"dev.cosignproject.cosign/signature": sig, "dev.sigstore.cosign/certificate": content}
		got, err := supply.Read(doc(mediaType, notes), []byte(content), signed, manifest, nil)
		if err == nil && got.Verdict != supply.Unverified && got.Verdict != supply.Broken {
			t.Fatalf("without a key it is %s", got.Verdict)
		}
	})
}

// One broken signature spoils an image, one verified one is enough.
func TestSumOfSignatures(t *testing.T) {
	t.Parallel()
	of := func(all ...supply.Verdict) (out []supply.Claim) {
		for _, v := range all {
			out = append(out, supply.Claim{Verdict: v})
		}
		return out
	}
	for want, claims := range map[supply.Verdict][]supply.Claim{
		supply.None:       nil,
		supply.Broken:     of(supply.Verified, supply.Broken),
		supply.Verified:   of(supply.Refused, supply.Verified, supply.Unverified),
		supply.Refused:    of(supply.Unverified, supply.Refused),
		supply.Unverified: of(supply.Unverified),
	} {
		if got := supply.Sum(claims); got != want {
			t.Errorf("%v come to %s, want %s", claims, got, want)
		}
	}
}

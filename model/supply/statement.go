package supply

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strconv"

	"regatta/model/ref"
)

// Statement is what an in-toto attestation says (in-toto, spec/v1/statement.md).
type Statement struct {
	PredicateType string
	Subjects      []ref.Digest
	Predicate     json.RawMessage
}

// ErrStatement is what ParseStatement's errors wrap.
var ErrStatement = errors.New("not an in-toto statement")

// envelope is a DSSE envelope (DSSE, envelope.md).
type envelope struct {
	PayloadType string `json:"payloadType"`
	Payload     []byte `json:"payload"`
	Signatures  []struct {
		Sig   []byte `json:"sig"`
		KeyID string `json:"keyid"`
	} `json:"signatures"`
}

// preAuthentication is what is signed of an envelope (DSSE, protocol.md).
func (e envelope) preAuthentication() []byte {
	head := "DSSEv1 " + strconv.Itoa(len(e.PayloadType)) + " " + e.PayloadType + " " + strconv.Itoa(len(e.Payload)) + " "
	return append([]byte(head), e.Payload...)
}

// ParseStatement reads an in-toto statement: by itself, in a DSSE envelope, or in
// a sigstore bundle.
func ParseStatement(raw []byte) (Statement, error) {
	var outer struct {
		envelope

		Bundled envelope `json:"dsseEnvelope"`
	}
	if err := json.Unmarshal(raw, &outer); err == nil {
		switch {
		case len(outer.Payload) > 0:
			raw = outer.Payload
		case len(outer.Bundled.Payload) > 0:
			raw = outer.Bundled.Payload
		}
	}
	_, st, err := bareStatement(raw)
	return st, err
}

// bareStatement reads a statement by itself, and its own word for what it is.
func bareStatement(raw []byte) (kind string, st Statement, err error) {
	var w struct {
		Type          string `json:"_type"`
		PredicateType string `json:"predicateType"`
		Subject       []struct {
			Digest map[string]string `json:"digest"`
		} `json:"subject"`
		Predicate json.RawMessage `json:"predicate"`
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		return "", Statement{}, fmt.Errorf("%w: %w", ErrStatement, err)
	}
	if w.PredicateType == "" {
		return "", Statement{}, ErrStatement
	}
	out := Statement{PredicateType: clip(w.PredicateType), Predicate: w.Predicate}
	for _, s := range w.Subject {
		if d, err := ref.ParseDigest("sha256:" + s.Digest["sha256"]); err == nil {
			out.Subjects = append(out.Subjects, d)
		}
	}
	return w.Type, out, nil
}

// loose is base64 in either alphabet.
func loose(s string) ([]byte, error) {
	for _, e := range []*base64.Encoding{
		base64.StdEncoding, base64.URLEncoding, base64.RawStdEncoding, base64.RawURLEncoding,
	} {
		if b, err := e.DecodeString(s); err == nil {
			return b, nil
		}
	}
	return nil, errSignature
}

package sbom

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"strings"

	"regatta/model/text"
)

// What is read of a document at most.
const (
	maxPackages = 200_000
	maxElement  = 16 << 20 // bytes of one package, or of an envelope's payload
	maxDepth    = 200      // of values inside each other
	maxText     = 300      // bytes of a name, version or licence
)

// ErrFormat is what Read's errors wrap for what is no bill of materials.
var ErrFormat = errors.New("not a bill of materials that regatta reads: want SPDX, CycloneDX or Syft as JSON")

// Read reads a bill of materials as JSON: SPDX 2 and 3, CycloneDX, Syft, each by
// itself, in an in-toto statement, or in a DSSE envelope. It keeps the packages
// and nothing else, however long the document is.
func Read(r io.Reader) (Document, error) {
	w := newWalk(r)
	if err := w.object(w.top); err != nil {
		return Document{}, w.explain(err)
	}
	if w.doc.Format == "" {
		return Document{}, ErrFormat
	}
	w.doc.sorted()
	return w.doc, nil
}

// walk goes through a document and picks up what it knows.
type walk struct {
	dec    *json.Decoder
	window *window
	doc    Document
	inside bool   // an envelope or statement: there is no other in it
	spec   string // the version of CycloneDX, where it comes before the format
}

func newWalk(r io.Reader) *walk {
	w := &walk{window: &window{from: r}}
	w.dec = json.NewDecoder(w.window)
	w.window.at = w.dec.InputOffset
	return w
}

// window keeps the decoder from reading far ahead of what it has understood:
// it holds all of a value in memory until the value ends.
type window struct {
	from io.Reader
	read int64
	at   func() int64
}

var errElement = errors.New("a value is larger than 16 MiB")

// Read implements io.Reader.
func (w *window) Read(p []byte) (int, error) {
	if w.read-w.at() > maxElement {
		return 0, errElement
	}
	n, err := w.from.Read(p[:min(len(p), 64<<10)])
	w.read += int64(n)
	return n, err
}

func (w *walk) explain(err error) error {
	switch {
	case errors.Is(err, io.EOF), errors.Is(err, io.ErrUnexpectedEOF):
		return fmt.Errorf("the document ends in the middle: %w", io.ErrUnexpectedEOF)
	case w.doc.Format == "" && isSyntax(err):
		return ErrFormat
	}
	return err
}

func isSyntax(err error) bool {
	_, ok := errors.AsType[*json.SyntaxError](err)
	return ok
}

var errShape = errors.New("a value is not what the format has in its place")

// object reads an object and gives every member to member, which reads its
// value.
func (w *walk) object(member func(name string) error) error {
	open, err := w.dec.Token()
	if err != nil {
		return err
	}
	if open != json.Delim('{') {
		if w.doc.Format == "" {
			return ErrFormat
		}
		return errShape
	}
	return w.members(member)
}

func (w *walk) members(member func(name string) error) error {
	for w.dec.More() {
		name, err := w.dec.Token()
		if err != nil {
			return err
		}
		if err := member(name.(string)); err != nil { //nolint:forcetypeassert // the name of a member is a string
			return err
		}
	}
	_, err := w.dec.Token()
	return err
}

// each decodes the elements of a list one by one. What is no list is left out.
func each[T any](w *walk, take func(T)) error {
	open, err := w.dec.Token()
	if err != nil {
		return err
	}
	if open != json.Delim('[') {
		return w.rest(open)
	}
	for w.dec.More() {
		var v T
		if err := w.dec.Decode(&v); err != nil && !isShape(err) {
			return err
		}
		take(v)
	}
	_, err = w.dec.Token()
	return err
}

// isShape is an error about one value only: the document goes on after it.
func isShape(err error) bool {
	_, ok := errors.AsType[*json.UnmarshalTypeError](err)
	return ok
}

// skip leaves a value out without keeping it.
func (w *walk) skip() error {
	open, err := w.dec.Token()
	if err != nil {
		return err
	}
	return w.rest(open)
}

// rest leaves out what is left of a value that begins with a token.
func (w *walk) rest(open json.Token) error {
	depth := 0
	for {
		if d, ok := open.(json.Delim); ok {
			if d == '{' || d == '[' {
				depth++
			} else {
				depth--
			}
		}
		switch {
		case depth == 0:
			return nil
		case depth > maxDepth:
			return fmt.Errorf("values lie more than %d deep in each other", maxDepth)
		}
		var err error
		if open, err = w.dec.Token(); err != nil {
			return err
		}
	}
}

// small decodes a value that is kept; one of another shape is left out.
func (w *walk) small(into any) error {
	if err := w.dec.Decode(into); err != nil && !isShape(err) {
		return err
	}
	return nil
}

// word reads a string.
func (w *walk) word() (string, error) {
	var s string
	err := w.small(&s)
	return s, err
}

func (w *walk) add(p Package) {
	if p.Name == "" {
		return
	}
	if len(w.doc.Packages) == maxPackages {
		w.doc.Left++
		return
	}
	if p.Type == "" {
		p.Type = typeOf(p.PURL)
	}
	for _, s := range []*string{&p.Name, &p.Version, &p.Type, &p.PURL, &p.Licence} {
		*s = clip(*s)
	}
	w.doc.Packages = append(w.doc.Packages, p)
}

func clip(s string) string {
	if len(s) > maxText {
		s = strings.ToValidUTF8(s[:maxText], "")
	}
	return strings.Clone(text.Clean(s))
}

// envelope reads the document that a DSSE envelope carries (DSSE, envelope.md).
func (w *walk) envelope() error {
	payload, err := w.word()
	if err != nil || w.inside || payload == "" {
		return err
	}
	return w.nested(base64.NewDecoder(base64.StdEncoding, strings.NewReader(payload)))
}

// nested reads a document that stands as text in another one.
func (w *walk) nested(r io.Reader) error {
	inner := newWalk(r)
	inner.inside = true
	if err := inner.object(inner.top); err != nil {
		return inner.explain(err)
	}
	w.doc = inner.doc
	return nil
}

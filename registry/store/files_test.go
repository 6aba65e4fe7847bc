package store

import (
	"bytes"
	"testing"

	"regatta/model/ref"
)

// Lists of files are kept by layer, outlive the program, and can be kept anew:
// whoever reads one that is broken makes another.
func TestFiles(t *testing.T) {
	t.Parallel()
	path := t.TempDir() + "/store.db"
	layer, other := ref.DigestOf([]byte("layer")), ref.DigestOf([]byte("other"))
	s := open(t, Options{Path: path})
	if _, ok := s.Files(t.Context(), layer); ok {
		t.Fatal("there is a list of a layer that nobody has read")
	}
	s.PutFiles(layer, []byte("broken"))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, Options{Path: path})
	if raw, ok := s.Files(t.Context(), layer); !ok || string(raw) != "broken" {
		t.Fatalf("%q, %t", raw, ok)
	}
	s.PutFiles(layer, []byte("list"))
	s.PutFiles(other, bytes.Repeat([]byte("x"), maxItem+1))
	if err := s.Close(); err != nil {
		t.Fatal(err)
	}
	s = open(t, Options{Path: path})
	if raw, ok := s.Files(t.Context(), layer); !ok || string(raw) != "list" {
		t.Errorf("%q, %t", raw, ok)
	}
	if _, ok := s.Files(t.Context(), other); ok {
		t.Error("what is too large is kept")
	}
	if _, _, ok := s.Content(t.Context(), layer); ok {
		t.Error("a list is taken for the layer")
	}
}

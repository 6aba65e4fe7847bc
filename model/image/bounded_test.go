package image

import (
	"errors"
	"runtime"
	"strings"
	"testing"
)

// TestListsOfNothingTakeNoMemory reads what fits into the limits of the client
// and would be a gigabyte of empty entries.
func TestListsOfNothingTakeNoMemory(t *testing.T) {
	most := uint64(64 << 20)
	many := func(entry string, size int) string { return strings.Repeat(entry+",", size/(len(entry)+1)) + entry }
	for what, read := range map[string]func() error{
		"children": func() error {
			_, err := ParseManifest("", []byte(`{"schemaVersion":2,"manifests":[`+many("{}", 4<<20)+`]}`))
			return err
		},
		"layers": func() error {
			_, err := ParseManifest("", []byte(`{"schemaVersion":2,"layers":[`+many("null", 4<<20)+`]}`))
			return err
		},
		"history": func() error {
			_, err := ParseConfig([]byte(`{"history":[` + many("{}", 16<<20) + `]}`))
			return err
		},
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		err := read()
		runtime.ReadMemStats(&after)
		if !errors.Is(err, ErrManifest) && !errors.Is(err, ErrConfig) || !strings.Contains(err.Error(), "more than 25,000 entries") {
			t.Errorf("%s: %v", what, err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > most {
			t.Errorf("%s: %d MB", what, used>>20)
		}
	}
}

func TestBoundedListsReadAsLists(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]int{
		`{"schemaVersion":2,"manifests":[]}`: 0, `{"schemaVersion":2,"manifests":[{},null]}`: 2,
		`{"schemaVersion":2,"manifests":null,"config":{"mediaType":"` + MediaTypeOCIConfig + `"}}`: 0,
	} {
		m, err := ParseManifest("", []byte(raw))
		if err != nil || len(m.Children) != want || (m.Kind == KindIndex) == strings.Contains(raw, "config") {
			t.Errorf("%s: %d children, %s, %v", raw, len(m.Children), m.Kind, err)
		}
	}
	for _, raw := range []string{`{"manifests":{}}`, `{"layers":"x"}`, `{"manifests":[1]}`, `{"manifests":[{"size":"x"}]}`} {
		if _, err := ParseManifest("", []byte(raw)); !errors.Is(err, ErrManifest) {
			t.Errorf("%s: %v", raw, err)
		}
	}
}

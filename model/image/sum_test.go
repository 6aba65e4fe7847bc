package image

import (
	"encoding/json"
	"math"
	"strings"
	"testing"

	"regatta/model/ref"
)

func TestSumsCountDistinctBlobsAndNeverOverflow(t *testing.T) {
	t.Parallel()
	blob := func(c string, size int64) Descriptor {
		return Descriptor{Digest: ref.Digest("sha256:" + strings.Repeat(c, 64)), Size: size}
	}
	one := Manifest{Config: blob("a", 1), Layers: []Descriptor{blob("b", 10), blob("b", 10)}}
	two := Manifest{Config: blob("c", 2), Layers: []Descriptor{blob("b", 10), blob("d", 100)}}
	var s Sum
	s.Add(one)
	s.Add(two)
	if one.Size() != 11 || two.Size() != 112 || s.Bytes() != 113 {
		t.Errorf("sizes %d and %d, together %d; want 11, 112, 113", one.Size(), two.Size(), s.Bytes())
	}
	huge := Manifest{Layers: []Descriptor{blob("e", math.MaxInt64), blob("f", math.MaxInt64)}}
	s.Add(huge)
	if huge.Size() != math.MaxInt64 || s.Bytes() != math.MaxInt64 {
		t.Errorf("absurd sizes add up to %d and %d", huge.Size(), s.Bytes())
	}
}

// TestNoTextIsLong has every text of a manifest and a config be a megabyte.
func TestNoTextIsLong(t *testing.T) {
	t.Parallel()
	const most = maxValue + 100
	long := strings.Repeat("x", 1<<20)
	m, err := ParseManifest(long, []byte(`{"artifactType":"`+long+`","layers":[{"mediaType":"`+long+`","artifactType":"`+
		long+`","platform":{"os":"`+long+`","architecture":"`+long+`","variant":"`+long+`","os.version":"`+long+`"}}]}`))
	if err != nil {
		t.Fatal(err)
	}
	c, err := ParseConfig([]byte(`{"author":"` + long + `","os":"` + long + `","config":{"User":"` + long +
		`","WorkingDir":"` + long + `","StopSignal":"` + long + `","Env":["` + long + `"],"Labels":{"` + long + `":"` + long + `"}}}`))
	if err != nil {
		t.Fatal(err)
	}
	m.Raw, c.Raw = nil, nil
	for _, v := range []any{m, c} {
		raw, err := json.Marshal(v)
		if err != nil {
			t.Fatal(err)
		}
		for text := range strings.SplitSeq(string(raw), `"`) {
			if len(text) > most {
				t.Errorf("a text of %d bytes in %T: %s…", len(text), v, text[:20])
			}
		}
	}
}

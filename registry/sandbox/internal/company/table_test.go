package company

import (
	"cmp"
	"flag"
	"maps"
	"os"
	"slices"
	"sync"
	"testing"

	"regatta/registry/sandbox/internal/layer"
)

var update = flag.Bool("update", false, "make the table of layers and the golden values anew")

// The table has the layers of the company, no more and no less, with their
// true sums: of the dozen smallest and a sample of the others, or of all if
// REGATTA_FULL is set (twelve gigabytes, ten seconds).
func TestTable(t *testing.T) {
	specs := layers()
	if *update {
		writeTable(t, specs)
		return
	}
	table := parseTable(layersTSV)
	if got, want := slices.Sorted(maps.Keys(table)), slices.Sorted(maps.Keys(specs)); !slices.Equal(got, want) {
		t.Fatalf("the table has %d layers, the company %d: run go generate", len(got), len(want))
	}
	bySize := slices.SortedFunc(maps.Values(specs), func(a, b layer.Spec) int {
		return cmp.Or(cmp.Compare(table[a.Key()].Size, table[b.Key()].Size), cmp.Compare(a.Key(), b.Key()))
	})
	if os.Getenv("REGATTA_FULL") == "" {
		bySize = sample(bySize)
	}
	for key, sums := range sumAll(bySize) {
		if sums != table[key] {
			t.Errorf("%s is %+v, the table says %+v", key, sums, table[key])
		}
	}
}

func sample(bySize []layer.Spec) []layer.Spec {
	some := slices.Clone(bySize[:12])
	for i := 12; i < len(bySize) && bySize[i].Size < 16*mib; i += 41 {
		some = append(some, bySize[i])
	}
	return some
}

func writeTable(t *testing.T, specs map[string]layer.Spec) {
	t.Helper()
	sums := sumAll(slices.Collect(maps.Values(specs)))
	text := formatTable(slices.Sorted(maps.Keys(specs)), sums)
	if err := os.WriteFile("layers.tsv", []byte(text), 0o644); err != nil {
		t.Fatal(err)
	}
}

// sumAll works on two layers at a time.
func sumAll(specs []layer.Spec) map[string]layer.Sums {
	var mu sync.Mutex
	var group sync.WaitGroup
	sums := map[string]layer.Sums{}
	queue := make(chan layer.Spec)
	for range 2 {
		group.Go(func() {
			for spec := range queue {
				s := layer.Sum(spec)
				mu.Lock()
				sums[spec.Key()] = s
				mu.Unlock()
			}
		})
	}
	for _, spec := range specs {
		queue <- spec
	}
	close(queue)
	group.Wait()
	return sums
}

package run_test

import (
	"testing"
	"testing/synctest"
	"time"

	"regatta/registry/sandbox"
)

// Scripts that the model check has found at one time. Those of them that hang on which of
// two requests is first are performed again and again.
func TestModelOfWhatWasFound(t *testing.T) {
	t.Parallel()
	const often = 40
	for name, s := range map[string]script{
		"an index came while it was asked who describes its child": {
			Tags: [6]int{-1, -1, 0, -1, -1, 4}, Lists: [2][]int{{0}, {2, 3, 5}}, Kind: "delete", Picked: []int{7, 2, 6}, Onto: 6,
			Places: 1, Latency: 40 * time.Millisecond,
			Deeds:    map[int]deed{4: {"delete", 2, 0}, 9: {"index", 1, 3}, 13: {"index", 7, 1}},
			Troubles: map[int]trouble{8: cut},
		},
		"an index that came could not be read with the first list": {
			Tags: [6]int{-1, 4, -1, -1, -1, 5}, Lists: [2][]int{{5}, {4}}, Kind: "delete", Picked: []int{5, 6, 3}, Onto: 6, Places: 2,
			Deeds:    map[int]deed{1: {"push", 2, 5}, 3: {"index", 4, 5}},
			Troubles: map[int]trouble{4: refused503, 15: down},
		},
		"the same, far away": {
			Tags: [6]int{1, -1, -1, 1, 7, -1}, Lists: [2][]int{{5, 4}, {2}}, Kind: "delete", Picked: []int{3, 6},
			Places: 2, Latency: 400 * time.Millisecond,
			Deeds:    map[int]deed{1: {"index", 0, 0}, 2: {"move", 6, 3}, 3: {"index", 3, 7}, 47: {"move", 3, 3}},
			Troubles: map[int]trouble{14: down},
		},
		"a tag moved onto what goes, while it was on its way": {
			Tags: [6]int{0, -1, 1, 0, 0, 1}, Lists: [2][]int{{2}, {0, 3, 5}}, Kind: "delete", Picked: []int{6, 1, 0, 7},
			Places: 2, Latency: 400 * time.Millisecond, Resume: true,
			Deeds:    map[int]deed{25: {"delete", 3, 7}, 26: {"move", 5, 6}, 30: {"untag", 6, 2}, 41: {"push", 7, 0}},
			Troubles: map[int]trouble{2: cut, 42: broken500, 48: down, 58: lost, 60: killed9},
		},
		"a tag was set before a kill, and could not be set again": {
			Tags: [6]int{0, 0, -1, 0, 0, 0}, Lists: [2][]int{{0, 2, 1}, {0}}, Kind: "retag", Picked: []int{2}, Onto: 6, Places: 1, Resume: true,
			Deeds:    map[int]deed{1: {"push", 0, 0}, 10: {"delete", 0, 0}},
			Troubles: map[int]trouble{1: refused429, 2: refused429, 23: killed9},
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			for _, q := range []sandbox.Quirks{{SparseIndexes: true}, {SparseIndexes: true, NoTagDelete: true}} {
				for range often {
					synctest.Test(t, func(t *testing.T) {
						if wrong := s.perform(t, q); len(wrong) > 0 {
							t.Fatal(wrong)
						}
					})
				}
			}
		})
	}
}

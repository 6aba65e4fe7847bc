package cleanup_test

import (
	"fmt"
	"testing"
	"time"

	"regatta/model/cleanup"
)

// large is n images in indexes of two, each with two tags, some signed.
func large(n int) *shop {
	s := newShop()
	for i := 0; len(s.described) < n; i++ {
		age := time.Duration(i*7919%(365*24)) * time.Hour
		amd, arm, multi := fmt.Sprint("amd", i), fmt.Sprint("arm", i), fmt.Sprint("multi", i)
		s.image(amd, age).image(arm, age)
		s.index(multi, age, []string{amd, arm}, fmt.Sprintf("v1.%d.%d", i%20, i), fmt.Sprintf("pr-%d", i))
		if i%4 == 0 {
			s.image(fmt.Sprint("sig", i), age, signature(multi))
		}
	}
	return s
}

func BenchmarkEvaluate(b *testing.B) {
	rules := cleanup.Rules{
		Match: []string{"v*", "pr-*"}, Exclude: []string{"v1.1*7"}, Protected: []string{"prod*", "*stable*"},
		OlderThan: 90 * day, Last: &cleanup.Last{Count: 1000, By: cleanup.ByVersion}, Orphans: true, Untagged: true,
	}
	for _, n := range []int{10_000, 100_000} {
		s := large(n)
		stock := cleanup.NewStock(s.graph, s.described)
		b.Run(fmt.Sprint("images=", n), func(b *testing.B) {
			for b.Loop() {
				if sum := stock.Evaluate(rules, today).Summarize(); sum.Remove == 0 || sum.Keep == 0 {
					b.Fatal(sum)
				}
			}
		})
	}
}

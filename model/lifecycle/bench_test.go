package lifecycle_test

import (
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"testing"
	"time"

	"regatta/model/lifecycle"
	"regatta/model/ref"
)

// fiftyRules are as many as a policy may have: prefixes, patterns with
// wildcards everywhere, counts and ages.
func fiftyRules(tb testing.TB) lifecycle.Policy {
	tb.Helper()
	rules := make([]string, 0, 50)
	for i := range 48 {
		list := fmt.Sprintf(`"tagPrefixList": ["team%d-"]`, i)
		switch i % 4 {
		case 1:
			list = fmt.Sprintf(`"tagPatternList": ["*-%d-*", "*rc*"]`, i)
		case 2:
			list = fmt.Sprintf(`"tagPatternList": ["team%d-*-v*.*"]`, i)
		}
		selection := tagged(list)
		if i%2 == 1 {
			selection = fmt.Sprintf(`"tagStatus": "tagged", %s, "countType": "sinceImagePushed", "countUnit": "days", "countNumber": %d`, list, i+30)
		}
		rules = append(rules, ruleText(i+1, selection, expire))
	}
	rules = append(rules, ruleText(49, oldOnes, expire), ruleText(50, anyCount, expire))
	return policyOf(tb, policyText(rules...))
}

// repository is n images in no order, as they are read from a list: indexes of
// two, with two tags each.
func repository(n int) []lifecycle.Image {
	random := rand.New(rand.NewPCG(1, 2))
	out := make([]lifecycle.Image, n)
	pushed := func(i int) time.Time { return today.Add(-time.Duration(i*7919%(365*24*3600)) * time.Second) }
	for at, i := range random.Perm(n) {
		img := lifecycle.Image{Digest: digestOf(strconv.Itoa(i)), Pushed: pushed(i - i%3), Size: 50e6}
		if i%3 == 0 {
			img.Tags = []string{fmt.Sprintf("team%d-main-%d-v1.%d", i%60, i%48, i), fmt.Sprintf("sha-%08x-rc%d", random.Uint32(), i%9)}
			img.Children = []ref.Digest{digestOf(strconv.Itoa(i + 1)), digestOf(strconv.Itoa(i + 2))}
		}
		out[at] = img
	}
	return out
}

func BenchmarkEvaluate(b *testing.B) {
	p := fiftyRules(b)
	for _, n := range []int{10_000, 100_000} {
		images := repository(n)
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				lifecycle.Evaluate(p, images, today, nil)
			}
		})
	}
}

// BenchmarkKeystroke is what an editor does after a key: parse, evaluate, sum
// up, and say why for a screen of images.
func BenchmarkKeystroke(b *testing.B) {
	source := fiftyRules(b).Text()
	images := repository(10_000)
	for b.Loop() {
		p, _ := lifecycle.Parse(source)
		e := lifecycle.Evaluate(p, images, today, nil)
		e.Summarize(nil)
		for i := range 50 {
			_ = e.Reason(i)
		}
	}
}

func BenchmarkForecast(b *testing.B) {
	p := fiftyRules(b)
	for _, n := range []int{10_000, 100_000} {
		images := repository(n)
		b.Run(strconv.Itoa(n), func(b *testing.B) {
			for b.Loop() {
				lifecycle.Forecast(p, images, today, nil)
			}
		})
	}
}

// BenchmarkPatterns matches a long tag that is made to keep a matcher busy.
func BenchmarkPatterns(b *testing.B) {
	p := policyOf(b, policyText(ruleText(1, tagged(`"tagPatternList": ["*aaaaaaaaab*aaaaaaaaab*aaaaaaaaab*c"]`), expire)))
	tag := make([]byte, 100_000)
	for i := range tag {
		tag[i] = 'a'
	}
	images := []lifecycle.Image{{Digest: ref.DigestOf(nil), Tags: []string{string(tag)}}}
	for b.Loop() {
		lifecycle.Evaluate(p, images, today, nil)
	}
}

// BenchmarkViolations is a text of one line that is wrong everywhere.
func BenchmarkViolations(b *testing.B) {
	source := `{"rules":[` + strings.Repeat("1,", 100_000) + `1]}`
	for b.Loop() {
		if _, violations := lifecycle.Parse(source); len(violations) < 100_000 {
			b.Fatal(len(violations))
		}
	}
}

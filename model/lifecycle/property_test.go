package lifecycle_test

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"regatta/model/lifecycle"
	"regatta/model/ref"
)

var today = time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)

type object = map[string]any

// anyRules are rules that together make a valid policy, in any order.
func anyRules(t *rapid.T) []object {
	var out []object
	lists := rapid.SliceOfNDistinct(anyTagList(), 0, 4, func(o object) string { return fmt.Sprint(o) }).Draw(t, "lists")
	classOf := func() bool { return rapid.IntRange(0, 3).Draw(t, "archive") == 0 }
	for _, list := range lists {
		out = append(out, anyRule(t, "tagged", list, classOf()))
	}
	used := map[bool]bool{}
	if rapid.Bool().Draw(t, "untagged") || len(out) == 0 {
		out = append(out, anyRule(t, "untagged", nil, classOf()))
	}
	for range rapid.IntRange(0, 2).Draw(t, "any") {
		if archive := classOf(); !used[archive] {
			used[archive] = true
			out = append(out, anyRule(t, "any", nil, archive))
		}
	}
	priority := 0
	for _, r := range out {
		priority += rapid.IntRange(1, 50).Draw(t, "gap")
		r["rulePriority"] = priority
	}
	// any is last, so only what is before may change places
	last := slices.IndexFunc(out, func(r object) bool { return r["selection"].(object)["tagStatus"] == "any" })
	if last < 0 {
		last = len(out)
	}
	for i := range last {
		j := rapid.IntRange(0, last-1).Draw(t, "swap")
		out[i]["rulePriority"], out[j]["rulePriority"] = out[j]["rulePriority"], out[i]["rulePriority"]
	}
	return rapid.Permutation(out).Draw(t, "order")
}

func anyTagList() *rapid.Generator[object] {
	return rapid.Custom(func(t *rapid.T) object {
		if rapid.Bool().Draw(t, "prefixes") {
			some := rapid.SliceOfNDistinct(rapid.StringMatching(`[abA]{0,2}`), 1, 2, rapid.ID[string]).Draw(t, "list")
			slices.Sort(some)
			return object{"tagPrefixList": some}
		}
		some := rapid.SliceOfNDistinct(rapid.StringMatching(`\*?[abA]{0,2}(\*[ab]?){0,2}`), 1, 2, rapid.ID[string]).Draw(t, "list")
		slices.Sort(some)
		return object{"tagPatternList": some}
	})
}

func anyRule(t *rapid.T, status string, list object, archive bool) object {
	selection := object{"tagStatus": status}
	maps.Copy(selection, list)
	days := rapid.IntRange(1, 5).Draw(t, "number")
	attic := object{"type": "transition", "targetStorageClass": "archive"}
	action := object{"type": "expire"}
	switch kind := rapid.IntRange(0, 2).Draw(t, "count type"); {
	case archive:
		selection["storageClass"], selection["countType"] = "archive", "sinceImageTransitioned"
		days += 89
	case kind == 0:
		selection["countType"] = "imageCountMoreThan"
	case kind == 1:
		selection["countType"] = "sinceImagePushed"
	default:
		selection["countType"], action = "sinceImagePulled", attic
	}
	if !archive && rapid.Bool().Draw(t, "transition") {
		action = attic
	}
	if selection["countType"] != "imageCountMoreThan" {
		selection["countUnit"] = "days"
	}
	selection["countNumber"] = days
	return object{"selection": selection, "action": action}
}

func textOf(t *rapid.T, rules []object) string {
	raw, err := json.MarshalIndent(object{"rules": rules}, "", " ")
	if err != nil {
		t.Fatal(err)
	}
	return string(raw)
}

func parsed(t *rapid.T, rules []object) lifecycle.Policy {
	p, violations := lifecycle.Parse(textOf(t, rules))
	if len(violations) > 0 {
		t.Fatalf("%+v\n%s", violations, textOf(t, rules))
	}
	return p
}

// anyTime is unknown, a day border, equal to others', or in the future.
func anyTime(t *rapid.T, most int) time.Time {
	if rapid.IntRange(0, 5).Draw(t, "unknown") == 0 {
		return time.Time{}
	}
	hours := rapid.IntRange(-1, 2*most).Draw(t, "half days") * 12
	return today.Add(-time.Duration(hours)*time.Hour + time.Duration(rapid.IntRange(-1, 1).Draw(t, "nanoseconds")))
}

func anyImages(t *rapid.T) []lifecycle.Image {
	n := rapid.IntRange(0, 12).Draw(t, "images")
	out := make([]lifecycle.Image, n)
	for i := range out {
		out[i] = lifecycle.Image{
			Digest: digestOf(strconv.Itoa(i)), Size: int64(i), Pushed: anyTime(t, 6),
			Tags: rapid.SliceOfN(rapid.StringMatching(`[abA]{1,4}`), 0, 3).Draw(t, "tags"),
		}
		if rapid.IntRange(0, 3).Draw(t, "restored") == 0 {
			out[i].Activated = anyTime(t, 6)
		}
		if rapid.Bool().Draw(t, "pulled") {
			out[i].Pulled = anyTime(t, 6)
		}
		if rapid.IntRange(0, 3).Draw(t, "archived") == 0 {
			out[i].Class, out[i].Archived = lifecycle.Archive, anyTime(t, 100)
		}
	}
	for i := range out { // only later ones are pointed to: nothing is in a circle
		for j := i + 1; j < n && rapid.IntRange(0, 2).Draw(t, "index") == 0; j++ {
			out[i].Children = append(out[i].Children, out[j].Digest)
		}
		if i+1 < n && rapid.IntRange(0, 3).Draw(t, "referrer") == 0 {
			out[i].Subject = out[rapid.IntRange(i+1, n-1).Draw(t, "subject")].Digest
		}
	}
	return rapid.Permutation(out).Draw(t, "order")
}

func anySwitches(t *rapid.T) lifecycle.Switches {
	on := lifecycle.Switches{}
	if rapid.Bool().Draw(t, "by default") {
		return on
	}
	for _, a := range lifecycle.Assumptions() {
		on[a.ID] = a.Otherwise != "" && rapid.IntRange(0, 4).Draw(t, string(a.ID)) == 0
	}
	return on
}

func fates(e *lifecycle.Evaluation) map[ref.Digest]fate {
	out := map[ref.Digest]fate{}
	for i, v := range e.Verdicts {
		out[e.Images[i].Digest] = fate{v.Outcome, v.Priority}
	}
	return out
}

// TestEvaluateIsTheReference compares with an evaluator that was written apart.
func TestEvaluateIsTheReference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		p, images, on := parsed(t, anyRules(t)), anyImages(t), anySwitches(t)
		e := lifecycle.Evaluate(p, images, today, on)
		want := (&reference{p.Rules(), images, today, on}).evaluate()
		for i, v := range e.Verdicts {
			d := images[i].Digest
			if got := (fate{v.Outcome, v.Priority}); got != want[d] {
				t.Fatalf("%s: %v, want %v: %s\n%s", d.Short(), got, want[d], e.Reason(i), p.Text())
			}
			checkReason(t, v, e.Reason(i))
		}
	})
}

func checkReason(t *rapid.T, v lifecycle.Verdict, reason string) {
	word := map[lifecycle.Outcome]string{
		lifecycle.Keep: "kept: ", lifecycle.Expire: "expired ", lifecycle.Transition: "archived ",
	}[v.Outcome]
	if !strings.HasPrefix(reason, word) || v.Priority > 0 && !strings.Contains(reason, fmt.Sprintf("rule %d", v.Priority)) {
		t.Fatalf("%+v: %s", v, reason)
	}
}

func TestOrderDoesNotMatter(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rules, images, on := anyRules(t), anyImages(t), anySwitches(t)
		shuffled := rapid.Permutation(images).Draw(t, "images")
		p, q := parsed(t, rules), parsed(t, rapid.Permutation(rules).Draw(t, "rules"))
		a, b := lifecycle.Evaluate(p, images, today, on), lifecycle.Evaluate(q, shuffled, today, on)
		was := fates(a)
		for d, f := range fates(b) {
			if was[d] != f {
				t.Fatalf("%s: %v in one order, %v in another", d.Short(), was[d], f)
			}
		}
		if !p.Equal(q) {
			t.Fatalf("%s\n%s", p.Text(), q.Text())
		}
		if x, y := a.Summarize(nil), b.Summarize(nil); x != y || x.Keep+x.Expire+x.Transition != len(images) {
			t.Fatalf("%+v and %+v of %d images", x, y, len(images))
		}
	})
}

// TestALowerRuleChangesNothingAbove adds a rule: what the others marked or
// spared stays so. Only referrers, which go with their subjects though no rule
// marks them, may go with one that the new rule takes, or by the new rule.
func TestALowerRuleChangesNothingAbove(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rules, images := anyRules(t), anyImages(t)
		rules = slices.DeleteFunc(rules, func(r object) bool { return r["selection"].(object)["tagStatus"] == "any" })
		lower := anyRule(t, "any", nil, rapid.Bool().Draw(t, "archive"))
		lower["rulePriority"] = 1000
		if len(rules) == 0 {
			t.Skip("nothing is above")
		}
		before := lifecycle.Evaluate(parsed(t, rules), images, today, nil)
		after := lifecycle.Evaluate(parsed(t, append(slices.Clone(rules), lower)), images, today, nil)
		for i, was := range before.Verdicts {
			now := after.Verdicts[i]
			follows := images[i].Subject != "" && was.Outcome == lifecycle.Keep && now.Priority == 1000
			followed := strings.Contains(before.Reason(i), "with its subject")
			if was.Priority > 0 && was != now && !follows && !followed {
				t.Fatalf("%s: %s, then %s", images[i].Digest.Short(), before.Reason(i), after.Reason(i))
			}
		}
	})
}

func TestTextReparsesToAnEqualPolicy(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rules := anyRules(t)
		for _, r := range rules {
			if rapid.Bool().Draw(t, "described") {
				r["description"] = rapid.String().Draw(t, "description")
			}
		}
		p := parsed(t, rules)
		q, violations := lifecycle.Parse(p.Text())
		if len(violations) > 0 || !p.Equal(q) || p.Text() != q.Text() {
			t.Fatalf("%+v\n%s\n%s", violations, p.Text(), q.Text())
		}
	})
}

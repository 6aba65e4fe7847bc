package lifecycle_test

import (
	"flag"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"regatta/model/lifecycle"
)

var update = flag.Bool("update", false, "write golden files anew")

// ruleText is a rule with the selection and action given.
func ruleText(priority any, selection, action string) string {
	return fmt.Sprintf(`    {"rulePriority": %v, "selection": {%s}, "action": {%s}}`, priority, selection, action)
}

func policyText(rules ...string) string {
	return "{\n  \"rules\": [\n" + strings.Join(rules, ",\n") + "\n  ]\n}\n"
}

const (
	expire   = `"type": "expire"`
	toAttic  = `"type": "transition", "targetStorageClass": "archive"`
	anyCount = `"tagStatus": "any", "countType": "imageCountMoreThan", "countNumber": 3`
	oldOnes  = `"tagStatus": "untagged", "countType": "sinceImagePushed", "countUnit": "days", "countNumber": 3`
	inAttic  = `"storageClass": "archive", "countType": "sinceImageTransitioned", "countUnit": "days"`
)

func tagged(list string) string {
	return `"tagStatus": "tagged", ` + list + `, "countType": "imageCountMoreThan", "countNumber": 3`
}

// badPolicies are policies with mistakes, by what is wrong.
func badPolicies() [][2]string {
	one := func(selection, action string) string { return policyText(ruleText(1, selection, action)) }
	good := one(anyCount, expire)
	replace := func(old, by string) string { return strings.Replace(good, old, by, 1) }
	many := make([]string, 51)
	for i := range many {
		many[i] = ruleText(i+1, tagged(fmt.Sprintf(`"tagPrefixList": ["p%d"]`, i)), expire)
	}
	return [][2]string{
		{"empty", ""},
		{"white space", " \n\t"},
		{"too short", `{"rules": []}`},
		{"too long", good + strings.Repeat(" ", lifecycle.MaxText)},
		{"not JSON", "rules:\n- rulePriority: 1\n" + strings.Repeat("# more\n", 20)},
		{"a list", "[" + good + "]"},
		{"byte order mark", "\ufeff" + good},
		{"comments", replace("\"rules\"", "// the rules\n  /* of\n us */ \"rules\"")},
		{"a comment without end", good + "/* here"},
		{"trailing comma", replace(`}}`, `},}`)},
		{"single quotes", strings.ReplaceAll(good, `"`, `'`)},
		{"no comma", replace(`, "action"`, ` "action"`)},
		{"no colon", replace(`"rulePriority":`, `"rulePriority"`)},
		{"no value", replace(`"rulePriority": 1`, `"rulePriority": `)},
		{"cut off", good[:len(good)-10]},
		{"a line break in a string", replace(`"any"`, "\"an\ny\"")},
		{"a string without end", replace(`"expire"`, `"expire`)},
		{"not UTF-8", replace(`"any"`, "\"an\xff\"")},
		{"bad escape", replace(`"any"`, `"an\q"`)},
		{"bad number", replace(`"rulePriority": 1`, `"rulePriority": 01`)},
		{"trailing garbage", good + "{}"},
		{"deep", replace(`"any"`, strings.Repeat("[", 1000))},
		{"duplicate keys", replace(`"rulePriority": 1`, `"rulePriority": 1, "rulePriority": 2`)},
		{"unknown keys", replace(`"rulePriority": 1`, "\"rulePriority\": 1, \"tags\": {}, \"\\u001b[31m\": 1")},
		{"unknown keys inside", one(anyCount+`, "tagList": []`, expire+`, "dryRun": true`)},
		{"missing", policyText(`{"description": "nothing else in here, but long enough"}`, `{"selection": {}, "action": {}, "rulePriority": 2}`)},
		{"no rules", `{"Rules": ["` + strings.Repeat("x", 100) + `"]}`},
		{"null", strings.NewReplacer(`"any"`, "null", `"expire"`, "null").Replace(good)},
		{"null rules", `{"rules": null` + strings.Repeat(" ", 100) + "}"},
		{"empty rules", `{"rules": []` + strings.Repeat(" ", 100) + "}"},
		{"51 rules", policyText(many...)},
		{"wrong types", policyText(`    {"rulePriority": "1", "description": 7, "selection": [], "action": true}`, `    "a rule"`)},
		{"wrong types inside", one(`"tagStatus": 1, "tagPrefixList": "a", "tagPatternList": [1, null], "countType": {}, "countNumber": "3"`, expire)},
		{"enums", one(`"tagStatus": "ANY", "storageClass": "glacier", "countType": "sinceImageDreamt", "countUnit": "weeks", "countNumber": 3`, `"type": "retain", "targetStorageClass": "standard"`)},
		{"zero and less", policyText(ruleText(0, strings.Replace(anyCount, "3", "-3", 1), expire))},
		{"huge numbers", policyText(ruleText(2147483648, strings.Replace(anyCount, "3", "99999999999999999999999999", 1), expire))},
		{"hugely negative", policyText(ruleText("-99999999999999999999999999", anyCount, expire))},
		{"points and exponents", policyText(ruleText("1.0", strings.Replace(anyCount, "3", "1e2", 1), expire))},
		{"tagged without list", one(`"tagStatus": "tagged", "countType": "imageCountMoreThan", "countNumber": 3`, expire)},
		{"empty list", one(tagged(`"tagPrefixList": []`), expire)},
		{"both lists", one(tagged(`"tagPrefixList": ["a"], "tagPatternList": ["b"]`), expire)},
		{"lists without tags", policyText(
			ruleText(1, oldOnes+`, "tagPrefixList": ["a"]`, expire), ruleText(2, anyCount+`, "tagPatternList": ["a"]`, expire))},
		{"wildcards", one(tagged(`"tagPatternList": ["a*b*c*d*", "*a*b*c*d*", "******"]`), expire)},
		{"units", policyText(ruleText(1, strings.Replace(oldOnes, `"countUnit": "days", `, "", 1), expire), ruleText(2, anyCount+`, "countUnit": "days"`, expire))},
		{"duplicate priority", policyText(ruleText(7, oldOnes, expire), ruleText(7, tagged(`"tagPrefixList": ["a"]`), expire), ruleText(7, tagged(`"tagPrefixList": ["b"]`), expire))},
		{"two untagged", policyText(ruleText(1, oldOnes, expire), ruleText(2, oldOnes, expire))},
		{"two any", policyText(ruleText(1, anyCount, expire), ruleText(2, anyCount, expire))},
		{"any not last", policyText(ruleText(5, anyCount, expire), ruleText(9, oldOnes, expire))},
		{"the same lists", policyText(
			ruleText(1, tagged(`"tagPrefixList": ["a", "b"]`), expire), ruleText(2, tagged(`"tagPrefixList": ["b", "a", "b"]`), expire),
			ruleText(3, tagged(`"tagPatternList": ["a", "b"]`), expire), ruleText(4, tagged(`"tagPatternList": ["a", "b"]`), expire))},
		{"classes", policyText(
			ruleText(1, strings.Replace(anyCount, `"any"`, `"any", "storageClass": "archive"`, 1), expire),
			ruleText(2, `"tagStatus": "any", "countType": "sinceImageTransitioned", "countUnit": "days", "countNumber": 90`, expire),
			ruleText(3, `"tagStatus": "untagged", "storageClass": "standard", "countType": "sinceImageTransitioned", "countUnit": "days", "countNumber": 90`, expire))},
		{"actions", policyText(
			ruleText(1, strings.Replace(oldOnes, "Pushed", "Pulled", 1), expire),
			ruleText(2, `"tagStatus": "any", `+inAttic+`, "countNumber": 90`, toAttic),
			ruleText(3, anyCount, `"type": "transition"`))},
		{"89 days", one(`"tagStatus": "any", `+inAttic+`, "countNumber": 89`, expire)},
	}
}

// TestViolations keeps every text and place in testdata/violations.txt.
func TestViolations(t *testing.T) {
	t.Parallel()
	var b strings.Builder
	for _, c := range badPolicies() {
		fmt.Fprintf(&b, "== %s\n", c[0])
		_, violations := lifecycle.Parse(c[1])
		if len(violations) == 0 {
			t.Errorf("%s: no violation", c[0])
		}
		for _, v := range violations {
			from := ""
			if v.FromAWS {
				from = "AWS: "
			}
			fmt.Fprintf(&b, "%d:%d: %s%s\n\t%s\n", v.Line, v.Column, from, v.String(), v.Text)
		}
	}
	const path = "testdata/violations.txt"
	if *update {
		if err := os.WriteFile(path, []byte(b.String()), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if diff := cmp.Diff(string(want), b.String()); diff != "" {
		t.Errorf("%s is stale (-update writes it anew):\n%s", path, diff)
	}
}

func TestPlacesCountCharacters(t *testing.T) {
	t.Parallel()
	source := "{\"rules\": [\r\n\t{\"rulePriority\": 1, \"description\": \"größer → 日本\", \"x\": 1, " +
		`"selection": {` + anyCount + `}, "action": {` + expire + `}}]}`
	_, violations := lifecycle.Parse(source)
	if len(violations) != 1 {
		t.Fatalf("%+v", violations)
	}
	v := violations[0]
	if v.Line != 2 || v.Column != 52 || v.Text != `"x"` || source[v.Span.From:v.Span.To] != v.Text {
		t.Errorf("%d:%d %q", v.Line, v.Column, v.Text)
	}
}

func TestEqualGoesByMeaning(t *testing.T) {
	t.Parallel()
	a := ruleText(1, tagged(`"tagPrefixList": ["a", "b"]`), expire)
	b := ruleText(2, anyCount, expire)
	p := policyOf(t, policyText(a, b))
	same := policyOf(t, strings.Join(strings.Fields(policyText(b,
		ruleText(1, tagged(`"tagPrefixList": ["b", "\u0061", "b"], "storageClass": "standard"`), expire))), ""))
	if !p.Equal(same) || !p.SameEffect(same) {
		t.Errorf("%s is not %s", p.Text(), same.Text())
	}
	described := policyOf(t, strings.Replace(policyText(a, b), `"selection"`, `"description": "ours", "selection"`, 1))
	if p.Equal(described) || !p.SameEffect(described) {
		t.Error("a description is no effect, and it is a difference")
	}
	patterns := func(list string) lifecycle.Policy {
		return policyOf(t, policyText(ruleText(1, tagged(`"tagPatternList": [`+list+`]`), expire)))
	}
	if x, y := patterns(`"a*", "b"`), patterns(`"a*", "c"`); x.Equal(y) || x.SameEffect(y) || !x.Equal(patterns(`"b", "a*"`)) {
		t.Error("patterns are compared as sets")
	}
	for name, other := range map[string]string{
		"list":     policyText(ruleText(1, tagged(`"tagPrefixList": ["a"]`), expire), b),
		"pattern":  policyText(ruleText(1, tagged(`"tagPatternList": ["a", "b"]`), expire), b),
		"number":   policyText(a, strings.Replace(b, "3", "4", 1)),
		"fewer":    policyText(a),
		"priority": policyText(a, strings.Replace(b, "2", "5", 1)),
		"action":   policyText(a, ruleText(2, anyCount, toAttic)),
	} {
		if p.Equal(policyOf(t, other)) || p.SameEffect(policyOf(t, other)) {
			t.Errorf("another %s is no difference", name)
		}
	}
}

// TestTextStaysInsideTheLimit takes a policy that is only short enough on one
// line.
func TestTextStaysInsideTheLimit(t *testing.T) {
	t.Parallel()
	rules := make([]string, 50)
	for i := range rules {
		list := fmt.Sprintf(`"p%d"`, i) + strings.Repeat(`,""`, 120) + `,"` + "\u2028<&>" + `\u0001\r"`
		rules[i] = strings.ReplaceAll(strings.TrimSpace(ruleText(i+1, tagged(`"tagPrefixList": [`+list+`]`), expire)), " ", "")
	}
	p := policyOf(t, `{"rules":[`+strings.Join(rules, ",")+`]}`)
	checkReparse(t, p)
	if strings.Contains(p.Text(), "\n") {
		t.Error("the text has lines")
	}
}

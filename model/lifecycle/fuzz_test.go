package lifecycle_test

import (
	"os"
	"strings"
	"testing"
	"unicode/utf8"

	"regatta/model/lifecycle"
	"regatta/model/text"
)

// FuzzParse reads any text: places are inside it, and what is valid stays so
// when it is written anew.
func FuzzParse(f *testing.F) {
	for _, c := range badPolicies() {
		f.Add(c[1])
	}
	for _, e := range examples(f) {
		f.Add(string(e.Policy))
	}
	f.Fuzz(func(t *testing.T, source string) {
		p, violations := lifecycle.Parse(source)
		last := lifecycle.Span{}
		for _, v := range violations {
			if v.Span.From < last.From || v.Span.To < v.Span.From || v.Span.To > len(source) {
				t.Errorf("%v after %v, in %d bytes", v.Span, last, len(source))
			}
			last = v.Span
			lines := strings.Split(source, "\n")
			if v.Line < 1 || v.Line > len(lines) || v.Column < 1 || v.Column > utf8.RuneCountInString(lines[v.Line-1])+1 {
				t.Errorf("%d:%d in %d lines", v.Line, v.Column, len(lines))
			}
			if v.Message == "" || text.Clean(v.String()) != v.String() || text.Clean(v.Text) != v.Text {
				t.Errorf("%q at %q", v.String(), v.Text)
			}
		}
		if len(violations) > 0 {
			if len(p.Rules()) > 0 {
				t.Error("rules in spite of violations")
			}
			return
		}
		again, violations := lifecycle.Parse(p.Text())
		if len(violations) > 0 || !p.Equal(again) {
			t.Errorf("%+v in\n%s", violations, p.Text())
		}
	})
}

// FuzzParseImages reads any file: what it says is safe for a terminal, and can
// be evaluated.
func FuzzParseImages(f *testing.F) {
	raw, err := os.ReadFile("testdata/describe-images.json")
	if err != nil {
		f.Fatal(err)
	}
	f.Add(raw)
	for _, c := range badImages {
		f.Add([]byte(c.raw))
	}
	p := policyOf(f, policyText(ruleText(1, tagged(`"tagPrefixList": [""]`), expire), ruleText(2, oldOnes, toAttic)))
	f.Fuzz(func(t *testing.T, raw []byte) {
		_, images, err := lifecycle.ParseImages(raw)
		if err != nil {
			if text.Clean(err.Error()) != err.Error() || len(images) > 0 {
				t.Errorf("%d images, %q", len(images), err)
			}
			return
		}
		e := lifecycle.Evaluate(p, images, today, nil)
		for i := range images {
			if r := e.Reason(i); text.Clean(r) != r {
				t.Errorf("%q", r)
			}
		}
	})
}

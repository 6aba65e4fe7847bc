package redact

import (
	"regexp"
	"strings"
)

var (
	// element is the beginning of an element of XML with the text in it.
	element = regexp.MustCompile(`<(?:[\w.-]+:)?([\w.-]+)(\s(?:[^<>"']|"[^"]*"|'[^']*')*)?>` +
		`((?:<!\[CDATA\[(?s:.*?)(?:\]\]>|\z)|[^<])+)`)
	named = regexp.MustCompile(`(?i)\b(?:name|key|id)\s*=\s*\\*(?:"([^"\\]*)|'([^'\\]*))`)
)

// elements hides the text of elements of XML that have the name of a secret, or say
// it in an attribute: <SecretAccessKey>…</SecretAccessKey>, <entry key="password">….
func elements(s string) string {
	if !strings.Contains(s, "<") || !strings.Contains(s, ">") {
		return s
	}
	var b strings.Builder
	done := 0
	for _, m := range element.FindAllStringSubmatchIndex(s, -1) {
		from, to := m[6], m[7]
		if !secretElement(s, m) || harmlessValue(strings.TrimSpace(s[from:to])) || placeholder(s, from, to) {
			continue
		}
		b.WriteString(s[done:from])
		b.WriteString(Hidden)
		done = to
	}
	if done == 0 {
		return s
	}
	return b.String() + s[done:]
}

func secretElement(s string, m []int) bool {
	if m[4] >= 0 {
		attributes := s[m[4]:m[5]]
		if strings.HasSuffix(attributes, "/") {
			return false // it is empty
		}
		for _, n := range named.FindAllStringSubmatch(attributes, -1) {
			if nameOfSecret(n[1] + n[2]) {
				return true
			}
		}
	}
	return nameOfSecret(s[m[2]:m[3]])
}

// placeholder tells a word between angle brackets in a sentence, "the <token> is
// missing", from an element, which is closed or cut off within its text.
func placeholder(s string, from, to int) bool {
	return s[from] == ' ' && !strings.HasPrefix(s[to:], "</")
}

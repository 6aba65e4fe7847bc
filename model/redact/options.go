package redact

import (
	"regexp"
	"strings"
)

// What stands before and around the options of a command line, which may also be a list of
// the arguments of a program, with quotes and commas between: ["curl", "-u", "bob:PASS"].
const (
	optionBegin = "(?:^|[\\s\"'`\\[(,\\\\])"
	optionGap   = `(?:[\s=,"'\\]*[\s=,]|)` // nothing: -ubob:PASS
	optionQuote = `(\\*["'])?`             // which the value stands in
)

// userOption gives a user with the password: curl -u bob:PASS, skopeo --src-creds=bob:PASS.
// passOption gives a password alone, which is what -p means to docker login only.
var (
	userOption = regexp.MustCompile(optionBegin + `(?:-[uU]|--user|--proxy-user|--username|--[a-z-]*creds)` +
		optionGap + optionQuote + `[^\s:"'\\,=-][^\s:"'\\]{0,200}:`)
	passOption = regexp.MustCompile(optionBegin + `-p` + optionGap + optionQuote)
	login      = regexp.MustCompile(`(?i)\blogin\b|` + optionBegin + `(?:-u|--username)`)
)

// options hides the passwords in the options of a command line.
func options(s string) string {
	if !strings.Contains(s, "-u") && !strings.Contains(s, "-U") && !strings.Contains(s, "creds") &&
		!strings.Contains(s, "-proxy") && !strings.Contains(s, "-p") {
		return s
	}
	s = hideOptions(s, userOption, func(string) bool { return true })
	return hideOptions(s, passOption, login.MatchString)
}

// hideOptions hides what follows each match, where the line before it is of the right kind.
func hideOptions(s string, option *regexp.Regexp, right func(before string) bool) string {
	var b strings.Builder
	done := 0
	for _, m := range option.FindAllStringSubmatchIndex(s, -1) {
		start, from := m[0], m[1]
		before := s[strings.LastIndexAny(s[:start], "\r\n")+1 : start]
		if from < done || !right(before) {
			continue
		}
		to := word(s, from)
		if m[2] >= 0 {
			to = min(closeQuote(s, s[m[2]:m[3]], from), len(s))
		}
		value := strings.TrimRight(s[from:to], `"'],)`+"\\")
		if harmlessValue(value) || strings.Trim(value, "0123456789:") == "" || strings.ContainsAny(value[:1], "-<") {
			continue // the numbers of a user and of ports; another option; <password> in a usage
		}
		b.WriteString(s[done:from])
		b.WriteString(Hidden)
		done = from + len(value)
	}
	return b.String() + s[done:]
}

package redact

import (
	"regexp"
	"slices"
	"strings"
)

var (
	// The shapes of secrets that are written down: key IDs of AWS, with the keys
	// that stand beside them in a table, JSON web tokens, tokens of GitHub, GitLab, Docker Hub, npm and Slack.
	known = regexp.MustCompile(`\b(?:AKIA|ASIA|ABIA|ACCA)[A-Z0-9]{12,}\b(?:["'\s,:;|\\]+[A-Za-z0-9/+=]{30,})*` +
		`|eyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]+(?:\.[A-Za-z0-9_-]*)*` +
		`|gh[opsur]_[A-Za-z0-9_]{16,}|github_pat_[A-Za-z0-9_]{16,}` +
		`|\bgl[a-z]{2,5}-[A-Za-z0-9_.=-]{16,}|dckr_[a-z]{3,4}_[A-Za-z0-9_-]{16,}` +
		`|npm_[A-Za-z0-9]{30,}|\bAIza[A-Za-z0-9_-]{30,}|\bxox[a-z]-[A-Za-z0-9-]{10,}`)
	privateKey = regexp.MustCompile(`(?s)-----BEGIN [A-Z ]*PRIVATE KEY-----.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)`)
	base64ish  = regexp.MustCompile(`[A-Za-z0-9/+_-]{40,}={0,2}`)
)

// shapes hides what is a secret wherever it stands.
func shapes(s string) string {
	if strings.Contains(s, "PRIVATE KEY") {
		s = privateKey.ReplaceAllString(s, Hidden)
	}
	if slices.ContainsFunc(beginnings(), func(b string) bool { return strings.Contains(s, b) }) {
		s = known.ReplaceAllString(s, Hidden)
	}
	if !capitals(s, leastOfCase) {
		return s // as digests are, which have the letters of one case only
	}
	return base64ish.ReplaceAllStringFunc(s, func(m string) string {
		if random(m) {
			return Hidden
		}
		return m
	})
}

// capitals reports whether s has at least n capital letters.
func capitals(s string, n int) bool {
	for i := 0; i < len(s) && n > 0; i++ {
		if s[i] >= 'A' && s[i] <= 'Z' {
			n--
		}
	}
	return n <= 0
}

// beginnings are what the known shapes begin with: they are sought first, as that
// is far cheaper.
func beginnings() []string {
	return []string{"KIA", "SIA", "BIA", "CCA", "eyJ", "gh", "gl", "dckr_", "npm_", "AIza", "xox"}
}

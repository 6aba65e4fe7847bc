package redact

import (
	"regexp"
	"strings"
)

// secretWord is in every name of a secret: most text has none.
var secretWord = regexp.MustCompile(`(?i)token|secret|pass|pw|pin|otp|sig|auth|bearer|basic|key|cred|cookie|string|x-`)

// hasSecretWord is what secretWord matches, at a fraction of its cost for text in ASCII:
// every line of the request log asks for it. Other alphabets have letters that stand for
// k and s too.
func hasSecretWord(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return secretWord.MatchString(s)
		}
	}
	for i := range len(s) {
		if begins := secretBeginnings(s[i] | 0x20); begins != "" && beginsWord(s[i:], begins) {
			return true
		}
	}
	return false
}

// secretBeginnings are the words of secretWord that begin with a letter, with a space
// between them.
func secretBeginnings(first byte) string {
	switch first {
	case 'a':
		return "auth"
	case 'b':
		return "bearer basic"
	case 'c':
		return "cred cookie"
	case 'k':
		return "key"
	case 'o':
		return "otp"
	case 'p':
		return "pass pw pin"
	case 's':
		return "secret sig string"
	case 't':
		return "token"
	case 'x':
		return "x-"
	}
	return ""
}

func beginsWord(s, words string) bool {
	for w := range strings.SplitSeq(words, " ") {
		if len(s) >= len(w) && strings.EqualFold(s[:len(w)], w) {
			return true
		}
	}
	return false
}

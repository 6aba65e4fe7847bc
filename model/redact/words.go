package redact

import (
	"regexp"
	"strings"
)

// behindWord is a secret whose first word looks like that of a sentence: a password of
// several words on a line of its own, and a key: "token: token 9aB…".
func behindWord(s, name string, start int, sep separator) (from, to int, hide bool) {
	from = sep.end
	line := strings.TrimRight(s[from:endOfLine(s, from)], " \t")
	first, _, ok := strings.Cut(line, " ")
	if sep.kind != ':' || !ok || !saying(first) {
		return 0, 0, false
	}
	if certain(name) && startsLine(s, start) {
		return from, from + len(line), !prose(line)
	}
	from += blanks(line, len(first))
	to = word(s[:sep.end+len(line)], from)
	second := s[from:to]
	key := opaque(second) && (schemeName(first) || mixed(second)) && second[0] != '/'
	return from, to, key && !harmlessValue(second)
}

var block = regexp.MustCompile(`^[|>][0-9+-]{0,2}(?:[ \t]*(?:\r?\n|\\+[rn])|[ \t]+)`)

// endOfBlock is the end of the block of YAML that begins at from, from if there is none. Where
// the ends of its lines are escaped or became blanks, it is all that follows.
func endOfBlock(s string, from int) int {
	if from == len(s) || s[from] != '|' && s[from] != '>' || !block.MatchString(s[from:]) {
		return from
	}
	end := endOfLine(s, from)
	for at := fold(s, end); at > end; at = fold(s, end) {
		end = endOfLine(s, at)
	}
	return end
}

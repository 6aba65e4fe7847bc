package redact

import (
	"regexp"
	"strings"
)

// pairs hides the values that stand next to the names of secrets.
func pairs(s string) string {
	var b strings.Builder
	done := 0
	for i := 0; i < len(s); {
		start, end := nextName(s, i)
		if start == len(s) {
			break
		}
		i = end
		name, start, ok := fullName(s, start, end, done)
		if !ok {
			continue
		}
		from, to, hide := valueOf(s, name, start, end)
		if !hide || from >= to {
			continue
		}
		b.WriteString(s[done:from])
		b.WriteString(Hidden)
		done = reach(s, from, to)
		i = done
	}
	if done == 0 {
		return s
	}
	return b.String() + s[done:]
}

func wordByte(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '-'
}

func nameByte(c byte) bool { return wordByte(c) || c == '.' }

// nextName finds the next word at or after i.
func nextName(s string, i int) (start, end int) {
	for i < len(s) && !wordByte(s[i]) {
		i++
	}
	start = i
	for i < len(s) && nameByte(s[i]) {
		i++
	}
	return start, i
}

// fullName is the word at start to end if it names a secret, alone or with up to
// three words before it: "secret access key", and where that begins.
func fullName(s string, start, end, done int) (string, int, bool) {
	name := strings.TrimRight(s[start:end], ".")
	if nameOfSecret(name) {
		return name, start, true
	}
	if low := strings.ToLower(name); low != "key" && low != "id" && low != "string" {
		return "", 0, false
	}
	first := -1
	for range 3 {
		if start = wordBefore(s, start, done); start < 0 {
			break
		}
		if nameOfSecret(s[start:end]) {
			first = start
		}
	}
	if first < 0 {
		return "", 0, false
	}
	return s[first:end], first, true
}

// wordBefore is where the word begins that a blank separates from i, -1 if there
// is none after done.
func wordBefore(s string, i, done int) int {
	if i--; i < done || s[i] != ' ' && s[i] != '\t' {
		return -1
	}
	for i > done && nameByte(s[i-1]) {
		i--
	}
	return i
}

// valueOf is where the value next to a name stands, and whether it is to be
// hidden.
func valueOf(s, name string, start, end int) (from, to int, hide bool) {
	sep := separatorOf(s, name, end)
	if sep.end == len(s) || sep.kind == 0 {
		return 0, 0, false
	}
	if elsewhere(s, start, sep) {
		return 0, 0, false
	}
	from = sep.end
	if q, inner := quoteAt(s, from); q != "" {
		if sep.kind == ' ' && !option(name) {
			return 0, 0, false // secret "regcred" not found
		}
		to = closeQuote(s, q, inner)
		value := strings.TrimRight(s[inner:min(to, len(s))], `\`)
		return inner, to, !harmlessValue(value)
	}
	return bareValue(s, name, start, sep)
}

// bareValue is valueOf where no quotes stand around the value.
func bareValue(s, name string, start int, sep separator) (from, to int, hide bool) {
	from = sep.end
	if wholeHeader(name, sep) {
		return valueOfHeader(s, start, from)
	}
	if to = endOfBlock(s, from); sep.kind == ':' && to > from {
		return from, to, true
	}
	to = bareEnd(s, name, from, sep.kind != ' ' && startsLine(s, start))
	last := blanks(s, to) == len(s) || strings.IndexByte("\r\n", s[blanks(s, to)]) >= 0
	if worthHiding(s[from:to], name, sep, last) {
		return from, to, true
	}
	return behindWord(s, name, start, sep)
}

// reach is the end of what is hidden up to to: where a value takes in the name of
// another secret, {"Username":"u","Secret": "…"} after "credentials:", it ends with that
// one's value.
func reach(s string, from, to int) int {
	for i := from; i < to; {
		start, end := nextName(s, i)
		if i = end; start >= to || !nameOfSecret(strings.TrimRight(s[start:end], ".")) {
			continue
		}
		sep := separatorAt(s, end)
		if sep.kind != '=' && sep.kind != ':' || sep.end < to {
			continue
		}
		if _, inner, hide := valueOf(s, s[start:end], start, end); hide {
			to = max(to, inner)
		}
	}
	return to
}

// elsewhere tells what looks like the name of a secret and is a part of a
// reference, shop/token:v1, or of the query of an address, which has been seen to.
func elsewhere(s string, start int, sep separator) bool {
	if start == 0 || sep.quoted {
		return false
	}
	switch s[start-1] {
	case '/', '@':
		return sep.kind != '='
	case '?', '&', '#':
		return sep.kind == '=' && sep.tight
	}
	return false
}

// worthHiding decides for a value without quotes; last is that nothing else stands on
// its line.
func worthHiding(value, name string, sep separator, last bool) bool {
	word, _, more := strings.Cut(value, " ")
	switch {
	case harmlessValue(word):
		return false
	case sep.kind == ' ':
		return worthHidingBare(word, name)
	case sep.kind == '=' || sep.quoted:
		return true
	case saying(word), status.MatchString(word), nextPair.MatchString(word+" ") && (more || !last):
		return false
	case sep.tight && !certain(name):
		return opaque(word) // auth:v1 is an image
	}
	return true
}

// worthHidingBare decides for a word that nothing but blanks stand before.
func worthHidingBare(word, name string) bool {
	if option(name) {
		return !saying(word) && word[0] != '-'
	}
	return opaque(word) && (certain(name) || mixed(word))
}

// harmlessValue tells values that are no secret under any name: nothing, what is
// hidden already, digests, and addresses, which lost theirs.
func harmlessValue(v string) bool {
	switch strings.Trim(v, `,;.}])`) {
	case "", Hidden, "null", "true", "false", "nil", "<nil>":
		return true
	}
	return digest.MatchString(v) || address.MatchString(v)
}

var (
	digest   = regexp.MustCompile(`^sha(256|384|512)[:-][0-9a-f]+\b`)
	address  = regexp.MustCompile(`^https?://`)
	status   = regexp.MustCompile(`^[1-5][0-9]{2}\b`)
	nextPair = regexp.MustCompile(`^[A-Za-z][A-Za-z_.-]*: `)
)

// opaque tells what is no word: it has digits, signs or capitals in the middle.
func opaque(s string) bool {
	const shortest = 8
	s = strings.Trim(s, `.,;:!?()"'`)
	return len(s) >= shortest && (strings.ContainsAny(s, "0123456789+/=_") || strings.ToLower(s[1:]) != s[1:]) &&
		!strings.Contains(s, "://")
}

// mixed tells what is opaque beyond doubt.
func mixed(s string) bool {
	const shortest = 16
	return len(s) >= shortest && strings.ContainsAny(s, "0123456789") && strings.ToLower(s) != s && strings.ToUpper(s) != s
}

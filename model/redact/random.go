package redact

import "strings"

// awsSecret is the length of AWS's secret keys, the shortest that is told by its
// letters alone.
const awsSecret = 40

// What a run of that many random letters has nearly always, and words, paths and
// digests (which have no capitals) hardly ever.
const (
	mostReadable = 21 // pairs of letters that words are made of
	mostSigns    = 10 // of / + - _
	leastOfCase  = 4  // capitals, and small letters
)

// followers are the letters that often follow a to z in words, twenty places for each:
// 260 pairs, 94 of a hundred in the names and remarks of source code.
const followers = "bcdfgiklmnprstuvxy  aeilorsuy           aceghiklmorstu      adeilorsu           " +
	"abcdefglmnopqrstvwxyadefilorstu         cehinors            aeiort              " +
	"abcdefglmnoprstvxz                      aei                 adeilostuy          " +
	"abeimopsu           acdefgiklnostuv     abcdfgiklmnoprstuvw aeiloprstuy         " +
	"u                   acdefgiklmnorstuvy  acdeghiklopstuy     acefhiloprstuy      " +
	"abcefilmnprst       aei                 aehior              aept                " +
	"lprst               e                   "

// counts are what is counted of a run of letters.
type counts struct{ readable, signs, capitals, small int }

// random tells the base64 of random bytes, such as AWS's secret keys and session
// tokens, by any part of s as long as such a key.
func random(s string) bool {
	var c counts
	for i := range len(s) {
		c.letter(s[i], 1)
		c.pair(s, i, 1)
		if old := i - awsSecret; old >= 0 {
			c.letter(s[old], -1)
			c.pair(s, old+1, -1)
		}
		if i+1 >= awsSecret && c.random() {
			return true
		}
	}
	return false
}

func (c *counts) random() bool {
	return c.readable <= mostReadable && c.signs <= mostSigns && c.capitals >= leastOfCase && c.small >= leastOfCase
}

func (c *counts) letter(b byte, n int) {
	switch classOf(b) {
	case 'A':
		c.capitals += n
	case 'a':
		c.small += n
	case '/':
		c.signs += n
	}
}

// pair counts the letters at i-1 and i if words have them next to each other.
func (c *counts) pair(s string, i, n int) {
	if i > 0 && readable(s[i-1], s[i]) {
		c.readable += n
	}
}

func readable(a, b byte) bool {
	first, second := classOf(a), classOf(b)
	switch {
	case first == '0' && second == '0', b == a+1: // a number, an alphabet
		return true
	case first == second && first != '/' || first == 'A' && second == 'a':
		return strings.IndexByte(followersOf(a|0x20), b|0x20) >= 0
	}
	return false
}

func followersOf(small byte) string {
	const width = len(followers) / 26
	return followers[int(small-'a')*width:][:width]
}

func classOf(c byte) byte {
	switch {
	case c >= 'A' && c <= 'Z':
		return 'A'
	case c >= 'a' && c <= 'z':
		return 'a'
	case c >= '0' && c <= '9':
		return '0'
	}
	return '/'
}

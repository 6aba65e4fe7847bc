package redact

import (
	"math/rand/v2"
	"strings"
	"testing"
)

// The quick look and the expression tell the same, also of letters that only fold to
// those of a word, and of what differs from a word by one letter.
func TestSecretWordsAreFoundQuickly(t *testing.T) {
	t.Parallel()
	words := strings.Split("token secret pass pw pin otp sig auth bearer basic key cred cookie string x-", " ")
	r := rand.New(rand.NewPCG(3, 4))
	const letters = "abcdeghiknoprstuwxyz-X_/:.ſK9 "
	noise := func() string {
		var b strings.Builder
		for range r.IntN(6) {
			b.WriteRune([]rune(letters)[r.IntN(30)])
		}
		return b.String()
	}
	for range 50_000 {
		w := words[r.IntN(len(words))]
		switch r.IntN(4) {
		case 0:
			w = strings.ToUpper(w)
		case 1:
			i := r.IntN(len(w))
			w = w[:i] + string(letters[r.IntN(20)]) + w[i+1:]
		case 2:
			w = strings.NewReplacer("s", "ſ", "k", "K").Replace(w)
		}
		if s := noise() + w + noise(); hasSecretWord(s) != secretWord.MatchString(s) {
			t.Fatalf("%q: %t, but the expression says %t", s, hasSecretWord(s), secretWord.MatchString(s))
		}
	}
}

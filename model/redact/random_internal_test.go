package redact

import (
	"go/scanner"
	"go/token"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestRandomKeysAreTold takes keys of AWS, alone and in what they stand in without a
// name.
func TestRandomKeysAreTold(t *testing.T) {
	t.Parallel()
	const keys, within, most = 200_000, 2_000, 10
	r, missed := rand.New(rand.NewPCG(1, 2)), 0
	for range keys {
		if !random(newKey(r)) {
			missed++
		}
	}
	if t.Logf("%d of %d are not told", missed, keys); missed > most {
		t.Errorf("%d of %d are not told", missed, keys)
	}
	for _, around := range []string{"%s.", "/v2/shop/api/%s", "key-%s_v1/latest", "thekeyis/%s/eu-central-1"} {
		before, after, _ := strings.Cut(around, "%s")
		for range within {
			if key := newKey(r); random(key) && strings.Contains(shapes(before+key+after), key) {
				t.Errorf("%s: %s is told only alone", around, key)
			}
		}
	}
}

func newKey(r *rand.Rand) string {
	const letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789/+"
	key := make([]byte, awsSecret)
	for i := range key {
		key[i] = letters[r.IntN(len(letters))]
	}
	return string(key)
}

// TestWordsAreNotRandom takes the names, texts and paths of the program's own source.
func TestWordsAreNotRandom(t *testing.T) {
	t.Parallel()
	runs := 0
	check := func(where, text string) {
		for _, run := range base64ish.FindAllString(text, -1) {
			if runs++; random(run) {
				t.Errorf("%s: %q looks random", where, run)
			}
		}
	}
	err := filepath.WalkDir("../..", func(path string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() || strings.HasSuffix(path, "_test.go") || filepath.Ext(path) != ".go" {
			return err
		}
		abs, err := filepath.Abs(path)
		if err != nil {
			return err
		}
		check("path", filepath.ToSlash(abs))
		raw, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		var sc scanner.Scanner
		files := token.NewFileSet()
		sc.Init(files.AddFile(path, -1, len(raw)), raw, nil, scanner.ScanComments)
		for _, kind, text := sc.Scan(); kind != token.EOF; _, kind, text = sc.Scan() {
			check(path, text)
		}
		return nil
	})
	if err != nil || runs < 100 {
		t.Fatal(runs, err)
	}
	t.Log(runs, "runs of letters as long as a key")
}

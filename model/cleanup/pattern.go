package cleanup

import (
	"fmt"
	"strings"

	"regatta/model/query"
	"regatta/model/text"
)

// PatternError says what is wrong with a pattern of tags.
type PatternError struct{ Pattern, Text string }

// Error implements error.
func (e *PatternError) Error() string {
	return fmt.Sprintf("the pattern %q: %s", text.Clean(e.Pattern), e.Text)
}

// CheckPattern tells what no tag can match, such as v[0-9]*: as a pattern to
// keep by, it would keep nothing.
func CheckPattern(pattern string) error {
	if pattern == "" {
		return &PatternError{Text: "it is empty"}
	}
	for _, r := range pattern {
		if !strings.ContainsRune(patternRunes, r) {
			return &PatternError{pattern, fmt.Sprintf("no tag has %q in it; * stands for anything, ? for one character", r)}
		}
	}
	return nil
}

const patternRunes = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-*?"

// Check finds the first pattern that no tag can match.
func (r Rules) Check() error {
	for _, list := range [][]string{r.Match, r.Exclude, r.Protected} {
		for _, p := range list {
			if err := CheckPattern(p); err != nil {
				return err
			}
		}
	}
	return nil
}

// first is the first pattern that a tag matches.
func first(patterns []string, tag string) (pattern string, ok bool) {
	for _, p := range patterns {
		if query.Glob(p, tag) {
			return p, true
		}
	}
	return "", false
}

func folded(patterns []string) []string {
	out := make([]string, len(patterns))
	for i, p := range patterns {
		out[i] = strings.ToLower(p)
	}
	return out
}

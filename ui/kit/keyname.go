package kit

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// IsKey reports whether s names a key as bindings do: one character, a named
// key, or either with ctrl+, alt+ or shift+ before it.
func IsKey(s string) bool {
	for _, mod := range []string{"ctrl+", "alt+", "shift+"} {
		if rest, ok := strings.CutPrefix(s, mod); ok && rest != "" {
			s = rest
		}
	}
	named := []string{
		"enter", "esc", "tab", "space", "up", "down", "left", "right", "home", "end", "pgup", "pgdown",
		"backspace", "delete", "insert",
	}
	if slices.Contains(named, s) {
		return true
	}
	if n, ok := strings.CutPrefix(s, "f"); ok && n != "" {
		return slices.Contains(strings.Fields("1 2 3 4 5 6 7 8 9 10 11 12"), n)
	}
	return utf8.RuneCountInString(s) == 1 && s > " "
}

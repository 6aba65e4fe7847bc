package order

import (
	"strings"
	"time"
)

// isDate tells 2026-11-18, 2026.11.18, 2026_11_18 and 20261118, each with
// anything but a digit behind it.
func isDate(tag string) bool {
	s := strings.TrimPrefix(tag, "v")
	if len(s) < len("20060102") || strings.Trim(s[:4], "0123456789") != "" {
		return false
	}
	for _, layout := range []string{"2006-01-02", "20060102", "2006.01.02", "2006_01_02"} {
		n := len(layout)
		if len(s) < n || len(s) > n && isDigit(s[n]) {
			continue
		}
		if at, err := time.Parse(layout, s[:n]); err == nil && at.Year() >= 1970 && at.Year() < 2200 {
			return true
		}
	}
	return false
}

// isCommit tells hexadecimal names of 7 to 40 digits with a letter and a digit
// among them, with or without the prefixes that CI systems put there.
func isCommit(tag string) bool {
	for _, prefix := range []string{"git-", "sha-", "commit-"} {
		if rest, ok := strings.CutPrefix(tag, prefix); ok {
			return len(rest) >= 7 && isHex(rest)
		}
	}
	return len(tag) >= 7 && len(tag) <= 40 && isHex(tag) &&
		strings.ContainsAny(tag, "abcdef") && strings.ContainsAny(tag, "0123456789")
}

func isHex(s string) bool { return strings.Trim(s, "0123456789abcdef") == "" }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

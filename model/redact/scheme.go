package redact

import (
	"regexp"
	"strings"
)

var scheme = regexp.MustCompile(`(?i)\b(bearer|basic) +[A-Za-z0-9._~+/=-]{4,}`)

// schemes hides what follows the name of a scheme of HTTP authentication:
// "Bearer abc123", but not "basic authentication".
func schemes(s string) string {
	return scheme.ReplaceAllStringFunc(s, func(m string) string {
		name, value, _ := strings.Cut(m, " ")
		value = strings.TrimSpace(value)
		if strings.ToLower(value) == value && !strings.ContainsAny(value, "0123456789=") {
			return m
		}
		if key, _, ok := strings.Cut(value, "="); ok && challenge(key) {
			return m // Bearer realm="…" is what the registry asks for
		}
		return name + " " + Hidden
	})
}

// challenge tells the parameters of a WWW-Authenticate header.
func challenge(key string) bool {
	switch strings.ToLower(key) {
	case "realm", "service", "scope", "error", "charset":
		return true
	}
	return false
}

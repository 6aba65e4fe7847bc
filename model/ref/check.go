package ref

import (
	"net/netip"
	"strconv"
	"strings"
)

const (
	maxTag        = 128
	maxRepository = 255
)

// CheckTag reports whether s may be a tag: up to 128 letters, digits, '_', '.'
// and '-', not starting with '.' or '-' (distribution-spec, Pulling manifests).
func CheckTag(s string) error {
	if s == "" {
		return invalid("tag", s, "it is empty")
	}
	if len(s) > maxTag {
		return invalid("tag", s, "it is longer than 128 characters")
	}
	if s[0] == '.' || s[0] == '-' {
		return invalid("tag", s, "it starts with "+strconv.Quote(s[:1]))
	}
	for _, c := range s {
		if !isAlnum(c) && c != '_' && c != '.' && c != '-' {
			return invalid("tag", s, strconv.QuoteRune(c)+" is not allowed")
		}
	}
	return nil
}

// CheckRepository reports whether s may be a repository: lower-case components
// with single separators, joined by '/' (distribution-spec, Pulling manifests).
func CheckRepository(s string) error {
	if s == "" {
		return invalid("repository", s, "it is empty")
	}
	if len(s) > maxRepository {
		return invalid("repository", s, "it is longer than 255 characters")
	}
	for part := range strings.SplitSeq(s, "/") {
		if why := checkComponent(part); why != "" {
			return invalid("repository", s, why)
		}
	}
	return nil
}

func checkComponent(part string) string {
	if part == "" {
		return "a part between slashes is empty"
	}
	run := "" // the separator being read
	for i, c := range part {
		switch {
		case !isSeparator(c):
			run = ""
			if why := checkLetter(c); why != "" {
				return why
			}
		case i == 0:
			return "a part starts with " + strconv.QuoteRune(c)
		default:
			if run += string(c); !separates(run) {
				return strconv.Quote(run) + " is not allowed inside a part"
			}
		}
	}
	if run != "" {
		return "a part ends with " + strconv.Quote(run)
	}
	return ""
}

func isSeparator(c rune) bool { return c == '.' || c == '_' || c == '-' }

func checkLetter(c rune) string {
	switch {
	case c >= 'a' && c <= 'z', c >= '0' && c <= '9':
		return ""
	case c >= 'A' && c <= 'Z':
		return "upper case is not allowed"
	}
	return strconv.QuoteRune(c) + " is not allowed"
}

func separates(run string) bool {
	return run == "." || run == "_" || run == "__" || strings.Trim(run, "-") == ""
}

// CheckHost reports whether s may be a registry's HOST or HOST:PORT.
func CheckHost(s string) error {
	host, port, hasPort := cutPort(s)
	why := ""
	switch inner, bracketed := strings.CutPrefix(host, "["); {
	case hasPort && !isPort(port):
		why = "want a port from 1 to 65535 after the colon"
	case bracketed && !isBracketedIPv6(inner):
		why = "want an IPv6 address in brackets"
	case !bracketed && !isDomain(host):
		why = "want names of letters, digits and '-' joined by dots"
	}
	if why != "" {
		return invalid("host", s, why)
	}
	return nil
}

func cutPort(s string) (host, port string, found bool) {
	i := strings.LastIndexByte(s, ':')
	if i < 0 || strings.HasSuffix(s, "]") {
		return s, "", false
	}
	return s[:i], s[i+1:], true
}

func isPort(s string) bool {
	n, err := strconv.Atoi(s)
	return err == nil && n >= 1 && n <= 65535 && s[0] != '+'
}

// isBracketedIPv6 takes what follows the opening bracket.
func isBracketedIPv6(s string) bool {
	inner, closed := strings.CutSuffix(s, "]")
	addr, err := netip.ParseAddr(inner)
	return closed && err == nil && addr.Is6()
}

func isDomain(s string) bool {
	for part := range strings.SplitSeq(s, ".") {
		if !isLabel(part) {
			return false
		}
	}
	return true
}

func isLabel(s string) bool {
	if s == "" || len(s) > 63 || s[0] == '-' || s[len(s)-1] == '-' {
		return false
	}
	for _, c := range s {
		if !isAlnum(c) && c != '-' {
			return false
		}
	}
	return true
}

func isAlnum(c rune) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9'
}

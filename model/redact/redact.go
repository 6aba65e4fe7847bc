// Package redact takes secrets out of foreign text: what a registry, a helper,
// a library or another program wrote, on its way to a screen, a log, the journal
// or an error. It knows secrets by the names they stand next to, by their shape,
// and in addresses. It imports the standard library and the model.
package redact

import (
	"net/url"
	"strings"

	"regatta/model/text"
)

// Hidden stands where a secret was.
const Hidden = "…"

// Text is s without what looks like a secret: values next to the name of a
// secret in JSON, shell, INI, tab or header form, credentials after the name of
// their scheme, user info and query values of addresses, and keys and tokens of
// known shapes, also where the text is escaped. What is hidden once stays as it is.
func Text(s string) string { return unescaped(once(s)) }

// once is Text for text as it is written.
func once(s string) string {
	if longRun(s) {
		s = shapes(s)
	}
	s = options(addresses(s))
	if !hasSecretWord(s) {
		return s
	}
	return pairs(schemes(fields(elements(s))))
}

// Line is s on one line, safe for a terminal and without secrets. The lines are
// needed to see where a secret ends, so they go last; what was hidden behind
// control characters is looked at once more.
func Line(s string) string { return Text(text.Clean(Text(text.CleanLines(Text(s))))) }

// URL is u for people: without user info, and with the values of only those
// query parameters that registries are known to put nothing secret in.
func URL(u *url.URL) string {
	if u == nil {
		return ""
	}
	out := ""
	if u.Scheme != "" {
		out = u.Scheme + "://"
	} else if u.Host != "" {
		out = "//"
	}
	out += u.Host + path(u)
	if u.Opaque != "" {
		out += Hidden
	}
	if u.RawQuery != "" {
		out += "?" + query(u.RawQuery)
	}
	return out
}

// longRun reports whether s has a run of letters that may be a secret by its
// shape alone.
func longRun(s string) bool {
	const shortest = 14
	run := 0
	for i := range len(s) {
		if c := s[i]; wordByte(c) || c == '/' || c == '+' {
			if run++; run >= shortest {
				return true
			}
		} else {
			run = 0
		}
	}
	return strings.Contains(s, "PRIVATE KEY")
}

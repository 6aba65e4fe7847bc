package redact

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

var (
	inQuery  = regexp.MustCompile(`([?&#])([^\s&"<>=]+)=([^\s&"<>]*)`)
	userInfo = regexp.MustCompile(`//[^\s"<>]+`)
)

// addresses hides the user info and the query values of what looks like a URL,
// with or without its scheme.
func addresses(s string) string {
	if strings.Contains(s, "//") {
		s = userInfo.ReplaceAllStringFunc(s, inAddress)
	}
	if !strings.ContainsAny(s, "?&#") {
		return s
	}
	return inQuery.ReplaceAllStringFunc(s, func(m string) string {
		key, value, _ := strings.Cut(m[1:], "=")
		if harmlessPair(key, value, once) {
			return m
		}
		return m[:1] + name(key, once) + "=" + Hidden + value[len(strings.TrimRight(value, punctuation)):]
	})
}

// inAddress hides the secrets of an address, also where they are escaped.
func inAddress(m string) string {
	if plain, err := url.PathUnescape(m); err == nil && plain != m {
		if safe := once(plain); safe != plain {
			return safe
		}
	}
	return namelessQuery(withoutUser(m))
}

// path is the path of an address, as it is written where it has no secret.
func path(u *url.URL) string {
	if safe := Text(u.Path); safe != u.Path {
		return safe
	}
	return u.EscapedPath()
}

// harmlessPair tells a parameter that carries nothing secret, and is not misused
// for it, as far as hide finds.
func harmlessPair(key, value string, hide func(string) string) bool {
	if !harmless(key) {
		return false
	}
	plain, err := url.QueryUnescape(value)
	return err == nil && hide(plain) == plain
}

// withoutUser hides the user info of an address that begins with //. A password
// that was not escaped may contain what ends the host, so a colon that no port
// follows makes everything up to the last @ a password; one without an @ was cut
// off in the middle of it.
func withoutUser(m string) string {
	rest := m[len("//"):]
	host := rest
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		host = rest[:i]
	}
	if at := strings.LastIndexByte(host, '@'); at >= 0 && digest.MatchString(host[at+1:]) {
		return m // an image, not a user: docker://alpine@sha256:…
	} else if at >= 0 {
		// What follows may be one more @ of an unescaped password.
		if last := strings.LastIndexByte(rest, '@'); last > at && !strings.Contains(rest[at:last], "/") {
			at = last
		}
		return "//" + Hidden + rest[at:]
	}
	_, port, ok := strings.Cut(host, ":")
	if !ok || strings.HasPrefix(host, "[") || isPort(port) {
		return m
	}
	if at := strings.LastIndexByte(rest, '@'); at >= 0 {
		return "//" + Hidden + rest[at:]
	}
	return "//" + Hidden
}

// namelessQuery hides what stands in the query of an address without a name: it
// may be a signature.
func namelessQuery(m string) string {
	at := strings.IndexByte(m, '?')
	if at < 0 {
		return m
	}
	end := len(strings.TrimRight(m, punctuation))
	if i := strings.IndexByte(m[at:], '#'); i >= 0 {
		end = at + i
	}
	if end <= at+1 || strings.Contains(m[at:end], "=") {
		return m // the values of the others are seen to
	}
	return m[:at+1] + Hidden + m[end:]
}

// punctuation is of the sentence that an address stands in.
const punctuation = "',;:.)]}`\\"

// isPort tells what may follow a host's colon: digits, and the punctuation of
// the sentence around it.
func isPort(s string) bool {
	rest := strings.TrimLeft(s, "0123456789")
	return len(s)-len(rest) <= len("65535") && (rest == "" || strings.IndexByte(",;:.)]}'`\\%…", rest[0]) >= 0)
}

// query is the query of an address with only harmless values.
func query(raw string) string {
	parts := strings.Split(raw, "&")
	for i, p := range parts {
		switch key, value, ok := strings.Cut(p, "="); {
		case harmlessPair(key, value, Text):
		case ok:
			parts[i] = name(key, Text) + "=" + Hidden
		case key != "":
			parts[i] = Hidden // a signature may stand there without a name
		}
	}
	return strings.Join(parts, "&")
}

// name is the name of a parameter, if it is no more than one.
func name(key string, hide func(string) string) string {
	plain, err := url.QueryUnescape(key)
	if err != nil || hide(plain) != plain {
		return Hidden
	}
	return key
}

// harmless tells the query parameters of registries that carry nothing secret.
func harmless(key string) bool {
	return slices.Contains([]string{
		"n", "last", "scope", "service", "artifactType", "digest", "mount", "from", "ns", "tag",
		"page", "page_size", "name", "ordering", "offline_token", "client_id",
	}, key)
}

package httpx

import (
	"net/url"
	"regexp"
	"slices"
	"strings"
)

const hidden = "…"

// RedactURL is u for people: without userinfo, and with the values of only
// those query parameters that registries are known to put nothing secret in.
func RedactURL(u *url.URL) string {
	if u == nil {
		return ""
	}
	var b strings.Builder
	if u.Scheme != "" {
		b.WriteString(u.Scheme + "://")
	}
	b.WriteString(u.Host)
	b.WriteString(u.EscapedPath())
	if u.RawQuery != "" {
		b.WriteString("?" + redactQuery(u.RawQuery))
	}
	return b.String()
}

func redactQuery(raw string) string {
	parts := strings.Split(raw, "&")
	for i, p := range parts {
		switch key, _, ok := strings.Cut(p, "="); {
		case harmless(key):
		case ok:
			parts[i] = key + "=" + hidden
		case key != "":
			parts[i] = hidden // a signature may stand there without a name
		}
	}
	return strings.Join(parts, "&")
}

func harmless(key string) bool {
	return slices.Contains([]string{
		"n", "last", "scope", "service", "artifactType", "digest", "mount", "from", "ns", "tag",
		"page", "page_size", "name", "ordering", "offline_token", "client_id",
	}, key)
}

var (
	secretWords = regexp.MustCompile(`(?i)\b(bearer|basic) +[A-Za-z0-9._~+/=-]{4,}`)
	secretPairs = regexp.MustCompile(`(?i)((?:token|secret|password|passwd|signature|credential|authorization|cookie|` +
		`api[_-]?key|sig|x-amz-[a-z-]+|x-goog-[a-z-]+)["']?\s*[=:]\s*["']?)[^\s"'&,;}]+`)
	secretJWT      = regexp.MustCompile(`\beyJ[A-Za-z0-9_-]{6,}\.[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]*)?`)
	secretUserinfo = regexp.MustCompile(`(://)[^/\s@"]+@`)
	secretQuery    = regexp.MustCompile(`([?&][A-Za-z0-9_.-]+=)([^\s&"'>]+)`)
)

// RedactText takes what looks like a secret out of text that a registry or a
// library wrote: credentials after their scheme's name, tokens, signatures,
// userinfo and query values in URLs.
func RedactText(s string) string {
	if s == "" {
		return s
	}
	s = secretQuery.ReplaceAllStringFunc(s, func(m string) string {
		key, _, _ := strings.Cut(m[1:], "=")
		if harmless(key) {
			return m
		}
		return m[:1] + key + "=" + hidden
	})
	s = secretWords.ReplaceAllStringFunc(s, func(m string) string {
		scheme, value, _ := strings.Cut(m, " ")
		if strings.ToLower(value) == value && !strings.ContainsAny(value, "0123456789=") {
			return m // "basic authentication" is no secret
		}
		return scheme + " " + hidden
	})
	s = secretPairs.ReplaceAllString(s, "${1}"+hidden)
	s = secretJWT.ReplaceAllString(s, hidden)
	return secretUserinfo.ReplaceAllString(s, "${1}"+hidden+"@")
}

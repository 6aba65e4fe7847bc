package oci

import (
	"encoding/json"
	"io"
	"net/http"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"regatta/model/fault"
	"regatta/model/redact"
)

// refusal is an answer with an error status (distribution-spec, section Error
// Codes).
type refusal struct {
	status int
	html   bool
	codes  []string
	words  []string // the messages, safe for a terminal
}

func readRefusal(resp *http.Response) refusal {
	defer func() { _ = resp.Body.Close() }()
	r := refusal{status: resp.StatusCode, html: isHTML(resp.Header)}
	raw, err := io.ReadAll(io.LimitReader(resp.Body, maxRefusal))
	if err == nil && !r.html {
		r.parse(raw)
	}
	return r
}

func (r *refusal) parse(raw []byte) {
	var body struct {
		Errors []struct {
			Code    any `json:"code"`
			Message any `json:"message"`
		} `json:"errors"`
		Message any `json:"message"`
		Details any `json:"details"` // the token service of Docker Hub
	}
	if json.Unmarshal(raw, &body) != nil {
		r.words = plain(raw)
		return
	}
	for _, e := range body.Errors[:min(len(body.Errors), maxProblems)] {
		code, message := word(e.Code), word(e.Message)
		r.codes = append(r.codes, strings.ToUpper(code))
		if message == "" {
			message = code
		}
		r.words = append(r.words, message)
	}
	if len(body.Errors) == 0 {
		r.words = append(r.words, word(body.Message), word(body.Details))
	}
	r.words = slices.DeleteFunc(r.words, func(s string) bool { return s == "" })
}

func word(v any) string {
	s, _ := v.(string)
	return strings.TrimSpace(redact.Line(s))
}

// plain takes a body that is not JSON as words if it looks like text.
func plain(raw []byte) []string {
	const most = 2000
	raw = raw[:min(len(raw), most)]
	s := strings.TrimSpace(redact.Line(string(raw)))
	if s == "" || strings.HasPrefix(s, "<") || strings.HasPrefix(s, "{") || strings.ContainsRune(s, utf8.RuneError) {
		return nil
	}
	return []string{s}
}

func (r *refusal) has(code string) bool { return slices.Contains(r.codes, code) }

// kind goes by the status; the codes decide where a status is used for
// several things.
func (r *refusal) kind() fault.Kind {
	if r.immutable() {
		return fault.Immutable
	}
	switch r.status {
	case http.StatusUnauthorized:
		return fault.Auth
	case http.StatusTooManyRequests:
		return fault.RateLimited
	case http.StatusForbidden:
		return fault.Denied
	case http.StatusMethodNotAllowed:
		return fault.Unsupported
	case http.StatusRequestTimeout, http.StatusGatewayTimeout:
		return fault.Timeout
	}
	if r.html && r.status == http.StatusNotFound {
		return fault.Protocol
	}
	if r.status >= http.StatusInternalServerError && !r.has("UNSUPPORTED") {
		return fault.Unavailable
	}
	return r.kindByCode()
}

// immutable tells a tag that may not be moved: some registries have a status
// for it, ECR and GitLab a sentence.
func (r *refusal) immutable() bool {
	switch r.status {
	case http.StatusConflict, http.StatusPreconditionFailed:
		return true
	case http.StatusBadRequest, http.StatusForbidden:
		return strings.Contains(strings.ToLower(strings.Join(r.words, " ")), "immutable")
	}
	return false
}

func (r *refusal) kindByCode() fault.Kind {
	for _, k := range []struct {
		code string
		kind fault.Kind
	}{
		{"TOOMANYREQUESTS", fault.RateLimited},
		{"UNSUPPORTED", fault.Unsupported},
		{"UNAUTHORIZED", fault.Auth},
		{"DENIED", fault.Denied},
		{"NAME_UNKNOWN", fault.NotFound},
		{"MANIFEST_UNKNOWN", fault.NotFound},
		{"BLOB_UNKNOWN", fault.NotFound},
		{"NAME_INVALID", fault.Invalid},
		{"TAG_INVALID", fault.Invalid},
		{"DIGEST_INVALID", fault.Invalid},
	} {
		if r.has(k.code) {
			return k.kind
		}
	}
	switch {
	case r.status == http.StatusNotFound:
		return fault.NotFound
	case r.status < http.StatusBadRequest, r.html:
		return fault.Protocol
	}
	return fault.Unknown
}

func (r *refusal) detail() string {
	status := "HTTP " + strconv.Itoa(r.status) + " " + http.StatusText(r.status)
	switch {
	case r.html:
		return status + " with a web page"
	case len(r.words) == 0:
		return strings.TrimSpace(status)
	}
	return strings.Join(r.words, "; ")
}

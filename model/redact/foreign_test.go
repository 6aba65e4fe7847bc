package redact_test

import (
	"fmt"
	"strings"
	"testing"

	"regatta/model/redact"
	"regatta/model/redact/redacttest"
)

// Secrets are found in every shape that registries and helpers write them in, alone,
// in a sentence, and as a message of JSON.
func TestShapesOfForeignText(t *testing.T) {
	t.Parallel()
	for i := range redacttest.Shapes() {
		for _, around := range [][2]string{{"", ""}, {"denied:", "was refused"}, {"a: 1\n", "\nb: 2"}, {"<p>", "</p>"}} {
			text, ok := redacttest.Text(i, around[0], around[1])
			if !ok {
				t.Fatal("no text")
			}
			message := fmt.Sprintf(`{"errors":[{"code":"DENIED","message":%q}]}`, text)
			for _, s := range []string{text, strings.TrimSpace(text), message} {
				redacttest.Check(t, s, redact.Text(s)+redact.Line(s))
			}
		}
	}
}

func TestWholeHeaders(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Authorization: Token CANARY":                         "Authorization: …",
		"Accept: */*\r\nCookie: a=b; c=d e\r\nHost: h":        "Accept: */*\r\nCookie: …\r\nHost: h",
		"Authorization: Bearer\r\n CANARY\r\n\tx\r\nHost: h":  "Authorization: …\r\nHost: h",
		"Authorization:\n CANARY\nHost: h":                    "Authorization:\n …\nHost: h",
		"curl -H 'Authorization: Key CANARY' https://h/v2/":   "curl -H 'Authorization: …' https://h/v2/",
		`"X-Auth-Token: token CANARY" was refused`:            `"X-Auth-Token: …" was refused`,
		"Private-Token: is CANARY":                            "Private-Token: …",
		"map[Authorization:[Token CANARY] Accept:[*/*]]":      "map[Authorization:…",
		"<Authorization>Token CANARY</Authorization>, 5 more": "<Authorization>…</Authorization>, 5 more",
	} {
		if got := redact.Text(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

// What escapes write stays as it is where there is no secret, and brings no control
// characters in where there is one.
func TestEscapes(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"pass\u0077ord":"CANARY","a\/b":1}`:                       `{"password":"…","a/b":1}`,
		`{"pass\u0077ord":"","a\/b":"\u0041"}`:                      `{"pass\u0077ord":"","a\/b":"\u0041"}`,
		`%1b[0m password%3DCANARY%0A`:                               `%1b[0m password=…`,
		`\u001b]0;x\u0007 pass\u0077ord: CANARY x`:                  `\u001b]0;x\u0007 password: … x`,
		"&#27;[0m &lt;token&gt;CANARY&lt;/token&gt;":                "&#27;[0m <token>…</token>",
		"u003cSecretAccessKeyu003eCANARYu003c/SecretAccessKeyu003e": "<SecretAccessKey>…</SecretAccessKey>",
		"https%3A%2F%2Fh%2Fv2%2Fa%3An%3D1":                          "https%3A%2F%2Fh%2Fv2%2Fa%3An%3D1",
	} {
		if got := redact.Text(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestPasswordsOfSeveralWords(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"a: 1\npassword: open CANARY\nb: 2":               "a: 1\npassword: …\nb: 2",
		"a: 1\npassword: |\n  CANARY\n  CANARY\nb: 2":     "a: 1\npassword: …\nb: 2",
		"denied: password: |   CANARY x":                  "denied: password: …",
		"invalid token: token 9aBCANARY0123456789 of bob": "invalid token: token … of bob",
		"auth: Token CANARYcanary9":                       "auth: Token …",
	} {
		if got := redact.Text(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

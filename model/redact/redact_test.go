package redact_test

import (
	"encoding/json"
	"fmt"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"

	"regatta/model/redact"
)

// secretKey has the shape of AWS's secret keys, and the signs that they may have.
const secretKey = "wJalrXUtnFEMI/K7MDENG/bPxRfiCYCANARYKEY1"

// names are the names of secrets in the spellings that are met.
func names() []string {
	return []string{
		"SecretAccessKey", "aws_secret_access_key", "AWS_SECRET_ACCESS_KEY", "secret-access-key", "secretAccessKey",
		"Secret Access Key", "SessionToken", "sessionToken", "aws_session_token", "AWS_SESSION_TOKEN", "session-token",
		"Authorization", "AUTHORIZATION", "Proxy-Authorization", "identitytoken", "identityToken", "identity_token",
		"registrytoken", "access_token", "accessToken", "refresh_token", "id_token", "ID_TOKEN", "password", "Password",
		"PASSWORD", "DB_PASSWORD", "dbPassword", "db-password", "passwd", "PASS", "DB_PASS", "secret", "client_secret",
		"clientSecret", "ClientSecret", "CLIENT-SECRET", "api_key", "apiKey", "api-key", "X-Api-Key", "APIKEY",
		"Set-Cookie", "X-Amz-Security-Token", "X-Amz-Signature", "private_key", "PrivateKey", "auth", "Auth", "token",
		"AccountKey", "credential", "X-Registry-Auth",
	}
}

// forms are the ways in which a name and a value stand next to each other.
func forms() map[string]func(name, value string) string {
	quoted := func(s string) string {
		raw, _ := json.Marshal(s)
		return string(raw)
	}
	return map[string]func(name, value string) string{
		"JSON":         func(n, v string) string { return `{"Version": 1, "` + n + `": ` + quoted(v) + `, "Expires": "never"}` },
		"tight JSON":   func(n, v string) string { return `{"Version":1,"` + n + `":` + quoted(v) + `}` },
		"indented":     func(n, v string) string { return "{\n  \"" + n + "\": " + quoted(v) + ",\n  \"Version\": 1\n}" },
		"JSON in JSON": func(n, v string) string { return quoted(`{"` + n + `":` + quoted(v) + `}`) },
		"thrice":       func(n, v string) string { return quoted(quoted(`{"` + n + `":` + quoted(v) + `}`)) },
		"cut JSON":     func(n, v string) string { return `{"` + n + `": "` + strings.Trim(quoted(v), `"`) },
		"go":           func(n, v string) string { return n + "=" + strconv.Quote(v) + " more" },
		"shell":        func(n, v string) string { return "export " + n + "='" + strings.ReplaceAll(v, "'", `'\''`) + "'\nX=1" },
		"YAML":         func(n, v string) string { return "a: 1\n" + n + ": '" + strings.ReplaceAll(v, "'", "''") + "'\nb: 2" },
		"env":          func(n, v string) string { return "X=1\n" + n + "=" + v + "\nY=2" },
		"export":       func(n, v string) string { return "export " + n + "=" + v + "\nexport Y=2" },
		"INI":          func(n, v string) string { return "[default]\n" + n + " = " + v + "\nregion = eu-west-1" },
		"header":       func(n, v string) string { return "Accept: */*\r\n" + n + ": " + v + "\r\nHost: a\r\n" },
	}
}

// values have what ends a value elsewhere.
func values() []string {
	return []string{
		secretKey, "CANARY", `CAN"ARY CANARY`, `CANARY\"CANARY\`, `CANARY'CANARY`, "CANARY,CANARY;CANARY&CANARY", "CANARY}CANARY",
		"CANARY CANARY", `"CANARY`, "CANARY=", "0CANARY\\",
	}
}

func TestNamesOfEverySpellingInEveryForm(t *testing.T) {
	t.Parallel()
	for form, write := range forms() {
		for _, name := range names() {
			for _, value := range values() {
				text := write(name, value)
				if got := redact.Text(text); strings.Contains(got, "CANARY") {
					t.Errorf("%s: %q became %q", form, text, got)
				}
				if got := redact.Line(text); strings.Contains(got, "CANARY") {
					t.Errorf("%s: the line of %q is %q", form, text, got)
				}
			}
		}
	}
}

func TestWhatStandsAroundStays(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		`{"Version": 1, "SecretAccessKey": "a\"b", "Expiration": "2026"}`: `{"Version": 1, "SecretAccessKey": "…", "Expiration": "2026"}`,
		"user=bob password=hunter2 host=a.example":                        "user=bob password=… host=a.example",
		"password = open sesame\nregion = eu-west-1":                      "password = …\nregion = eu-west-1",
		"map[password:hunter2 user:bob]":                                  "map[password:… user:bob]",
		`Authorization: Basic dXNlcjpwYXNz`:                               `Authorization: …`,
		`sent Authorization: Basic dXNlcjpwYXNz to a.example`:             `sent Authorization: … to a.example`,
		"the token aws_session_token=abc was refused":                     "the token aws_session_token=… was refused",
		`Get "https://u:p@h.example/x?X-Amz-Signature=1&n=5": EOF`:        `Get "https://…@h.example/x?X-Amz-Signature=…&n=5": EOF`,
	} {
		if got := redact.Text(text); got != want {
			t.Errorf("%q became %q, want %q", text, got, want)
		}
	}
}

func TestBlanksAloneSeparateToo(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"SecretAccessKey\t" + secretKey,
		"aws_secret_access_key    " + secretKey,
		"AKIAIOSFODNN7EXAMPLE\t" + secretKey + "\tIQoJCANARY" + strings.Repeat("CANARY9x", 20),
		"CREDENTIALS\tASIAIOSFODNN7CANARY\t2026-01-01\t" + secretKey,
		"session token IQoJCANARYaB3dEfG",
		"password hunter2CANARY",
	} {
		if got := redact.Line(text); strings.Contains(got, "CANARY") {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestShapes(t *testing.T) {
	t.Parallel()
	for _, secret := range []string{
		"AKIACANARYCANARY1234", "ASIACANARYCANARY1234", "ghp_CANARYabcdefghijklmnopqrstuvwxyz01",
		"gho_CANARYabcdefghijklmnopqrstuvwxyz01", "ghs_CANARYabcdefghijklmnopqrstuvwxyz01",
		"github_pat_11CANARY0abcdefghijklmnop_qrstuvwxyz", "glpat-CANARYabcdefghijkl", "glrt-CANARYabcdefghijkl",
		"eyJhbGciOiJIUzI1NiJ9.eyJCANARYIiOiIxIn0.CANARYsig-nature", "dckr_pat_CANARYabcdefghijkl",
		"kQ7xCANARYv3Tz9Lp2Wd8Rb5Yc1Nf6Hg4Js0MaQe", "-----BEGIN RSA PRIVATE KEY-----\nCANARY\nCANARY\n-----END RSA PRIVATE KEY-----",
	} {
		for _, around := range []string{"%s", "it said %s, then ended", "<%s>", `"%s"`, "(%s)", "x=%s"} {
			text := fmt.Sprintf(around, secret)
			if got := redact.Text(text); strings.Contains(got, "CANARY") {
				t.Errorf("%q became %q", text, got)
			}
		}
	}
}

func TestAddresses(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"https://CANARY:CANARY@h.example/v2/", "https://u:CANARY@h.example", "see https://u:p@CANARY@h.example/x",
		"https://u:CANARY/CANARY@h.example/x", "https://u:CANARY?CANARY@h.example/x", "<//u:CANARY@evil.example/next>",
		"https://h.example/x?sig=CANARY", "https://h.example/x?n=5&Signature=CANARY'CANARY", "/v2/x?X-Amz-Security-Token=CANARY",
		"https://h.example/x#access_token=CANARY", "https://u:CANARY", "ftp://u:CANARY@h, http://u:CANARY@i",
	} {
		if got := redact.Text(text); strings.Contains(got, "CANARY") {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestHeadersAndQueriesOfAnError(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		`Get "https://u:CANARY@s3.example/b?X-Amz-Signature=CANARY&X-Amz-Credential=CANARY%2F1": refused`,
		`bad header "Authorization: Bearer CANARY.x"`, "basic CANARYCANARY", "Bearer CANARYx and more",
		`{"token":"CANARY","access_token": "CANARY"}`, "Set-Cookie: CANARY", "x-amz-security-token: CANARY",
		"?sig=CANARY&se=2026", "grant_type=refresh_token&refresh_token=CANARY&service=a", "Authorization: AWS4-HMAC-SHA256 CANARY, Signature=CANARY",
		"Authorization: Digest username=\"u\", response=\"CANARY\"",
	} {
		if got := redact.Text(text); strings.Contains(got, "CANARY") {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestURL(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"https://h/v2/a/tags/list?n=100&last=b": "https://h/v2/a/tags/list?n=100&last=b",
		"https://u:p@h/x":                       "https://h/x",
		"https://h/x?CANARY&Signature=CANARY":   "https://h/x?…&Signature=…",
		"https://h/x?n=1&X-Amz-Credential=a%2F": "https://h/x?n=1&X-Amz-Credential=…",
		"//u:p@h/x?a":                           "//h/x?…",
		"mailto:CANARY@h":                       "mailto://…",
		"/v2/":                                  "/v2/",
		"https://h/x?service=a+https%253A%252F%252Fb%253ACANARY%2540h": "https://h/x?service=…",
		"https://h/x?service=a%2520b":                                  "https://h/x?service=a%2520b",
		"https://h/password%253DCANARY":                                "https://h/password=…",
	} {
		u, err := url.Parse(in)
		if err != nil {
			t.Fatal(err)
		}
		if got := redact.URL(u); got != want {
			t.Errorf("%s became %s, want %s", in, got, want)
		}
	}
	if redact.URL(nil) != "" {
		t.Error("no URL has a text")
	}
}

// Sentences are what errors of registries, helpers and regatta say: nothing in
// them is a secret.
func TestSentencesStay(t *testing.T) {
	t.Parallel()
	hex := strings.Repeat("0123456789abcdef", 4)
	for _, text := range []string{
		"", "basic authentication is required", "Bearer authentication", `Bearer realm="https://auth.example/token",service="r"`,
		"read registry.example/shop/api@sha256:" + hex + ": not found", "docker://alpine@sha256:" + hex,
		"signature: sha256:" + hex, "list tags of registry.example/shop/token:v1.2: denied: no pull",
		"read shop/auth:v1.2.3: not found", "auth:v1 is not there", "secret:latest", "token: expired", "invalid token: signature is invalid",
		`secrets "regcred" not found`, "no credentials: the helper is not installed", "password: required",
		"no basic auth credentials", "token service: timed out", "the credential helper pass is not installed",
		"unexpected token } in JSON at position 4", "authentication required", "a token for shop/api-2024",
		"dial tcp 127.0.0.1:5000: connect: connection refused", `Get "https://h.example:5000/v2/?n=100": EOF`,
		"http://127.0.0.1:5000, http://127.0.0.1:5001", "see https://aws.amazon.com/premiumsupport/knowledge-center/",
		"aws_secret_access_key", "AWS_ACCESS_KEY_ID is not set", "the key is wrong", "arn:aws:iam::123456789012:role/Deploy",
		"the cosign signature of sha256-" + hex + ".sig: not found", "password=", "token: null", `"token": ""`, "author: Jane Doe",
		"bypass: yes", "tokenizer=fast", "oauth2: cannot fetch token: 401 Unauthorized", "private key: unsupported",
		"authorization: required", "authorization failed: the token has expired", "authorization: token is expired",
		"proxy-authorization: not found", `Www-Authenticate: Bearer realm="https://auth.example/token",service="r"`,
		"auth: token service timed out", "invalid token: token contains an invalid number of segments",
		"usage: login -p <password> FILE", "the <token> is missing", "<token/> is empty", "100% of shop/token%3Av1: denied",
		`{"name":"shop/api","value":"v1"}`, `[{"name":"password"},{"value":"v1"}]`, `C:\new\token\read`,
		"scope=repository%3Ashop%2Fapi%3Apull", "/home/RunnerAdmin/MyProjects/RegattaTests/Fixture1/ContentOfLayer2/EtcHostname", "key: a", "monkey=5",
		"the password is wrong", "the password is too short", "password was rejected", "the password is not set", "token is required",
		"docker run -u 1000:1000 -p 8080:80 a", "docker login -u bob --password-stdin h", "--token is required",
		"give --password or --token", "ports are published with -p", "-u is no option", "shop/web-u:v1", "docker login -u bob -p",
	} {
		if got := redact.Text(text); got != text {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestSecretsBehindEscapes(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"Secret\x1b[0mAccessKey=CANARY", "pass\u200bword: CANARY", "\x1b]0;x\apassword=CANARY", "password\x00=CANARY",
	} {
		if got := redact.Line(text); strings.Contains(got, "CANARY") {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func FuzzText(f *testing.F) {
	f.Add("SecretAccessKey", secretKey, 0, "error: ", " was refused")
	f.Add("password", `a"b\c`, 3, "{", "}")
	f.Fuzz(func(t *testing.T, name, value string, form int, before, after string) {
		all := names()
		keys := make([]string, 0, len(forms()))
		for k := range forms() {
			keys = append(keys, k)
		}
		slices.Sort(keys)
		pick := func(n, of int) int { return ((n % of) + of) % of }
		secret := "CANARY" + strings.Map(printable, value)
		write := forms()[keys[pick(form, len(keys))]]
		text := write(all[pick(len(name), len(all))], secret)
		if got := redact.Text(text); strings.Contains(got, "CANARY") {
			t.Fatalf("%q became %q", text, got)
		}
		wild := before + text + after
		once := redact.Text(wild)
		if twice := redact.Text(once); twice != once && len(twice) > len(once) {
			t.Fatalf("%q grows: %q, %q", wild, once, twice)
		}
		redact.Line(wild)
	})
}

func printable(r rune) rune {
	if r < ' ' || r > '~' {
		return -1
	}
	return r
}

func BenchmarkText(b *testing.B) {
	text := strings.Repeat(`read registry.example/shop/api@sha256:abc: denied: the token has expired; `, 4)
	for b.Loop() {
		redact.Text(text)
	}
}

// The name of another secret within what looks like a value does not leave that one's
// value in sight, however often it is looked at.
func TestSecretsNextToEachOther(t *testing.T) {
	t.Parallel()
	const secret = "CANARYcanary"
	for _, s := range []string{
		"error getting credentials:  aws_secret_access_key = " + secret,
		`error getting credentials:  "password":"` + secret + `"`,
		`credentials:  {"Username":"u","SecretAccessKey": "` + secret + `","x":1} more`,
		"token: password: " + secret, "secret=token=" + secret, `auth: x,"api_key" : '` + secret + "'",
	} {
		once := redact.Text(s)
		if twice := redact.Line(once); strings.Contains(once+twice, secret) {
			t.Errorf("%q: once %q, again %q", s, once, twice)
		}
	}
}

// Package redacttest tells tests whether a secret was let through: a word that stands
// for it is put into text as a registry, a helper or another program may write it,
// and must be in nothing that people get to see. It imports the standard library.
package redacttest

import (
	"fmt"
	"strings"
	"testing"
)

// Canary stands for a secret.
const Canary = "CANARYcanary"

// shapes are secrets as they may be repeated: %s is what must not be seen.
func shapes() []string {
	return []string{
		`{"token":"%s"}`, `{"Username":"u","SecretAccessKey": "%s","x":1}`, "aws_secret_access_key = %s\n",
		"AWS_SESSION_TOKEN=%s",
		"Authorization: Bearer %s9x", "Authorization: Basic %s9x==", "identitytoken: %s", "https://user:%s@h.example/x",
		"https://h.example/x?X-Amz-Signature=%s&n=5", "//u:%s@h.example/", `"password":"%s\"%[1]s"`, `{\"secret\":\"%s\"}`,
		"ghp_%s0123456789abcdefghij", "glpat-%s0123456789abcdef", "eyJhbGciOiJub25lIn0.%s9.sig", "Set-Cookie: sid=%s; Path=/",
		"Authorization: Token %s", "authorization: token %s", "X-Auth-Token: token %s", "Authorization: Get %s",
		"Authorization: Bearer\n %s", "auth: Token %s9x", "<SecretAccessKey>%s</SecretAccessKey>",
		`<a:SessionToken xmlns:a="urn:x" b='>'>%s</a:SessionToken>`, "<password><![CDATA[%s]]></password>",
		`<entry key="password">%s</entry>`, `{"pass\u0077ord":"%s"}`, `{"passw\u006frd":"\u0022%s"}`, `https:\/\/bob:%s@h\/p`,
		"https%%3A%%2F%%2Fbob%%3A%s%%40h", "password%%3D%s", "%%22password%%22%%3A%%20%%22%s%%22", "password%%253D%s",
		`\u003cSecretAccessKey\u003e%s\u003c/SecretAccessKey\u003e`, "&lt;password&gt;%s&lt;/password&gt;",
		`{"name":"password","value":"%s"}`, `{"Value":"%s","Name":"DB_PASS"}`, `{"key": "api_key", "value": "%s"}`,
		`{\"value\":\"%s\",\"key\":\"password\"}`, "- name: PASSWORD\n  value: %s\n", "password: |\n  %s\n",
		"<name>password</name><value>%s</value>", "AIzaSy%sabcdefghijklmnopqrstuvw",
		"curl -u bob:%s http://h/", "curl -ubob:%s h", `curl --user 'bob:%s x' h`, `exec ["curl", "-u", "bob:%s"]`,
		"skopeo copy --src-creds=bob:%s a b", "skopeo copy --dest-creds bob:%s a b", "docker login -u bob -p %s h.example",
		"docker login h.example -ubob -p%s", `docker login --username bob --password "%s" h`, "oras login --password %s h",
		`exec ["docker", "login", "-p", "%s"]`, `exec ["docker","login","--password","%s"]`, "the password is %s",
		"your password was '%s', bob", "the token is: %s", "crane auth login --password %s -u bob",
	}
}

// Shapes is how many shapes Text knows.
func Shapes() int { return len(shapes()) }

// Text is a secret in a shape, any number, between two texts. It reports false where
// these leave no text around a secret.
func Text(shape int, before, after string) (text string, ok bool) {
	if strings.ContainsAny(before+after, "%") || strings.Contains(before+after, Canary) {
		return "", false
	}
	all := shapes()
	return before + " " + fmt.Sprintf(all[((shape%len(all))+len(all))%len(all)], Canary) + " " + after, true
}

// Check fails the test if the secret of text is in what is shown.
func Check(tb testing.TB, text, shown string) {
	tb.Helper()
	const around = 200
	if i := strings.Index(shown, Canary); i >= 0 {
		tb.Errorf("%q: leaked: …%s", text, shown[max(0, i-around):i+len(Canary)])
	}
}

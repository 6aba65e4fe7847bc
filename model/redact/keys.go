package redact

import (
	"slices"
	"strings"
)

// plainName is the name of a value in one spelling: AWS_SECRET_ACCESS_KEY,
// SecretAccessKey, secret-access-key and "Secret Access Key" are one.
func plainName(s string) string {
	var b strings.Builder
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'A' && c <= 'Z':
			b.WriteByte(c + 'a' - 'A')
		case c >= 'a' && c <= 'z':
			b.WriteByte(c)
		}
	}
	return b.String()
}

// endings are what the plain names of secrets end with.
func endings() []string {
	return []string{
		"token", "secret", "password", "passwd", "passphrase", "passcode", "authorization", "credential", "credentials",
		"cookie", "apikey", "accesskey", "accesskeyid", "secretkey", "privatekey", "accountkey", "sharedkey",
		"signingkey", "encryptionkey", "storagekey", "masterkey", "signature", "connectionstring", "tokenvalue",
		"secretvalue", "passwordhash", "secretid",
	}
}

// nameOfSecret reports whether values of that name are secrets. A short name
// must be one by itself or a part of its own: "pass" and DB_PASS, not "bypass".
func nameOfSecret(name string) bool {
	const longest = 120
	if name == "" || len(name) > longest {
		return false
	}
	plain, low := plainName(name), strings.ToLower(name)
	if strings.HasPrefix(low, "x-amz-") || strings.HasPrefix(low, "x-goog-") {
		return true
	}
	for _, end := range endings() {
		if strings.HasSuffix(plain, end) {
			return true
		}
	}
	return slices.Contains([]string{"auth", "sig", "pass", "pwd", "pw", "pin", "otp"}, lastPart(name))
}

// lastPart is the last word of a name, "pass" of DB_PASS and dbPass.
func lastPart(name string) string {
	name = strings.TrimRight(name, "0123456789")
	i := len(name)
	for i > 0 && name[i-1] >= 'a' && name[i-1] <= 'z' {
		i--
	}
	if i == len(name) { // capitals
		for i > 0 && name[i-1] >= 'A' && name[i-1] <= 'Z' {
			i--
		}
	} else if i > 0 && name[i-1] >= 'A' && name[i-1] <= 'Z' {
		i--
	}
	return strings.ToLower(name[i:])
}

// certain tells the names that stand before nothing but a secret from those that
// are words of the language, names of repositories and labels of other things.
func certain(name string) bool {
	plain := plainName(name)
	for _, end := range []string{
		"password", "passwd", "passphrase", "secretaccesskey", "secretkey", "sessiontoken", "identitytoken", "accesstoken",
		"refreshtoken", "securitytoken", "registrytoken", "idtoken", "apikey", "clientsecret", "accesskeyid",
	} {
		if strings.HasSuffix(plain, end) {
			return true
		}
	}
	return false
}

// header tells the names whose values are several words.
func header(name string) bool {
	plain := plainName(name)
	return strings.HasSuffix(plain, "authorization") || strings.HasSuffix(plain, "cookie") || plain == "auth"
}

// saying tells the first words of a sentence about a secret, which is what
// follows a name and a colon in most errors: "invalid token: expired".
func saying(word string) bool {
	return slices.Contains([]string{
		"a", "an", "and", "any", "are", "as", "asked", "at", "bad", "be", "but", "by", "cannot", "certificate", "changed",
		"connect", "context", "corrupt", "could", "decode", "denied", "dial", "did", "does", "error", "exec", "exit",
		"expected", "expired", "failed", "fetch", "for", "found", "from", "get", "got", "has", "head", "host", "http", "if",
		"illegal", "immutable", "in", "incorrect", "invalid", "is", "it", "its", "lookup", "malformed", "missing", "must",
		"need", "needs", "no", "none", "not", "null", "of", "on", "only", "open", "or", "parse", "permission", "post",
		"put", "rate", "read", "read-only", "registry", "rejected", "request", "required", "revoked", "set", "signature",
		"stat", "that", "the", "there", "this", "timed", "timeout", "to", "token", "tokens", "too", "unable", "unauthorized",
		"unexpected", "unknown", "unreachable", "unsupported", "unverified", "until", "use", "user", "valid", "verified",
		"was", "which", "while", "with", "without", "wrong", "you", "your",
	}, strings.Trim(strings.ToLower(word), ".,;:!?()"))
}

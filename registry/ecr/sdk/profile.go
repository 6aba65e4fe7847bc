package sdk

import (
	"bufio"
	"bytes"
	"regexp"
	"slices"
	"strings"
)

// Profile is a section of the shared configuration of the AWS CLI and SDKs
// (SDK reference guide, Shared config and credentials files).
type Profile struct {
	Name    string
	Region  string // "" where it names none
	Account string // twelve digits, "" where only asking tells
	Kind    string // how it gets credentials: "sso", "role", "process", "web identity" or "keys"
}

// ParseProfiles reads the names and whereabouts of profiles from the texts of
// the config and the credentials file; either may be empty. Lines that are not
// understood are passed over: the SDK complains about those when the profile is
// used.
func ParseProfiles(config, credentials []byte) []Profile {
	p := &profiles{found: map[string]*Profile{}}
	p.read(config, true)
	p.read(credentials, false)
	out := make([]Profile, 0, len(p.order))
	for _, name := range p.order {
		one := p.found[name]
		if one.Kind == "" {
			one.Kind = "keys"
		}
		out = append(out, *one)
	}
	return out
}

type profiles struct {
	found map[string]*Profile
	order []string
}

func (p *profiles) read(text []byte, prefixed bool) {
	var now *Profile
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		line := lines.Text()
		if name, ok := section(line); ok {
			now = p.open(name, prefixed)
			continue
		}
		nested := line != strings.TrimLeft(line, " \t")
		key, value, ok := strings.Cut(line, "=")
		if now == nil || !ok || nested {
			continue
		}
		now.set(strings.TrimSpace(key), strings.TrimSpace(value))
	}
}

// section is the name in a line such as [profile prod].
func section(line string) (string, bool) {
	line = strings.TrimSpace(line)
	if i := strings.IndexAny(line, "#;"); i > 0 {
		line = strings.TrimSpace(line[:i])
	}
	inner, ok := strings.CutPrefix(line, "[")
	if !ok || !strings.HasSuffix(inner, "]") {
		return "", false
	}
	return strings.TrimSpace(strings.TrimSuffix(inner, "]")), true
}

// open is the profile of a section, nil for sections of another kind. In the
// config file all but the default one say that they are profiles.
func (p *profiles) open(name string, prefixed bool) *Profile {
	if prefixed && name != "default" {
		rest, ok := strings.CutPrefix(name, "profile ")
		if !ok {
			return nil
		}
		name = strings.TrimSpace(rest)
	}
	if name == "" || strings.ContainsAny(name, " \t\"'") {
		return nil
	}
	if p.found[name] == nil {
		p.found[name] = &Profile{Name: name}
		p.order = append(p.order, name)
	}
	return p.found[name]
}

var (
	twelveDigits = regexp.MustCompile(`^[0-9]{12}$`)
	regionName   = regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$`)
)

// kindOfKey is how a profile gets credentials that has the key.
func kindOfKey(key string) string {
	return map[string]string{
		"sso_session": "sso", "sso_start_url": "sso", "role_arn": "role", "credential_process": "process",
		"web_identity_token_file": "web identity",
	}[key]
}

func (p *Profile) set(key, value string) {
	switch {
	case key == "region" && regionName.MatchString(value):
		p.Region = value
	case key == "sso_account_id" && twelveDigits.MatchString(value):
		p.Account = value
	case key == "role_arn":
		if parts := strings.Split(value, ":"); len(parts) > 4 && twelveDigits.MatchString(parts[4]) {
			p.Account = parts[4]
		}
	}
	if kind := kindOfKey(key); kind != "" && !slices.Contains([]string{"role", "web identity"}, p.Kind) {
		p.Kind = kind
	}
}

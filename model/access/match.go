package access

import "strings"

// about reports whether the statement is about an action.
func (s Statement) about(action string) bool {
	if len(s.NotActions) > 0 {
		return !anyGlob(s.NotActions, action)
	}
	return anyGlob(s.Actions, action)
}

// on reports whether the statement is about a resource; one that names none is
// about the repository that its policy belongs to.
func (s Statement) on(arn string) bool {
	if len(s.NotResources) > 0 {
		return !anyGlob(s.NotResources, arn)
	}
	return len(s.Resources) == 0 || anyGlob(s.Resources, arn)
}

// covers reports whether the statement is about a principal. Everyone is only
// everyone: what one of them may, not all may. An account's root means all its
// identities where they are refused, and lets the account decide where they are
// allowed.
func (s Statement) covers(p Principal) bool {
	for _, not := range s.NotPrincipals {
		if not == p || not.Everyone() {
			return false
		}
	}
	if len(s.NotPrincipals) > 0 {
		return true
	}
	for _, one := range s.Principals {
		if one == p || one.Everyone() || s.Deny && one.contains(p) {
			return true
		}
	}
	return false
}

// contains reports whether the principal is the whole account of another.
func (p Principal) contains(other Principal) bool {
	account := p.Account()
	return account != "" && p.root() && account == other.Account()
}

func (p Principal) root() bool {
	return p.Kind == "AWS" && (p.Name == p.Account() || strings.HasSuffix(p.Name, ":root"))
}

// Account is the twelve digits of an AWS principal, "" where it names none.
func (p Principal) Account() string {
	name := p.Name
	if parts := strings.Split(name, ":"); len(parts) > 5 && parts[0] == "arn" {
		name = parts[4]
	}
	if p.Kind != "AWS" || len(name) != 12 || strings.Trim(name, "0123456789") != "" {
		return ""
	}
	return name
}

func anyGlob(patterns []string, s string) bool {
	for _, p := range patterns {
		if glob(strings.ToLower(p), strings.ToLower(s)) {
			return true
		}
	}
	return false
}

// glob matches * and ?, without going back further than the last *.
func glob(pattern, s string) bool {
	star, from := -1, 0
	p, i := 0, 0
	for i < len(s) {
		switch {
		case p < len(pattern) && pattern[p] == '*':
			star, from = p, i
			p++
		case p < len(pattern) && (pattern[p] == '?' || pattern[p] == s[i]):
			p++
			i++
		case star >= 0:
			from++
			p, i = star+1, from
		default:
			return false
		}
	}
	return strings.Trim(pattern[p:], "*") == ""
}

package access

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"slices"

	"regatta/model/text"
)

type wirePolicy struct {
	Version    string                   `json:"Version"`
	Statements oneOrMany[wireStatement] `json:"Statement"`
}

type wireStatement struct {
	Sid          string                                `json:"Sid"`
	Effect       string                                `json:"Effect"`
	Principal    *wirePrincipal                        `json:"Principal"`
	NotPrincipal *wirePrincipal                        `json:"NotPrincipal"`
	Action       oneOrMany[string]                     `json:"Action"`
	NotAction    oneOrMany[string]                     `json:"NotAction"`
	Resource     oneOrMany[string]                     `json:"Resource"`
	NotResource  oneOrMany[string]                     `json:"NotResource"`
	Condition    map[string]map[string]json.RawMessage `json:"Condition"`
}

// oneOrMany is a list, or its only item without brackets.
type oneOrMany[T any] []T

// UnmarshalJSON implements json.Unmarshaler.
func (l *oneOrMany[T]) UnmarshalJSON(raw []byte) error {
	if bytes.HasPrefix(raw, []byte("[")) {
		return json.Unmarshal(raw, (*[]T)(l))
	}
	var one T
	if err := json.Unmarshal(raw, &one); err != nil {
		return err
	}
	*l = oneOrMany[T]{one}
	return nil
}

// wirePrincipal is "*", or names by kind.
type wirePrincipal []Principal

// UnmarshalJSON implements json.Unmarshaler.
func (p *wirePrincipal) UnmarshalJSON(raw []byte) error {
	if bytes.HasPrefix(raw, []byte(`"`)) {
		var name string
		if err := json.Unmarshal(raw, &name); err != nil {
			return err
		}
		if name != "*" {
			return fmt.Errorf("the Principal %q is neither * nor names by their kind", text.Clean(name))
		}
		*p = wirePrincipal{{Kind: "*", Name: "*"}}
		return nil
	}
	var kinds map[string]oneOrMany[string]
	if err := json.Unmarshal(raw, &kinds); err != nil {
		return err
	}
	*p = nil
	for _, kind := range slices.Sorted(maps.Keys(kinds)) {
		for _, name := range kinds[kind] {
			*p = append(*p, Principal{Kind: text.Clean(kind), Name: text.Clean(name)})
		}
	}
	return nil
}

func (w wireStatement) statement() (Statement, error) {
	s := Statement{
		Sid: text.Clean(w.Sid), Deny: w.Effect == "Deny",
		Actions: cleaned(w.Action), NotActions: cleaned(w.NotAction),
		Resources: cleaned(w.Resource), NotResources: cleaned(w.NotResource),
	}
	if w.Principal != nil {
		s.Principals = *w.Principal
	}
	if w.NotPrincipal != nil {
		s.NotPrincipals = *w.NotPrincipal
	}
	for _, operator := range slices.Sorted(maps.Keys(w.Condition)) {
		for _, key := range slices.Sorted(maps.Keys(w.Condition[operator])) {
			s.Conditions = append(s.Conditions, text.Clean(operator+" "+key))
		}
	}
	switch {
	case w.Effect != "Allow" && w.Effect != "Deny":
		return s, fmt.Errorf("the Effect %q is neither Allow nor Deny", text.Clean(w.Effect))
	case len(s.Principals)+len(s.NotPrincipals) == 0:
		return s, errors.New("there is no Principal")
	case len(s.Actions)+len(s.NotActions) == 0:
		return s, errors.New("there is no Action")
	}
	return s, nil
}

func cleaned(in []string) []string {
	var out []string
	for _, s := range in {
		out = append(out, text.Clean(s))
	}
	return out
}

// statementOffset is where the statement with an index begins, 0 where that is
// not found.
func statementOffset(policy string, index int) int64 {
	dec := json.NewDecoder(bytes.NewReader([]byte(policy)))
	var depth, seen int
	inside := false
	for {
		token, err := dec.Token()
		if err != nil {
			return 0
		}
		switch token {
		case json.Delim('{'), json.Delim('['):
			depth++
			if inside && token == json.Delim('{') && depth <= 3 {
				if seen == index {
					return dec.InputOffset() - 1
				}
				seen++
			}
		case json.Delim('}'), json.Delim(']'):
			depth--
			inside = inside && depth > 1
		case "Statement":
			inside = inside || depth == 1
		}
	}
}

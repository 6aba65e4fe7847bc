// Package access reads the policies of a repository and of its registry, IAM
// policies in JSON, as a table of who may pull, push, delete and administer, and
// writes those that grant no more than one of that. It imports the standard
// library and model/text.
package access

import (
	"encoding/json"
	"errors"
	"fmt"
	"strings"

	"regatta/model/text"
)

// Policy is an IAM policy (IAM user guide, JSON policy element reference).
type Policy struct {
	Version    string
	Statements []Statement
}

// Statement is one of a policy. What is listed under Not… is what it is not
// about.
type Statement struct {
	Sid           string
	Deny          bool
	Principals    []Principal
	NotPrincipals []Principal
	Actions       []string
	NotActions    []string
	Resources     []string // none: the repository that the policy belongs to
	NotResources  []string
	Conditions    []string // OPERATOR KEY, a line each
}

// Principal is who a statement is about: everyone, or a kind of identity by name.
type Principal struct {
	Kind string // AWS, Service, Federated, CanonicalUser; * is everyone
	Name string
}

// String is the principal in short: "*" is everyone.
func (p Principal) String() string {
	if p.Everyone() {
		return "*"
	}
	return p.Name
}

// Everyone reports whether it is anyone at all, whatever their account.
func (p Principal) Everyone() bool { return p.Kind == "*" || p.Kind == "AWS" && p.Name == "*" }

// PositionError says where a policy is not one.
type PositionError struct {
	Line, Column int // from 1, in bytes
	Text         string
}

// Error implements error.
func (e *PositionError) Error() string {
	return fmt.Sprintf("line %d, column %d: %s", e.Line, e.Column, e.Text)
}

// maxPolicy bounds what is parsed, in bytes; the service takes 10,240 characters
// (API reference, SetRepositoryPolicy).
const maxPolicy = 64 << 10

// Parse reads a policy. Its error is a *PositionError.
func Parse(policy string) (Policy, error) {
	if len(policy) > maxPolicy {
		return Policy{}, &PositionError{1, 1, "the policy is larger than " + text.Bytes(maxPolicy)}
	}
	var w wirePolicy
	err := json.Unmarshal([]byte(policy), &w)
	if err == nil && len(w.Statements) == 0 {
		err = errors.New("there is no Statement")
	}
	if err != nil {
		return Policy{}, positioned(policy, err)
	}
	p := Policy{Version: text.Clean(w.Version)}
	for i, raw := range w.Statements {
		s, err := raw.statement()
		if err != nil {
			return Policy{}, place(policy, statementOffset(policy, i), fmt.Sprintf("statement %d: %v", i+1, err))
		}
		p.Statements = append(p.Statements, s)
	}
	return p, nil
}

// positioned finds the place of an error of the JSON library.
func positioned(policy string, err error) error {
	var syntax *json.SyntaxError
	var shape *json.UnmarshalTypeError
	switch {
	case errors.As(err, &syntax):
		return place(policy, max(0, syntax.Offset-1), syntax.Error())
	case errors.As(err, &shape):
		return place(policy, shape.Offset, "a "+shape.Value+" is not what belongs into "+shape.Field)
	}
	return place(policy, 0, err.Error())
}

func place(policy string, offset int64, what string) error {
	before := policy[:min(offset, int64(len(policy)))]
	line := strings.Count(before, "\n")
	return &PositionError{line + 1, len(before) - strings.LastIndexByte(before, '\n'), text.Clean(what)}
}

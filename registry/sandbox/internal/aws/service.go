// Package aws is the wire of an AWS account: the awsJson1.1 protocol, who asks,
// what that role may do, errors and paging. The services of the account are
// packages of their own on top of it. It may import std.
package aws

import (
	"encoding/json"
	"strings"
)

// Service is one of the account's APIs.
type Service struct {
	// Name is the prefix of its permissions, "ecr".
	Name string
	// Target is the service in X-Amz-Target, before the dot.
	Target string
	// Operations are what it serves, by name.
	Operations map[string]Operation
	// Permissions are those that are not called like their operation.
	Permissions map[string]string
	// Resource names what a request is about, for refusals; nil is "*".
	Resource func(c *Call, body []byte) string
}

// permission is what a role needs for an operation.
func (s Service) permission(operation string) string {
	if name, ok := s.Permissions[operation]; ok {
		return s.Name + ":" + name
	}
	return s.Name + ":" + operation
}

// Operation serves one request with a JSON body. Its error is an *Error.
type Operation func(c *Call, body []byte) (any, error)

// Op makes an operation of a function on decoded shapes. Members that it does
// not know are ignored, as AWS ignores them.
func Op[In, Out any](do func(*Call, In) (Out, error)) Operation {
	return func(c *Call, body []byte) (any, error) {
		var in In
		if err := json.Unmarshal(body, &in); err != nil {
			return nil, Errorf("SerializationException", "%s", err)
		}
		return do(c, in)
	}
}

// find splits X-Amz-Target.
func find(services []Service, target string) (Service, string, bool) {
	prefix, operation, _ := strings.Cut(target, ".")
	for _, s := range services {
		if s.Target == prefix {
			return s, operation, true
		}
	}
	return Service{}, "", false
}

// Package fault gives every error of a registry one shape: what was being done
// to what, and of which kind the failure is. It imports the standard library
// and the model; advice for each kind lives with the faces that show it (ui, cmd).
package fault

import (
	"context"
	"errors"
	"strings"

	"regatta/model/redact"
)

// Kind says what went wrong in terms a user can act on.
type Kind uint8

// The kinds of failure.
const (
	Unknown     Kind = iota
	Auth             // credentials are missing, wrong or expired
	Denied           // the identity is known and may not do this
	NotFound         // the name is not there
	RateLimited      // the registry asks for fewer requests
	Immutable        // the tag may not be moved
	Unsupported      // the registry cannot do this
	Drift            // the registry changed since it was looked at
	Unresolved       // the host's name does not resolve
	Unreachable      // the host refuses or drops the connection
	TLS              // the host's certificate is not trusted
	Timeout          // no answer in time
	Unavailable      // the registry answers with a server error
	Protocol         // the answer is not a registry's
	TooLarge         // the answer is larger than what is accepted
	Corrupt          // content does not match its digest
	Invalid          // what the user gave does not parse
	ReadOnly         // the context forbids changes
	Cancelled        // the user stopped it
	Unrecorded       // what is changed could not be written to the journal
	NoSpace          // a disk of this machine is full
	InUse            // something runs it
	Incomplete       // something of it is not there, or not known
	Unprotected      // what runs it is not fully known
	Occupied         // something else is where it would go
	Stale            // what is known is too old to decide by
)

// String is the kind in the field's words.
func (k Kind) String() string {
	names := [...]string{
		"failed", "not signed in", "denied", "not found", "rate limited", "immutable", "not supported",
		"changed meanwhile", "host not found", "unreachable", "certificate not trusted", "timed out",
		"registry unavailable", "not a registry's answer", "too large", "corrupt", "invalid", "read-only", "cancelled",
		"the journal cannot be written", "no space left", "in use", "not whole",
		"not fully protected", "already there", "too old to decide by",
	}
	if int(k) < len(names) {
		return names[k]
	}
	return names[Unknown]
}

// Error is a failure with its context. Detail is the registry's own text, safe
// for a terminal and free of secrets.
type Error struct {
	Op     string // what was being done, "list tags of"
	Object string // to what, "registry.example/shop/api"
	Kind   Kind
	Detail string
	Advice string // what to do, where the kind alone does not tell
	Err    error  // the cause, may be nil
}

// Error implements error. It is the last door before a screen, a log or the
// journal, so secrets are looked for once more.
func (e *Error) Error() string {
	parts := make([]string, 0, 3)
	if e.Op != "" {
		parts = append(parts, strings.TrimSpace(e.Op+" "+e.Object))
	}
	if e.Kind != Unknown {
		parts = append(parts, e.Kind.String())
	}
	switch {
	case e.Detail != "":
		parts = append(parts, e.Detail)
	case e.Err != nil:
		parts = append(parts, e.Err.Error())
	}
	return redact.Text(strings.Join(parts, ": "))
}

// Unwrap returns the cause.
func (e *Error) Unwrap() error { return e.Err }

// KindOf is the kind of the outermost Error in err's chain; a cancelled context
// is Cancelled, a passed deadline Timeout.
func KindOf(err error) Kind {
	var e *Error
	if errors.As(err, &e) && e.Kind != Unknown {
		return e.Kind
	}
	switch {
	case errors.Is(err, context.Canceled):
		return Cancelled
	case errors.Is(err, context.DeadlineExceeded):
		return Timeout
	}
	return Unknown
}

// AdviceOf is what the outermost Error in err's chain advises, empty if it has
// nothing better to say than its kind.
func AdviceOf(err error) string {
	if e, ok := errors.AsType[*Error](err); ok {
		return e.Advice
	}
	return ""
}

// Is reports whether err is of kind k.
func Is(err error, k Kind) bool { return err != nil && KindOf(err) == k }

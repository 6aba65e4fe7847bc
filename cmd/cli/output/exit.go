package output

import (
	"context"
	"errors"

	"regatta/cmd/app"
	"regatta/cmd/config"
	"regatta/model/fault"
	"regatta/model/ref"
)

// Exit is the status that the process ends with.
type Exit int

// The exit codes, as scripts rely on them.
const (
	Done    Exit = 0
	Failed  Exit = 1
	Usage   Exit = 2
	Refused Exit = 3 // drift, protected, in use, read-only, needs --yes
	Partly  Exit = 4
)

// exitError ends with a code and, if quiet, without another word.
type exitError struct {
	code Exit
	err  error
}

func (e exitError) Error() string {
	if e.err == nil {
		return ""
	}
	return e.err.Error()
}

func (e exitError) Unwrap() error { return e.err }

// ExitOf is the code that an error ends the process with.
func ExitOf(err error) Exit {
	var coded exitError
	var bad config.Errors
	switch {
	case err == nil:
		return Done
	case errors.As(err, &coded):
		return coded.code
	case app.IsMistake(err), errors.As(err, &bad), errors.Is(err, ref.ErrInvalid):
		return Usage
	case app.IsRefusal(err):
		return Refused
	case fault.Is(err, fault.ReadOnly), fault.Is(err, fault.Drift), fault.Is(err, fault.Immutable),
		fault.Is(err, fault.Unrecorded), fault.Is(err, fault.InUse), fault.Is(err, fault.Incomplete),
		fault.Is(err, fault.Unprotected), fault.Is(err, fault.Occupied), fault.Is(err, fault.Stale):
		return Refused
	case errors.Is(err, context.Canceled):
		return Failed
	}
	return Failed
}

// End is err, and with it the code that the process ends with.
func End(code Exit, err error) error { return exitError{code: code, err: err} }

// Partially ends a verb that failed and yet has told something with Partly.
func Partially(err error) error {
	if coded, ok := errors.AsType[exitError](err); ok {
		coded.code = Partly
		return coded
	}
	return err
}

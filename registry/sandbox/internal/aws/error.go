package aws

import (
	"errors"
	"fmt"
	"net/http"
)

// Error is an error as an API answers with it.
type Error struct {
	Code    string // with "Exception" at the end, where it has one
	Message string
	Status  int
}

// Error implements error.
func (e *Error) Error() string { return e.Code + ": " + e.Message }

// Errorf is an error of the client: HTTP 400.
func Errorf(code, format string, args ...any) *Error {
	return &Error{Code: code, Message: fmt.Sprintf(format, args...), Status: http.StatusBadRequest}
}

// Invalid is what ECR says about a parameter (API reference,
// InvalidParameterException).
func Invalid(parameter, format string, args ...any) *Error {
	return Errorf("InvalidParameterException", "Invalid parameter at '%s' failed to satisfy constraint: '%s'",
		parameter, fmt.Sprintf(format, args...))
}

// Throttled is what a service says to those who ask too often (API reference,
// common errors).
func Throttled() *Error { return Errorf("ThrottlingException", "Rate exceeded") }

func asError(err error) *Error {
	if e, ok := errors.AsType[*Error](err); ok {
		return e
	}
	return &Error{Code: "ServerException", Message: err.Error(), Status: http.StatusInternalServerError}
}

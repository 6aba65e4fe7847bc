package cli

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"regatta/cmd/app"
	"regatta/model/text"
)

// failures are the parts of a listing that could not be read, and why.
type failures struct {
	list []app.Failure
}

func (f *failures) add(name string, err error) {
	f.list = append(f.list, app.Failure{Name: name, Err: err})
}

// report names the failures, sorted, and returns the error that the verb ends
// with: Partly done if anything of all could be read.
func (f *failures) report(w io.Writer, did, nouns string, all int) error {
	if len(f.list) == 0 {
		return nil
	}
	list := slices.SortedFunc(slices.Values(f.list), func(a, b app.Failure) int { return strings.Compare(a.Name, b.Name) })
	for _, x := range list {
		fmt.Fprintf(w, "%s: %s\n", text.Clean(x.Name), text.Clean(x.Err.Error()))
	}
	code := Partly
	if len(list) >= all {
		code = Failed
	}
	return exitError{code, &partialError{
		text:  fmt.Sprintf("could not %s %s of %s %s", did, text.Count(len(list)), text.Count(all), nouns),
		cause: list[0].Err,
	}}
}

// partialError sums up failures that are printed already. Its cause is only
// there for the advice.
type partialError struct {
	text  string
	cause error
}

// Error implements error.
func (e *partialError) Error() string { return e.text }

// Unwrap returns the first of the causes.
func (e *partialError) Unwrap() error { return e.cause }

package output

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"regatta/cmd/app"
	"regatta/model/text"
)

// Failures are the parts of a listing that could not be read, and why.
type Failures struct {
	List []app.Failure
}

// Add keeps that name could not be read.
func (f *Failures) Add(name string, err error) {
	f.List = append(f.List, app.Failure{Name: name, Err: err})
}

// Report names the failures, sorted, and returns the error that the verb ends
// with: Partly done if anything of all could be read.
func (f *Failures) Report(w io.Writer, did, nouns string, all int) error {
	if len(f.List) == 0 {
		return nil
	}
	list := slices.SortedFunc(slices.Values(f.List), func(a, b app.Failure) int { return strings.Compare(a.Name, b.Name) })
	for _, x := range list {
		fmt.Fprintf(w, "%s: %s\n", text.Clean(x.Name), text.Clean(x.Err.Error()))
	}
	code := Partly
	if len(list) >= all {
		code = Failed
	}
	return End(code, &partialError{
		text:  fmt.Sprintf("could not %s %s of %s %s", did, text.Count(len(list)), text.Count(all), nouns),
		cause: list[0].Err,
	})
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

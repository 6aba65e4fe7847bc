package image

import "regatta/model/text"

// OmittedError says that a list has names that cannot be used, and are left out: it is
// read to its end, and not complete.
type OmittedError struct{ Names int }

// Omitted is the error of a list that had so many such names, nil for none.
func Omitted(names int) error {
	if names == 0 {
		return nil
	}
	return &OmittedError{names}
}

// Error implements error.
func (e *OmittedError) Error() string {
	if e.Names == 1 {
		return "1 name in the list is not valid, and is left out"
	}
	return text.Count(e.Names) + " names in the list are not valid, and are left out"
}

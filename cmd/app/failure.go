package app

// Failure is a part of what was to be read that could not be, and why.
type Failure struct {
	Name string
	Err  error
}

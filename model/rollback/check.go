package rollback

import "slices"

// Level says what a check means for going back.
type Level string

// The levels.
const (
	OK      Level = "ok"
	Unknown Level = "unknown" // nobody has looked, or can before it is tried
	Warn    Level = "warn"    // the user decides
	Block   Level = "block"   // nothing is changed
)

// Check is one thing that was looked at before going back. Its text says what was
// found, and what to do where that is not well.
type Check struct {
	Name  string `json:"name"`
	Level Level  `json:"level"`
	Text  string `json:"text"`
}

// Blocked are the checks that forbid to go back.
func Blocked(checks []Check) []Check {
	return slices.DeleteFunc(slices.Clone(checks), func(c Check) bool { return c.Level != Block })
}

// Doubts are the checks that leave something to decide, or not known.
func Doubts(checks []Check) []Check {
	return slices.DeleteFunc(slices.Clone(checks), func(c Check) bool { return c.Level != Warn && c.Level != Unknown })
}

package app

import (
	"errors"
	"fmt"
)

// mistake is an error of whoever asked: what was asked for cannot be meant.
type mistake struct{ error }

// Unwrap returns the error itself.
func (m mistake) Unwrap() error { return m.error }

// Mistake marks err as one of whoever asked, not of the world.
func Mistake(err error) error { return mistake{err} }

// Mistakef is Mistake with a text of its own, formed as by fmt.Errorf.
func Mistakef(format string, args ...any) error { return mistake{fmt.Errorf(format, args...)} }

// IsMistake reports whether err is one of whoever asked.
func IsMistake(err error) bool { return errors.As(err, new(mistake)) }

// refusal is an error of what may not be done as things are.
type refusal struct{ error }

// Unwrap returns the error itself.
func (r refusal) Unwrap() error { return r.error }

// Refusal marks err as why something is refused: nothing was changed, and nothing is
// broken.
func Refusal(err error) error { return refusal{err} }

// IsRefusal reports whether err is why something is refused.
func IsRefusal(err error) bool { return errors.As(err, new(refusal)) }

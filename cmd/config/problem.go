package config

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
)

// Problem is one thing wrong with the file. Line and Column count from 1; they
// are 0 where the problem has no place.
type Problem struct {
	File         string
	Line, Column int
	Message      string
}

// String is FILE:LINE:COLUMN: message.
func (p Problem) String() string {
	if p.Line == 0 {
		return p.File + ": " + p.Message
	}
	return fmt.Sprintf("%s:%d:%d: %s", p.File, p.Line, p.Column, p.Message)
}

// Errors is everything wrong with a file, in its order.
type Errors []Problem

// Error implements error, with a problem a line.
func (e Errors) Error() string {
	lines := make([]string, len(e))
	for i, p := range e {
		lines[i] = p.String()
	}
	return strings.Join(lines, "\n")
}

// asError is e in the order of the file, nil if there is nothing in it.
func (e Errors) asError() error {
	if len(e) == 0 {
		return nil
	}
	slices.SortStableFunc(e, func(a, b Problem) int {
		return cmp.Or(cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
	})
	return e
}

// position is where the file names something.
type position struct {
	name string
	at   Problem
}

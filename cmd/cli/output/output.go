// Package output is how the command line speaks: where it writes, tables for people and
// JSON for programs, a line that shows progress, and the codes that it ends with. It
// imports app and model.
package output

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/spf13/cobra"
)

// Format is how a result is printed: table for people, json for programs.
type Format string

// How results are printed.
const (
	Table Format = "table" // for people
	JSON  Format = "json"  // for programs, as docs/json.md says
)

// String implements pflag.Value.
func (f *Format) String() string { return string(*f) }

// Type implements pflag.Value.
func (f *Format) Type() string { return "FORMAT" }

// Set implements pflag.Value.
func (f *Format) Set(s string) error {
	switch Format(s) {
	case Table, JSON:
		*f = Format(s)
		return nil
	case Markdown:
	}
	return errors.New("want table or json")
}

// FormatFlag gives cmd the flag -o.
func FormatFlag(cmd *cobra.Command, f *Format) {
	*f = Table
	cmd.Flags().VarP(f, "output", "o", "`FORMAT` of the result: table or json")
	complete := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{string(Table), string(JSON)}, cobra.ShellCompDirectiveNoFileComp
	}
	_ = cmd.RegisterFlagCompletionFunc("output", complete) // fails only for a flag that is not there
}

// Markdown is a record for people, of what has one.
const Markdown Format = "markdown"

// written is a format that may be Markdown too.
type written struct{ *Format }

// Set implements pflag.Value.
func (r written) Set(s string) error {
	if Format(s) == Markdown {
		*r.Format = Markdown
		return nil
	}
	if r.Format.Set(s) != nil {
		return errors.New("want table, json or markdown")
	}
	return nil
}

// RecordFlag is formatFlag with Markdown.
func RecordFlag(cmd *cobra.Command, f *Format) {
	*f = Table
	cmd.Flags().VarP(written{f}, "output", "o", "`FORMAT` of the result: table, json or markdown")
	complete := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{string(Table), string(JSON), string(Markdown)}, cobra.ShellCompDirectiveNoFileComp
	}
	_ = cmd.RegisterFlagCompletionFunc("output", complete) // fails only for a flag that is not there
}

// Result is what a verb prints on Out.
type Result struct {
	JSON any
	Text func(w io.Writer)
}

// Print writes the result at once, so that a failed write is noticed and
// nothing is printed by halves.
func (s Streams) Print(f Format, r Result) error {
	var b bytes.Buffer
	if f == JSON {
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(r.JSON); err != nil {
			return fmt.Errorf("encode the result: %w", err)
		}
	} else {
		r.Text(&b)
	}
	if _, err := s.Out.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}

// List is a list for JSON, [] where it is empty.
func List[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}

// Object is a map for JSON, {} where it is empty.
func Object(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

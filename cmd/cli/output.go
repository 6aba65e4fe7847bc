package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"time"

	"github.com/spf13/cobra"
)

// format is how a result is printed: table for people, json for programs.
type format string

const (
	asTable format = "table"
	asJSON  format = "json"
)

// String implements pflag.Value.
func (f *format) String() string { return string(*f) }

// Type implements pflag.Value.
func (f *format) Type() string { return "FORMAT" }

// Set implements pflag.Value.
func (f *format) Set(s string) error {
	switch format(s) {
	case asTable, asJSON:
		*f = format(s)
		return nil
	case asMarkdown:
	}
	return errors.New("want table or json")
}

// formatFlag gives cmd the flag -o.
func formatFlag(cmd *cobra.Command, f *format) {
	*f = asTable
	cmd.Flags().VarP(f, "output", "o", "`FORMAT` of the result: table or json")
	complete := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{string(asTable), string(asJSON)}, cobra.ShellCompDirectiveNoFileComp
	}
	_ = cmd.RegisterFlagCompletionFunc("output", complete) // fails only for a flag that is not there
}

// asMarkdown is a record for people, of what has one.
const asMarkdown format = "markdown"

// written is a format that may be Markdown too.
type written struct{ *format }

// Set implements pflag.Value.
func (r written) Set(s string) error {
	if format(s) == asMarkdown {
		*r.format = asMarkdown
		return nil
	}
	if r.format.Set(s) != nil {
		return errors.New("want table, json or markdown")
	}
	return nil
}

// recordFlag is formatFlag with Markdown.
func recordFlag(cmd *cobra.Command, f *format) {
	*f = asTable
	cmd.Flags().VarP(written{f}, "output", "o", "`FORMAT` of the result: table, json or markdown")
	complete := func(*cobra.Command, []string, string) ([]string, cobra.ShellCompDirective) {
		return []string{string(asTable), string(asJSON), string(asMarkdown)}, cobra.ShellCompDirectiveNoFileComp
	}
	_ = cmd.RegisterFlagCompletionFunc("output", complete) // fails only for a flag that is not there
}

// result is what a verb prints on Out.
type result struct {
	json any
	text func(w io.Writer)
}

// print writes the result at once, so that a failed write is noticed and
// nothing is printed by halves.
func (s Streams) print(f format, r result) error {
	var b bytes.Buffer
	if f == asJSON {
		enc := json.NewEncoder(&b)
		enc.SetEscapeHTML(false)
		enc.SetIndent("", "  ")
		if err := enc.Encode(r.json); err != nil {
			return fmt.Errorf("encode the result: %w", err)
		}
	} else {
		r.text(&b)
	}
	if _, err := s.Out.Write(b.Bytes()); err != nil {
		return fmt.Errorf("write the result: %w", err)
	}
	return nil
}

// The JSON documents say null for what is not known, never leave a field out,
// and have [] and {} for what is empty.

func orNull[T comparable](v T) *T {
	var zero T
	if v == zero {
		return nil
	}
	return &v
}

// sizeOrNull takes negative sizes for unknown.
func sizeOrNull(n int64) *int64 {
	if n < 0 {
		return nil
	}
	return &n
}

// timeOrNull is RFC 3339 in UTC.
func timeOrNull(t time.Time) *string {
	if t.IsZero() {
		return nil
	}
	s := t.UTC().Format(time.RFC3339)
	return &s
}

func list[T any](in []T) []T {
	if in == nil {
		return []T{}
	}
	return in
}

func object(m map[string]string) map[string]string {
	if m == nil {
		return map[string]string{}
	}
	return m
}

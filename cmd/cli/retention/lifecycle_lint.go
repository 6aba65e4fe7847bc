package retention

import (
	"fmt"
	"io"

	"regatta/cmd/cli/output/null"

	"github.com/spf13/cobra"

	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	"regatta/model/lifecycle"
	"regatta/model/text"
)

func lifecycleLintVerb(a *verb.Program) *cobra.Command {
	var path string
	var as output.Format
	cmd := &cobra.Command{
		Use:   "lint --policy FILE",
		Short: "Show everything that ECR would not accept in a lifecycle policy, and where it is",
		Args:  verb.Arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			p, err := readPolicy(cmd.Context(), a, path)
			if err != nil {
				return err
			}
			policy, violations := lifecycle.Parse(p.source)
			if err := a.Streams.Print(as, lintResult(p, policy, violations)); err != nil {
				return err
			}
			if len(violations) > 0 {
				return p.invalid(violations)
			}
			return nil
		},
	}
	output.FormatFlag(cmd, &as)
	policyFlag(cmd, &path)
	return cmd
}

type lintJSON struct {
	Policy     string          `json:"policy"`
	Violations []violationJSON `json:"violations"`
}

type violationJSON struct {
	Line    int     `json:"line"`
	Column  int     `json:"column"`
	Offset  int     `json:"offset"`
	Length  int     `json:"length"`
	Text    string  `json:"text"`
	Message string  `json:"message"`
	Detail  *string `json:"detail"`
	FromAWS bool    `json:"fromAWS"`
}

func lintResult(p policyFile, policy lifecycle.Policy, violations []lifecycle.Violation) output.Result {
	doc := lintJSON{Policy: p.name, Violations: []violationJSON{}}
	for _, v := range violations {
		doc.Violations = append(doc.Violations, violationJSON{
			Line: v.Line, Column: v.Column, Offset: v.Span.From, Length: v.Span.To - v.Span.From,
			Text: v.Text, Message: v.Message, Detail: null.Of(v.Detail), FromAWS: v.FromAWS,
		})
	}
	return output.Result{JSON: doc, Text: func(w io.Writer) {
		for _, v := range violations {
			fmt.Fprintln(w, p.complaint(v))
		}
		if len(violations) == 0 {
			fmt.Fprintf(w, "%s: valid, %s\n", p.name, text.Plural(len(policy.Rules()), "rule", "rules"))
		}
	}}
}

// Package retention has the verbs about what is to stay: lifecycle and prune. It imports app
// and model.
package retention

import (
	"context"
	"fmt"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	"regatta/model/lifecycle"
	"regatta/model/text"
)

// Lifecycle is the verb lifecycle.
func Lifecycle(a *verb.Program) *cobra.Command {
	cmd := &cobra.Command{
		Use:   "lifecycle",
		Short: "Check ECR lifecycle policies, and show what they would remove from any registry",
		RunE: func(*cobra.Command, []string) error {
			return app.Mistakef("which one? there are lint, preview, get and put")
		},
	}
	cmd.AddCommand(lifecycleLintVerb(a), lifecyclePreviewVerb(a), lifecycleGetVerb(a), lifecyclePutVerb(a))
	return cmd
}

func policyFlag(cmd *cobra.Command, path *string) {
	cmd.Flags().StringVar(path, "policy", "", "the policy's `FILE`, - for stdin")
}

// policyFile is the text of a policy and how to speak of where it is from.
type policyFile struct {
	name   string
	source string
}

func readPolicy(ctx context.Context, a *verb.Program, path string) (policyFile, error) {
	if path == "" {
		return policyFile{}, app.Mistakef("which policy? name its file with --policy")
	}
	if path == "-" {
		raw, err := app.ReadInput(ctx, a.Streams.In)
		if err != nil {
			return policyFile{}, fmt.Errorf("read the policy from stdin: %w", err)
		}
		return policyFile{"stdin", string(raw)}, nil
	}
	raw, err := app.ReadFile(ctx, path)
	if err != nil {
		return policyFile{}, fmt.Errorf("read the policy: %w", err)
	}
	return policyFile{text.Clean(path), string(raw)}, nil
}

// complaint is a violation as compilers print it.
func (p policyFile) complaint(v lifecycle.Violation) string {
	return fmt.Sprintf("%s:%d:%d: %s", p.name, v.Line, v.Column, v.String())
}

// invalid is the error for a policy with violations, which are printed already.
func (p policyFile) invalid(violations []lifecycle.Violation) error {
	return output.End(output.Failed, fmt.Errorf("%s has %s", p.name,
		text.Plural(len(violations), "violation", "violations")))
}

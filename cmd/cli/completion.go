package cli

import (
	"slices"

	"regatta/cmd/app"

	"github.com/spf13/cobra"
)

// refuseShells makes a shell that cobra has no completion for a mistake on the
// command line; cobra itself would print help and call it done.
func refuseShells(root *cobra.Command) {
	root.InitDefaultCompletionCmd()
	i := slices.IndexFunc(root.Commands(), func(c *cobra.Command) bool { return c.Name() == "completion" })
	if i < 0 {
		return
	}
	c := root.Commands()[i]
	c.Args = cobra.ArbitraryArgs
	c.RunE = func(*cobra.Command, []string) error {
		return app.Mistakef("which shell? there is completion for bash, fish, powershell and zsh")
	}
}

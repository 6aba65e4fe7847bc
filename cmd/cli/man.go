package cli

import (
	"fmt"
	"strings"

	mcobra "github.com/muesli/mango-cobra"
	"github.com/muesli/roff"
	"github.com/spf13/cobra"
	"github.com/spf13/pflag"

	"regatta/cmd/cli/verb"
)

func manVerb(a *verb.Program) *cobra.Command {
	return &cobra.Command{
		Use:   "man",
		Short: "Print the manual page in roff",
		Args:  verb.Arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error {
			plainUsage(cmd.Root())
			page, err := mcobra.NewManPage(1, cmd.Root())
			if err != nil {
				return fmt.Errorf("make the manual page: %w", err)
			}
			if _, err := fmt.Fprintln(a.Streams.Out, page.Build(roff.NewDocument())); err != nil {
				return fmt.Errorf("write the manual page: %w", err)
			}
			return nil
		},
	}
}

// plainUsage takes out the quotes by which pflag finds the name of a value.
func plainUsage(cmd *cobra.Command) {
	plain := func(f *pflag.Flag) { f.Usage = strings.ReplaceAll(f.Usage, "`", "") }
	cmd.Flags().VisitAll(plain)
	cmd.PersistentFlags().VisitAll(plain)
	for _, below := range cmd.Commands() {
		plainUsage(below)
	}
}

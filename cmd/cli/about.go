package cli

import (
	"fmt"
	"io"
	"runtime"

	"github.com/spf13/cobra"

	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
)

type versionJSON struct {
	Version  string `json:"version"`
	Go       string `json:"go"`
	Platform string `json:"platform"`
}

func about() versionJSON {
	return versionJSON{Version: versionText(), Go: runtime.Version(), Platform: runtime.GOOS + "/" + runtime.GOARCH}
}

func versionVerb(a *verb.Program) *cobra.Command {
	var as output.Format
	cmd := &cobra.Command{
		Use:   "version",
		Short: "Print the version",
		Args:  verb.Arguments(cobra.NoArgs),
		RunE: func(*cobra.Command, []string) error {
			v := about()
			return a.Streams.Print(as, output.Result{JSON: v, Text: func(w io.Writer) {
				fmt.Fprintf(w, "regatta %s (%s, %s)\n", v.Version, v.Go, v.Platform)
			}})
		},
	}
	output.FormatFlag(cmd, &as)
	return cmd
}

package contents

import (
	"context"
	"io"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/inside"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	"regatta/cmd/config"
	"regatta/model/supply"
	"regatta/model/text"
)

type verifyOptions struct {
	target string
	keys   []string
	output output.Format
}

// Verify is the verb verify.
func Verify(a *verb.Program) *cobra.Command {
	var o verifyOptions
	cmd := &cobra.Command{
		Use:   "verify REFERENCE",
		Short: "Verify the signatures of an image with public keys: of the config, or given",
		Args:  verb.Arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.target = args[0]
			return a.WithSession(func(s *app.App) error { return runVerify(cmd.Context(), s, a.Streams, o) })
		},
	}
	output.FormatFlag(cmd, &o.output)
	cmd.Flags().StringArrayVar(&o.keys, "key", nil, "a `FILE` with a public key as PEM, beside those of the config")
	return cmd
}

func runVerify(ctx context.Context, s *app.App, streams output.Streams, o verifyOptions) error {
	r, err := verb.ImageNamed(s, o.target)
	if err != nil {
		return err
	}
	var keys []supply.Key
	for _, path := range o.keys {
		k, err := app.ReadKey(config.Trust{Name: path, Key: path})
		if err != nil {
			return err
		}
		keys = append(keys, k)
	}
	c, err := inside.ReadSupplyChain(ctx, s, r, keys...)
	if err != nil {
		return err
	}
	v := verification{c, c.Signatures()}
	if err := streams.Print(o.output, output.Result{JSON: v.document(), Text: v.write}); err != nil {
		return err
	}
	return c.CheckSigned()
}

// verification is what became of the signatures of an image.
type verification struct {
	chain  *inside.SupplyChain
	claims []supply.Claim
}

type verificationJSON struct {
	Reference  string          `json:"reference"`
	Digest     string          `json:"digest"`
	Verified   bool            `json:"verified"`
	Signatures []signatureJSON `json:"signatures"`
}

func (v verification) document() verificationJSON {
	return verificationJSON{
		v.chain.Ref.String(), string(v.chain.Root.Digest), v.chain.CheckSigned() == nil, signatureDocs(v.claims),
	}
}

func (v verification) write(w io.Writer) {
	g := output.Grid{Header: []string{"VERDICT", "KEY", "SCHEME", "SIGNED", "IDENTITY", "WHY"}}
	for _, c := range v.claims {
		who := c.Identity
		if c.Issuer != "" {
			who += " of " + c.Issuer
		}
		g.Add(string(c.Verdict), c.Key, c.Scheme, text.Stamp(c.Time), who, c.Why)
	}
	if g.Some() {
		g.Write(w)
	}
}

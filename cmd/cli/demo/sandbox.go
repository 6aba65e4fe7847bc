package demo

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net"
	"net/http"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	"regatta/model/ref"
	"regatta/registry/sandbox"
)

// Options are the flags of sandbox.
type Options struct {
	listen string
	Empty  bool
	expose bool
	Auth   string
	Quirks []string
}

// sandboxUser is who may sign in where --auth asks for it; the password is the
// same word.
const sandboxUser = "regatta"

// Sandbox is the verb sandbox.
func Sandbox(a *verb.Program) *cobra.Command {
	var o Options
	cmd := &cobra.Command{
		Use:   "sandbox",
		Short: "Serve the embedded sandbox, a registry in memory, until it is interrupted",
		Long: "Serve the embedded sandbox, a registry in memory with the history of a made-up shop, until it is\n" +
			"interrupted. The first line on stdout says as JSON where it listens.",
		Args: verb.Arguments(cobra.NoArgs),
		RunE: func(cmd *cobra.Command, _ []string) error { return runSandbox(cmd.Context(), a, o) },
	}
	f := cmd.Flags()
	f.StringVar(&o.listen, "listen", "127.0.0.1:0", "listen on `ADDR`; port 0 takes a free one")
	f.BoolVar(&o.expose, "expose", false, "listen on an address that others can reach")
	f.BoolVar(&o.Empty, "empty", false, "begin without content")
	f.StringVar(&o.Auth, "auth", "", "ask for credentials, `HOW`: basic or bearer; user and password are "+sandboxUser)
	f.StringSliceVar(&o.Quirks, "quirk", nil, "take on a habit of registries in the field: `NAME` of "+
		strings.Join(quirkNames(), ", "))
	return cmd
}

// quirk is a habit that can be asked for by name.
type quirk struct {
	name string
	set  func(*sandbox.Quirks)
}

func quirks() []quirk {
	return []quirk{
		{"clamp-pages", func(q *sandbox.Quirks) { q.ClampPage = 100 }},
		{"no-catalog", func(q *sandbox.Quirks) { q.NoCatalog = true }},
		{"no-delete", func(q *sandbox.Quirks) { q.NoDelete = true }},
		{"no-referrers", func(q *sandbox.Quirks) { q.NoReferrers = true }},
		{"no-tag-delete", func(q *sandbox.Quirks) { q.NoTagDelete = true }},
		{"public-ecr", func(q *sandbox.Quirks) { q.PublicECR = true }},
		{"rate-limit", func(q *sandbox.Quirks) { q.RateHeaders = true }},
		{"refuse-large-pages", func(q *sandbox.Quirks) { q.PageLimit = 100 }},
		{"sparse-indexes", func(q *sandbox.Quirks) { q.SparseIndexes = true }},
		{"sparse-images", func(q *sandbox.Quirks) { q.SparseImages = true }},
		{"warning", func(q *sandbox.Quirks) { q.Warning = "this is a sandbox" }},
	}
}

func quirkNames() []string {
	var names []string
	for _, q := range quirks() {
		names = append(names, q.name)
	}
	return names
}

// Build is the registry that they ask for.
func (o Options) Build(now func() time.Time) (sandbox.Options, error) {
	out := sandbox.Options{Now: now, Empty: o.Empty}
	switch o.Auth {
	case "":
	case "basic", "bearer":
		out.Auth = sandbox.Auth{Users: map[string]string{sandboxUser: sandboxUser}, Bearer: o.Auth == "bearer"}
	default:
		return out, app.Mistakef("--auth %q: want basic or bearer", o.Auth)
	}
	for _, name := range o.Quirks {
		i := slices.IndexFunc(quirks(), func(q quirk) bool { return q.name == name })
		if i < 0 {
			return out, app.Mistakef("--quirk %q: want one of %s", name, strings.Join(quirkNames(), ", "))
		}
		quirks()[i].set(&out.Quirks)
	}
	if out.Quirks.PublicECR {
		out.Auth = sandbox.Auth{Bearer: true}
	}
	return out, nil
}

// checkListen keeps a registry that takes anything from anyone off the network.
func (o Options) checkListen() error {
	host, _, err := net.SplitHostPort(o.listen)
	switch {
	case err != nil:
		return app.Mistakef("--listen %q: want HOST:PORT", o.listen)
	case o.expose || ref.IsLoopback(net.JoinHostPort(host, "0")):
		return nil
	}
	return output.End(output.Refused, fmt.Errorf(
		"listen on %q: others can reach that address, and the sandbox trusts everyone; give --expose to allow it", o.listen))
}

func runSandbox(ctx context.Context, a *verb.Program, o Options) (err error) {
	options, err := o.Build(a.Now)
	if err == nil {
		err = o.checkListen()
	}
	if err != nil {
		return err
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", o.listen)
	if err != nil {
		return fmt.Errorf("listen on %s: %w", o.listen, err)
	}
	reg := sandbox.New(options)
	defer func() { err = errors.Join(err, reg.Close()) }()
	if err := announce(a, l.Addr().String(), o); err != nil {
		_ = l.Close()
		return err
	}
	return serve(ctx, l, reg)
}

// announced is the first line that the sandbox prints.
type announced struct {
	Registry   string `json:"registry"`
	AWS        string `json:"aws"`
	Repository string `json:"repository"`
}

func announce(a *verb.Program, address string, o Options) error {
	where := announced{Registry: address, AWS: "http://" + address, Repository: "shop/api"}
	if o.Empty {
		where.Repository = ""
	}
	line, err := json.Marshal(where)
	if err == nil {
		_, err = fmt.Fprintf(a.Streams.Out, "%s\n", line)
	}
	if err != nil {
		return fmt.Errorf("say where the sandbox listens: %w", err)
	}
	fmt.Fprintf(a.Streams.Err, "the sandbox listens on %s until it is interrupted\n", address)
	return nil
}

// serve ends with ctx, and gives those who are being served a moment.
func serve(ctx context.Context, l net.Listener, h http.Handler) error {
	const patience = 2 * time.Second
	server := &http.Server{Handler: h, ReadHeaderTimeout: 30 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- server.Serve(l) }()
	select {
	case err := <-ended:
		return fmt.Errorf("serve the sandbox: %w", err)
	case <-ctx.Done():
	}
	limited, cancel := context.WithTimeout(context.WithoutCancel(ctx), patience)
	defer cancel()
	if server.Shutdown(limited) != nil {
		_ = server.Close()
	}
	return nil
}

package contents

import (
	"context"
	"fmt"
	"io"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/inside"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	"regatta/model/fault"
	"regatta/model/text"
	"regatta/registry/layer"
)

// Extract is the verb extract.
func Extract(a *verb.Program) *cobra.Command {
	var o documentOptions
	var dir string
	cmd := &cobra.Command{
		Use:   "extract REFERENCE [PATH]",
		Short: "Save a file, a directory or all files of an image below a directory",
		Args:  verb.Arguments(cobra.RangeArgs(1, 2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.target = args[0]
			p := ""
			if len(args) > 1 {
				p = args[1]
			}
			return a.WithSession(func(s *app.App) error {
				return runExtract(cmd.Context(), s, a.Streams, o, p, dir)
			})
		},
	}
	documentFlags(cmd, &o)
	cmd.Flags().StringVar(&dir, "to", "", "the `DIRECTORY` to save below; it is made if it is not there")
	return cmd
}

func runExtract(ctx context.Context, s *app.App, streams output.Streams, o documentOptions, p, dir string) error {
	if dir == "" {
		return app.Mistakef("say where to save: --to DIRECTORY")
	}
	in, err := readFiles(ctx, s, streams, o)
	if err != nil {
		return err
	}
	n, err := in.At(p)
	if err != nil {
		return err
	}
	bar := streams.Progress(s.Now, "read", "kB of layers")
	defer bar.Clear()
	saved, err := in.Save(ctx, n, dir, inside.Kilobytes(bar.Add))
	if err != nil {
		return err
	}
	doc := savedDoc(saved)
	err = streams.Print(o.output, output.Result{JSON: doc, Text: func(w io.Writer) {
		fmt.Fprintf(w, "saved %s in %s below %s\n", text.Plural(saved.Files+saved.Links, "file", "files"),
			text.Bytes(saved.Bytes), text.Clean(dir))
	}})
	for _, left := range saved.Left {
		fmt.Fprintf(streams.Err, "%s is left out: %s\n", text.Clean(left.Path), text.Clean(left.Why))
	}
	if err == nil && len(saved.Left) > 0 {
		return output.End(output.Partly, fmt.Errorf("%s left out", text.Plural(len(saved.Left), "file was", "files were")))
	}
	return err
}

type savedJSON struct {
	Files int        `json:"files"`
	Dirs  int        `json:"directories"`
	Links int        `json:"links"`
	Bytes int64      `json:"bytes"`
	Left  []leftJSON `json:"leftOut"`
}

type leftJSON struct {
	Path   string `json:"path"`
	Reason string `json:"reason"`
}

func savedDoc(s layer.Saved) savedJSON {
	out := savedJSON{s.Files, s.Dirs, s.Links, s.Bytes, []leftJSON{}}
	for _, l := range s.Left {
		out.Left = append(out.Left, leftJSON{l.Path, l.Why})
	}
	return out
}

// Cat is the verb cat.
func Cat(a *verb.Program) *cobra.Command {
	var platform string
	cmd := &cobra.Command{
		Use:   "cat REFERENCE PATH",
		Short: "Print a file of an image",
		Args:  verb.Arguments(cobra.ExactArgs(2)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o := documentOptions{target: args[0], platform: platform}
			return a.WithSession(func(s *app.App) error { return runCat(cmd.Context(), s, a.Streams, o, args[1]) })
		},
	}
	cmd.Flags().StringVar(&platform, "platform", "", "from the image of one `OS/ARCH[/VARIANT]` of an index")
	return cmd
}

func runCat(ctx context.Context, s *app.App, streams output.Streams, o documentOptions, p string) error {
	in, err := readFiles(ctx, s, streams, o)
	if err != nil {
		return err
	}
	n, err := in.At(p)
	if err != nil {
		return err
	}
	if n.Inode == nil {
		return app.Mistakef("%s is no regular file", text.Clean(p))
	}
	to := printer{streams.Out}
	if streams.Terminal {
		to.Writer = &harmless{to: streams.Out}
	}
	return in.Fetch(ctx, n, to)
}

// printer prints content as it comes.
type printer struct{ io.Writer }

// Keep implements layer.Sink.
func (printer) Keep() error { return nil }

// Drop implements layer.Sink: what was printed cannot be taken back.
func (printer) Drop() error {
	return &fault.Error{
		Op: "print", Object: "a file", Kind: fault.Corrupt, Detail: "what was printed is not what the layer's list says",
	}
}

// harmless keeps a terminal from acting on what it is shown.
type harmless struct{ to io.Writer }

// Write implements io.Writer.
func (h *harmless) Write(p []byte) (int, error) {
	_, err := io.WriteString(h.to, text.CleanLines(string(p)))
	return len(p), err
}

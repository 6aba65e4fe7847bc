package contents

import (
	"context"
	"io"
	"time"

	"regatta/cmd/cli/output/null"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/inside"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/verb"
	"regatta/model/base"
	"regatta/model/ref"
	"regatta/model/text"
)

// Base is the verb base.
func Base(a *verb.Program) *cobra.Command {
	var o documentOptions
	var among []string
	cmd := &cobra.Command{
		Use:   "base REFERENCE",
		Short: "Show what an image was built from, and how far that is behind",
		Args:  verb.Arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.target = args[0]
			return a.WithSession(func(s *app.App) error { return runBase(cmd.Context(), s, a.Streams, o, among) })
		},
	}
	documentFlags(cmd, &o)
	cmd.Flags().StringArrayVar(&among, "among", nil,
		"look among the images of this `REPOSITORY`, HOST/NAME or a name in the same registry, beside those of the config")
	return cmd
}

func runBase(ctx context.Context, s *app.App, streams output.Streams, o documentOptions, among []string) error {
	in, err := openNamed(ctx, s, o)
	if err != nil {
		return err
	}
	p := streams.Progress(s.Now, "read", "repositories")
	defer p.Clear()
	f, err := inside.FindBase(ctx, s, in, among, p.Add)
	if err != nil {
		return err
	}
	return streams.Print(o.output, output.Result{JSON: baseDoc(in, f), Text: func(w io.Writer) { writeBase(w, f) }})
}

type baseJSON struct {
	Reference    string          `json:"reference"`
	Digest       ref.Digest      `json:"digest"`
	Base         baseImageJSON   `json:"base"`
	By           string          `json:"by"` // layers or annotation
	SharedLayers int             `json:"sharedLayers"`
	Tag          string          `json:"tag"` // that is compared with
	Now          *baseImageJSON  `json:"now"` // null: the tag is not there
	Current      bool            `json:"current"`
	ImagesBehind int             `json:"imagesBehind"`
	Later        []baseImageJSON `json:"later"` // that the image is behind, the oldest first
	DaysBehind   int             `json:"daysBehind"`
	Unread       int             `json:"unread"` // images that could not be read: what is behind is the least it can be
}

type baseImageJSON struct {
	Repository string     `json:"repository"`
	Digest     ref.Digest `json:"digest"`
	Tags       []string   `json:"tags"`
	CreatedAt  *string    `json:"createdAt"`
}

const day = 24 * time.Hour

func baseDoc(in *inside.Image, f base.Found) baseJSON {
	one := func(c base.Candidate) baseImageJSON {
		return baseImageJSON{c.Repository.Name(), c.Digest, output.List(c.Tags), null.Time(c.Created)}
	}
	out := baseJSON{
		Reference: in.Ref.Name(), Digest: in.Ref.Digest, Base: one(f.Candidate), By: f.By, SharedLayers: f.Shared,
		Tag: f.Tag, Current: f.Current(), ImagesBehind: len(f.Later), DaysBehind: int(f.Lag / day), Later: []baseImageJSON{},
		Unread: f.Unread,
	}
	for _, c := range f.Later {
		out.Later = append(out.Later, one(c))
	}
	if f.Now != nil {
		out.Now = new(one(*f.Now))
	}
	return out
}

func writeBase(w io.Writer, f base.Found) {
	s := &output.Sheet{Out: w}
	s.Field("built from", f.Name()+"  "+f.Digest.Short())
	s.Field("known by", f.KnownBy())
	if !f.Created.IsZero() {
		s.Field("created", text.Stamp(f.Created)+" UTC")
	}
	s.Field("now", f.State())
	s.Field("not read", f.NotRead())
}

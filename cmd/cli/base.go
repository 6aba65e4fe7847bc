package cli

import (
	"context"
	"io"
	"time"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/inside"
	"regatta/model/base"
	"regatta/model/ref"
	"regatta/model/text"
)

func (a *program) base() *cobra.Command {
	var o documentOptions
	var among []string
	cmd := &cobra.Command{
		Use:   "base REFERENCE",
		Short: "Show what an image was built from, and how far that is behind",
		Args:  arguments(cobra.ExactArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			o.target = args[0]
			return a.withSession(func(s *app.App) error { return runBase(cmd.Context(), s, a.streams, o, among) })
		},
	}
	documentFlags(cmd, &o)
	cmd.Flags().StringArrayVar(&among, "among", nil,
		"look among the images of this `REPOSITORY`, HOST/NAME or a name in the same registry, beside those of the config")
	return cmd
}

func runBase(ctx context.Context, s *app.App, streams Streams, o documentOptions, among []string) error {
	in, err := openNamed(ctx, s, o)
	if err != nil {
		return err
	}
	p := streams.progress(s.Now, "read", "repositories")
	defer p.clear()
	f, err := inside.FindBase(ctx, s, in, among, p.add)
	if err != nil {
		return err
	}
	return streams.print(o.output, result{json: baseDoc(in, f), text: func(w io.Writer) { writeBase(w, f) }})
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
		return baseImageJSON{c.Repository.Name(), c.Digest, list(c.Tags), timeOrNull(c.Created)}
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
	s := &sheet{w: w}
	s.field("built from", f.Name()+"  "+f.Digest.Short())
	s.field("known by", f.KnownBy())
	if !f.Created.IsZero() {
		s.field("created", text.Stamp(f.Created)+" UTC")
	}
	s.field("now", f.State())
	s.field("not read", f.NotRead())
}

package cmd

import (
	"context"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	"regatta/cmd/app/inside"
	"regatta/model/base"
	"regatta/model/fault"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry/survey"
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
	f, err := baseOf(ctx, s, in, among, p.add)
	if err != nil {
		return err
	}
	return streams.print(o.output, result{json: baseDoc(in, f), text: func(w io.Writer) { writeBase(w, f) }})
}

// baseOf looks for what an image was built from: among the images of the
// repository that it names, and of those of the config.
func baseOf(
	ctx context.Context, s *app.App, in *inside.Image, among []string, progress func(total, done int),
) (base.Found, error) {
	says := base.Claimed(in.Manifest, in.Config)
	repos, tag, err := librariesOf(s, in.Ref, says, among)
	if err != nil {
		return base.Found{}, err
	}
	progress(len(repos), 0)
	var all []base.Candidate
	for _, r := range repos {
		b, err := s.Open(r.Host)
		if err != nil {
			return base.Found{}, err
		}
		found, err := survey.Bases(ctx, b, r, in.Platform)
		if err != nil {
			return base.Found{}, err
		}
		all = append(all, found...)
		progress(0, 1)
	}
	layers := make([]ref.Digest, 0, len(in.Layers))
	for _, st := range in.Layers {
		layers = append(layers, st.Layer.Digest)
	}
	f, ok := base.Recognise(layers, says, tag, all)
	if ok {
		return f, nil
	}
	kind, detail := fault.NotFound, "none of "+text.Plural(len(all), "image", "images")+" that were looked at is its base"
	switch {
	case says.Name == "" && in.ConfigErr != nil: // what it says of its base is not known
		return f, in.ConfigErr
	case f.Unread > 0:
		kind, detail = fault.Unknown, f.NotRead()+", and none of the others is its base"
	case len(repos) == 0:
		detail = "it does not say what it was built from, and there is nowhere to look"
	}
	return f, &fault.Error{
		Op: "find the base of", Object: in.Ref.Name(), Kind: kind, Detail: detail,
		Advice: "--among REPOSITORY, or bases of the registry in the config, say where base images are",
	}
}

// librariesOf are the repositories to look in, and the tag that the image names.
func librariesOf(s *app.App, of ref.Reference, says base.Claim, among []string) ([]ref.Reference, string, error) {
	var out []ref.Reference
	tag := ""
	add := func(r ref.Reference) {
		r = ref.Reference{Host: r.Host, Repository: r.Repository}
		own := r.Host == of.Host && r.Repository == of.Repository
		if !own && !slices.Contains(out, r) {
			out = append(out, r)
		}
	}
	if says.Name != "" {
		if r, err := ref.Parse(says.Name); err == nil {
			add(r)
			tag = r.Tag
		}
	}
	for _, name := range append(slices.Clone(among), s.RegistryOf(of.Host).Bases...) {
		first, _, _ := strings.Cut(name, "/")
		if !strings.ContainsAny(first, ".:") && first != "localhost" {
			name = of.Host + "/" + name
		}
		r, err := ref.ParseRepository(name)
		if err != nil {
			return nil, "", app.Mistake(err)
		}
		add(r)
	}
	return out, tag, nil
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

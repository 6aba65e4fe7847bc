package inside

import (
	"context"
	"slices"
	"strings"

	"regatta/cmd/app"
	"regatta/model/base"
	"regatta/model/fault"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry/survey"
)

// FindBase looks for what an image was built from: among the images of the repository that
// it names, of those that are given and of those of the config. Progress is told in
// repositories.
func FindBase(
	ctx context.Context, a *app.App, in *Image, among []string, progress func(total, done int),
) (base.Found, error) {
	says := base.Claimed(in.Manifest, in.Config)
	repos, tag, err := repositoriesOfBases(a, in.Ref, says, among)
	if err != nil {
		return base.Found{}, err
	}
	progress(len(repos), 0)
	var all []base.Candidate
	for _, r := range repos {
		b, err := a.Open(r.Host)
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
	case says.Name == "" && in.configErr != nil: // what it says of its base is not known
		return f, in.configErr
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

// repositoriesOfBases are the repositories to look in, and the tag that the image names.
func repositoriesOfBases(
	a *app.App, of ref.Reference, says base.Claim, among []string,
) ([]ref.Reference, string, error) {
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
	for _, name := range append(slices.Clone(among), a.RegistryOf(of.Host).Bases...) {
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

package browse

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"regatta/cmd/cli/output/null"

	"regatta/cmd/app/browse"

	"regatta/cmd/cli/output"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/model/usage"
)

type usageJSON struct {
	Repository string           `json:"repository"`
	Asked      []askedJSON      `json:"asked"`
	Images     []usedImageJSON  `json:"images"`
	Missing    []missingUseJSON `json:"missing"`
}

type askedJSON struct {
	Source string  `json:"source"`
	Scope  string  `json:"scope"`
	Error  *string `json:"error"`
}

type usedImageJSON struct {
	Digest ref.Digest `json:"digest"`
	Tags   []string   `json:"tags"`
	Uses   []useJSON  `json:"uses"`

	names []string
}

type useJSON struct {
	Source  string      `json:"source"`
	Scope   string      `json:"scope"`
	Place   string      `json:"place"`
	How     string      `json:"how"`
	Running int         `json:"running"`
	Tag     *string     `json:"tag"`
	Digest  *ref.Digest `json:"digest"`
}

type missingUseJSON struct {
	useJSON

	Reference string `json:"reference"`

	name string
}

// usageDoc has the images that are used first, in the order of the list.
func usageDoc(r ref.Reference, images []*image.Image, found browse.Users) usageJSON {
	doc := usageJSON{
		Repository: r.Repository, Asked: []askedJSON{}, Images: []usedImageJSON{}, Missing: []missingUseJSON{},
	}
	for _, a := range found.Set.Answers {
		one := askedJSON{Source: string(a.Source), Scope: a.Scope}
		if a.Err != nil {
			one.Error = null.Of(text.Clean(a.Err.Error()))
		}
		doc.Asked = append(doc.Asked, one)
	}
	there := map[ref.Digest]bool{}
	for _, img := range images {
		there[img.Digest] = true
		for _, p := range img.Platforms {
			there[p.Digest] = true
		}
		if one := usedImage(img, found.Matches); len(one.Uses) > 0 || found.Counts(img) {
			doc.Images = append(doc.Images, one)
		}
	}
	slices.SortStableFunc(doc.Images, func(a, b usedImageJSON) int {
		return min(len(b.Uses), 1) - min(len(a.Uses), 1)
	})
	for _, u := range found.Matches.Missing(func(d ref.Digest) bool { return there[d] }) {
		doc.Missing = append(doc.Missing, missingUseJSON{
			useJSON: useDoc(u, u.Running), Reference: u.Image.String(), name: u.String(),
		})
	}
	return doc
}

func usedImage(img *image.Image, m usage.Matches) usedImageJSON {
	one := usedImageJSON{Digest: img.Digest, Tags: output.List(img.Tags), Uses: []useJSON{}}
	for _, h := range m.Of(img.Digest) {
		one.Uses = append(one.Uses, useDoc(h.Use, h.Count()))
		one.names = append(one.names, h.String())
	}
	return one
}

func useDoc(u usage.Use, running int) useJSON {
	return useJSON{
		Source: string(u.Source), Scope: u.Scope, Place: u.Place, How: string(u.How), Running: running,
		Tag: null.Of(u.Image.Tag), Digest: null.Of(u.Image.Digest),
	}
}

// write prints a line for each use, and below what nothing uses.
func (doc usageJSON) write(w io.Writer) {
	used, idle := output.Grid{Header: []string{"TAGS", "DIGEST", "USED BY"}}, output.Grid{Header: []string{"", ""}}
	for _, img := range doc.Images {
		tags := strings.Join(img.Tags, ", ")
		if tags == "" {
			tags = "<untagged>"
		}
		short := img.Digest.Short()
		for _, name := range img.names {
			used.Add(tags, short, name)
			tags, short = "", ""
		}
		if len(img.names) == 0 {
			idle.Add(tags, short)
		}
	}
	if used.Some() {
		used.Write(w)
	} else {
		fmt.Fprintln(w, "nothing that was asked uses an image of "+text.Clean(doc.Repository))
	}
	if len(doc.Missing) > 0 {
		fmt.Fprintln(w, "\nused, but not there:")
		missing := output.Grid{Header: []string{"", ""}}
		for _, m := range doc.Missing {
			missing.Add(m.Reference, m.name)
		}
		missing.Write(w)
	}
	if idle.Some() {
		fmt.Fprintln(w, "\nnothing that was asked uses:")
		idle.Write(w)
	}
	fmt.Fprintln(w, "\nasked: "+doc.sources())
}

func (doc usageJSON) sources() string {
	var out []string
	for _, a := range doc.Asked {
		name := strings.TrimSpace(a.Source + " " + a.Scope)
		if a.Error != nil {
			name += " (not complete)"
		}
		out = append(out, text.Clean(name))
	}
	return strings.Join(out, ", ")
}

package browse

import (
	"regatta/cmd/app/browse"
	"regatta/cmd/cli/output"
	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/text"
)

// usersOf names the users of a digest; nil: no usage source is configured.
type usersOf func(ref.Digest) []string

func usersNamed(u browse.Users) usersOf {
	if !u.Asked {
		return nil
	}
	return func(d ref.Digest) []string {
		var out []string
		for _, h := range u.Matches.Of(d) {
			out = append(out, h.String())
		}
		return out
	}
}

func (f usersOf) of(img *image.Image) []string {
	if f == nil {
		return nil
	}
	return f(img.Digest)
}

// cell is the first user, and how many more there are.
func (f usersOf) cell(img *image.Image) string {
	names := f.of(img)
	switch len(names) {
	case 0:
		return ""
	case 1:
		return names[0]
	}
	return names[0] + " and " + text.Count(len(names)-1) + " more"
}

// report names the sources that did not tell all, and is the error that a verb
// ends with then.
func reportUsers(u browse.Users, streams output.Streams) error {
	var failed output.Failures
	for _, a := range u.Set.Failed() {
		failed.Add(a.Name(), a.Err)
	}
	err := failed.Report(streams.Err, "ask", "sources", len(u.Set.Answers))
	if len(u.Matches.All()) > 0 {
		return output.Partially(err)
	}
	return err
}

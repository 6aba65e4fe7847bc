package verb

import (
	"regatta/cmd/app"

	"regatta/model/ref"
	"regatta/model/text"
)

// Targets are references of one repository, each with a tag or a digest: a
// change never guesses that latest is meant.
func Targets(s *app.App, args []string) ([]ref.Reference, error) {
	out := make([]ref.Reference, len(args))
	for i, arg := range args {
		r, err := ref.ParseRepository(s.WithHost(arg))
		switch {
		case err != nil:
			return nil, app.Mistake(err)
		case r.Tag == "" && r.Digest == "":
			return nil, app.Mistakef("%q names no image; want HOST/REPOSITORY:TAG or @DIGEST", text.Clean(arg))
		case i > 0 && r.Name() != out[0].Name():
			return nil, app.Mistakef("%q is not in %s; change one repository at a time", text.Clean(arg), out[0].Name())
		}
		if err := CheckHost(s, r.Host); err != nil {
			return nil, err
		}
		out[i] = r
	}
	return out, nil
}

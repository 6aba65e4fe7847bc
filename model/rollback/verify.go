package rollback

import (
	"fmt"

	"regatta/model/ref"
	"regatta/model/text"
)

// After is what was found once a tag went back.
type After struct {
	Tag    ref.Reference
	Want   ref.Digest // that it was to point to
	Now    ref.Digest // what it points to, empty if it is gone
	NowErr error      // why that is not known
	Found  Content    // of Want
	Err    error      // why that is not known
}

// Verify is every check after going back, in the order in which a user reads
// them. What is not known is not taken for good.
func Verify(a After) []Check {
	return []Check{a.points(), a.content(), a.pullable()}
}

func (a After) points() Check {
	c := Check{Name: "tag", Level: OK, Text: fmt.Sprintf("%s was read back: it points to %s", a.Tag.Tag, a.Want.Short())}
	switch {
	case a.NowErr != nil:
		c.Level, c.Text = Block, "it cannot be read back: "+a.NowErr.Error()
	case a.Now == "":
		c.Level, c.Text = Block, a.Tag.Tag+" is gone: somebody has removed it since"
	case a.Now != a.Want:
		c.Level = Block
		c.Text = fmt.Sprintf("it points to %s now, not to %s: somebody has moved it since", a.Now.Short(), a.Want.Short())
	}
	return c
}

func (a After) content() Check {
	if a.Err != nil {
		return Check{Name: "content", Level: Block, Text: "it could not be asked for: " + a.Err.Error()}
	}
	return Before{Target: a.Found}.whole()
}

func (a After) pullable() Check {
	switch {
	case a.Err != nil, a.Found.Broken():
		return Check{Name: "platforms", Level: Block, Text: "not every platform can be pulled"}
	case a.Found.Unasked > 0:
		return Check{Name: "platforms", Level: Warn, Text: "whether every platform can be pulled is not known"}
	case len(a.Found.Platforms) == 0:
		return Check{Name: "platforms", Level: OK, Text: "all of it can be pulled"}
	}
	return Check{Name: "platforms", Level: OK, Text: names(a.Found.Platforms) + " can be pulled: " +
		text.Plural(a.Found.Blobs, "blob is", "blobs are") + " there"}
}

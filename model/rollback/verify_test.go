package rollback_test

import (
	"errors"
	"strings"
	"testing"

	"regatta/model/image"
	"regatta/model/ref"
	"regatta/model/rollback"
)

func TestVerify(t *testing.T) {
	t.Parallel()
	good := func() rollback.After {
		return rollback.After{Tag: prod(), Want: digest(1), Now: digest(1), Found: rollback.Content{
			Digest: digest(1), Manifests: []ref.Digest{digest(1)}, Blobs: 3, Platforms: []image.Platform{linux("amd64")},
		}}
	}
	for _, c := range rollback.Verify(good()) {
		if c.Level != rollback.OK || c.Text == "" {
			t.Errorf("%+v", c)
		}
	}
	for name, x := range map[string]struct {
		change func(*rollback.After)
		want   string // the checks that are not well
		says   string
	}{
		"moved":    {func(a *rollback.After) { a.Now = digest(2) }, "tag block", "somebody has moved it"},
		"gone":     {func(a *rollback.After) { a.Now = "" }, "tag block", "is gone"},
		"unread":   {func(a *rollback.After) { a.NowErr = errors.New("timeout") }, "tag block", "timeout"},
		"unasked":  {func(a *rollback.After) { a.Err = errors.New("500") }, "content block, platforms block", "500"},
		"a blob":   {func(a *rollback.After) { a.Found.Lost = []ref.Digest{digest(4)} }, "content block, platforms block", "not there"},
		"a child":  {func(a *rollback.After) { a.Found.Children = []ref.Digest{digest(4)} }, "content block, platforms block", "lists"},
		"no word":  {func(a *rollback.After) { a.Found.Unasked = 1 }, "content warn, platforms warn", "no answer"},
		"vanished": {func(a *rollback.After) { a.Found.Missing = errors.New("404") }, "content block, platforms block", "404"},
	} {
		a := good()
		x.change(&a)
		var got, said []string
		for _, c := range rollback.Verify(a) {
			if c.Level != rollback.OK {
				got = append(got, c.Name+" "+string(c.Level))
				said = append(said, c.Text)
			}
		}
		if strings.Join(got, ", ") != x.want || !strings.Contains(strings.Join(said, "; "), x.says) {
			t.Errorf("%s: %v, %v", name, got, said)
		}
	}
}

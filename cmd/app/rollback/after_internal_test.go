package rollback

import (
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"regatta/cmd/app"
	"regatta/cmd/app/retention"
	"regatta/cmd/config"
	"regatta/model/image"
	model "regatta/model/lifecycle"
	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/registry/sandbox"
	"regatta/registry/store"
)

// A rollback judges by the same images as a preview of the policy: all that a listing
// tells of them, whether they are archived or not. What an index lists, and how big that is, only
// a preview has read.
func TestPolicyLooksAtTheSameImages(t *testing.T) {
	for name, value := range map[string]string{
		"AWS_ACCESS_KEY_ID": "AKIAEXAMPLE", "AWS_SECRET_ACCESS_KEY": "secret", "AWS_SESSION_TOKEN": "", "AWS_PROFILE": "",
		"AWS_CONFIG_FILE": "/none", "AWS_SHARED_CREDENTIALS_FILE": "/none", "AWS_ENDPOINT_URL": "",
	} {
		t.Setenv(name, value)
	}
	reg := sandbox.New(sandbox.Options{Now: sandbox.Epoch, Auth: sandbox.Auth{AWS: true}})
	c := config.Default()
	c.Cache.Path = store.Memory
	a := app.New(sandbox.Epoch, c, app.Flags{})
	a.Base, a.JournalPath = reg.Transport(), filepath.Join(t.TempDir(), "journal.db")
	t.Cleanup(func() { _ = a.Close(); _ = reg.Close() })
	r := ref.Reference{Host: "111122223333.dkr.ecr.eu-central-1.amazonaws.com", Repository: "shop/mailer", Tag: "prod"}
	archived, _ := reg.Resolve(r.Repository, "v1.1.0")
	if !reg.Archive(r.Repository, archived, sandbox.Epoch().AddDate(0, 0, -120)) {
		t.Fatal("nothing was archived")
	}
	l, _, err := Load(t.Context(), a, r, "")
	if err != nil {
		t.Fatal(err)
	}
	l.Target.Digest = l.Facts.Current
	content, err := retention.Read(t.Context(), l.Backend, r, retention.ForPolicies())
	if err != nil {
		t.Fatal(err)
	}
	in, err := retention.InputOf(t.Context(), a, l.Backend, r, content)
	if err != nil {
		t.Fatal(err)
	}
	back := l.after("")
	if !slices.ContainsFunc(back, func(i model.Image) bool { return i.Class == model.Archive && !i.Archived.IsZero() }) {
		t.Error("no image is archived")
	}
	diff := cmp.Diff(in.Images, back, cmpopts.EquateEmpty(), cmpopts.IgnoreFields(model.Image{}, "Children", "Size"),
		cmpopts.SortSlices(func(a, b model.Image) bool { return a.Digest < b.Digest }),
		cmpopts.SortSlices(func(a, b string) bool { return strings.Compare(a, b) < 0 }))
	if diff != "" {
		t.Errorf("a preview looks at others than a rollback (+):\n%s", diff)
	}
}

// A policy finds what is left behind under the tag that keeps it, and the target under the tag
// that went back.
func TestPolicyFindsTheTagsAsTheyWillBe(t *testing.T) {
	t.Parallel()
	from, to := ref.DigestOf([]byte("from")), ref.DigestOf([]byte("to"))
	l := &Case{}
	l.Facts.Tag, l.Facts.Current, l.Facts.Now = ref.Reference{Tag: "prod"}, from, sandbox.Epoch()
	l.Facts.Images = []image.Image{{Digest: from, Tags: []string{"prod", "v2"}}, {Digest: to, Tags: []string{"v1"}}, {Tags: []string{"unread"}}}
	l.Target.Digest = to
	for keep, want := range map[string][]string{"": {"v2"}, "was-": {"v2", rollback.KeepTag("was-", sandbox.Epoch())}} {
		all := l.after(keep)
		if len(all) != 2 || !slices.Equal(all[0].Tags, want) || !slices.Equal(all[1].Tags, []string{"v1", "prod"}) {
			t.Errorf("kept under %q: %+v", keep, all)
		}
	}
}

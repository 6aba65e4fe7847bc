package usage_test

import (
	"errors"
	"slices"
	"strconv"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"regatta/model/ref"
	"regatta/model/usage"
)

const (
	host = "registry.example"
	repo = "shop/api"
)

func digest(name string) ref.Digest { return ref.DigestOf([]byte(name)) }

func use(how usage.How, tag, name string) usage.Use {
	u := usage.Use{
		Source: usage.ECS, Scope: "eu-central-1", Place: "prod/api", How: how,
		Image: ref.Reference{Host: host, Repository: repo, Tag: tag},
	}
	if name != "" {
		u.Image.Digest = digest(name)
	}
	return u
}

// links is an index of two platforms, tagged prod, and a lone image.
func links() *usage.Links {
	l := &usage.Links{}
	l.Tag("prod", digest("index"))
	l.Tag("lone", digest("lone"))
	l.Child(digest("index"), digest("amd64"))
	l.Child(digest("index"), digest("arm64"))
	return l
}

// used are the names of the images that are used.
func used(m usage.Matches) []string {
	var out []string
	for _, name := range []string{"index", "amd64", "arm64", "lone", "old"} {
		if len(m.Of(digest(name))) > 0 {
			out = append(out, name)
		}
	}
	return out
}

func TestMatch(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		use  usage.Use
		want []string
	}{
		"by tag: the index and its children":    {use(usage.Definition, "prod", ""), []string{"index", "amd64", "arm64"}},
		"by the digest of the index":            {use(usage.Deployment, "", "index"), []string{"index", "amd64", "arm64"}},
		"by that of a child: not its sibling":   {use(usage.Task, "", "amd64"), []string{"index", "amd64"}},
		"by both, where the tag has moved":      {use(usage.Task, "prod", "old"), []string{"index", "amd64", "arm64", "old"}},
		"by a tag that is not there":            {use(usage.Task, "gone", ""), nil},
		"by a digest that no one knows":         {use(usage.Task, "", "strange"), nil},
		"by tag and digest that are one":        {use(usage.Task, "lone", "lone"), []string{"lone"}},
		"by the tag and the digest of an index": {use(usage.Task, "prod", "arm64"), []string{"index", "amd64", "arm64"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m := usage.Match([]usage.Use{tt.use}, links())
			if diff := cmp.Diff(tt.want, used(m)); diff != "" {
				t.Error(diff)
			}
			for _, name := range used(m) {
				if n := len(m.Of(digest(name))); n != 1 {
					t.Errorf("%s: the use is there %d times", name, n)
				}
			}
		})
	}
}

// A use by a tag that has moved runs the old image: the new one is not running.
func TestHitCountsWhatRunsIt(t *testing.T) {
	t.Parallel()
	u := use(usage.Task, "prod", "old")
	u.Running = 3
	m := usage.Match([]usage.Use{u}, links())
	for name, want := range map[string]string{
		"old": "ecs task prod/api (3 running)", "index": "ecs task prod/api",
	} {
		if got := m.Of(digest(name))[0].String(); got != want {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	if got := m.Tag("prod"); len(got) != 1 || len(m.Tag("lone")) != 0 {
		t.Errorf("users of the tag: %v", got)
	}
}

func TestMissing(t *testing.T) {
	t.Parallel()
	gone, there, moved := use(usage.Task, "gone", "old"), use(usage.Task, "", "amd64"), use(usage.Task, "prod", "old")
	m := usage.Match([]usage.Use{gone, there, moved}, links())
	has := func(d ref.Digest) bool { return d != digest("old") }
	if got := m.Missing(has); !slices.Equal(got, []usage.Use{gone}) {
		t.Errorf("missing %v", got)
	}
}

func TestMergeAndSort(t *testing.T) {
	t.Parallel()
	task, definition := use(usage.Task, "prod", "index"), use(usage.Definition, "prod", "")
	task.Running = 1
	late := task
	late.Running, late.Waiting, late.Kept = 0, 3, true
	got := usage.Merge([]usage.Use{definition, task, late, task, definition})
	if len(got) != 2 || got[0].How != usage.Task || got[0].Running != 2 || got[0].Waiting != 3 || !got[0].Kept {
		t.Errorf("merged %v", got)
	}
}

// A source that failed is told, with what it said nevertheless; the names of one
// registry are one.
func TestSet(t *testing.T) {
	t.Parallel()
	other := use(usage.Pod, "prod", "")
	other.Image.Host = "alias.example"
	far := use(usage.Pod, "prod", "")
	far.Image.Host = "elsewhere.example"
	s := usage.Set{Answers: []usage.Answer{
		{Source: usage.ECS, Scope: "eu-central-1", Uses: []usage.Use{use(usage.Task, "prod", "")}},
		{Source: usage.Kubernetes, Scope: "prod", Uses: []usage.Use{other, far}, Err: errors.New("denied")},
	}}
	if diff := cmp.Diff([]string{"kubernetes prod: denied"}, s.Incomplete()); diff != "" {
		t.Error(diff)
	}
	if n := len(s.Uses(host, repo)); n != 1 {
		t.Errorf("%d uses under the first name", n)
	}
	on := s.On(host, "alias.example")
	if n := len(on.Uses(host, repo)); n != 2 || len(on.Failed()) != 1 {
		t.Errorf("%d uses under both names, %d failed", n, len(on.Failed()))
	}
	if n := len(on.Uses(host, "shop/web")); n != 0 {
		t.Errorf("%d uses of another repository", n)
	}
}

// Whatever the links, even circles of them: what a use names is used, and so is
// everything that it lists or that lists it; the order of uses changes nothing.
func TestMatchProperty(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		name := rapid.Custom(func(t *rapid.T) string { return strconv.Itoa(rapid.IntRange(0, 7).Draw(t, "n")) })
		l := &usage.Links{}
		for range rapid.IntRange(0, 12).Draw(t, "links") {
			l.Child(digest(name.Draw(t, "index")), digest(name.Draw(t, "child")))
		}
		var uses []usage.Use
		for range rapid.IntRange(1, 4).Draw(t, "uses") {
			uses = append(uses, use(usage.Task, "", name.Draw(t, "used")))
		}
		m := usage.Match(uses, l)
		slices.Reverse(uses)
		back := usage.Match(uses, l)
		for _, u := range uses {
			kin := append(l.Parents(u.Image.Digest), l.Children(u.Image.Digest)...)
			for _, d := range append(kin, u.Image.Digest) {
				if len(m.Of(d)) == 0 || len(m.Of(d)) != len(back.Of(d)) {
					t.Fatalf("%s is used by %d and %d", d, len(m.Of(d)), len(back.Of(d)))
				}
			}
		}
	})
}

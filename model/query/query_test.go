package query_test

import (
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"regatta/model/query"
)

type row struct {
	tags  []string
	os    string
	size  int64
	tagsN int64
	at    time.Time
	multi bool
}

func now() time.Time { return time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC) }

func schema() *query.Schema[row] {
	return &query.Schema[row]{
		Name: func(r *row, yield func(string) bool) bool { return slices.ContainsFunc(r.tags, yield) },
		Text: map[string]func(*row, func(string) bool) bool{
			"os": func(r *row, yield func(string) bool) bool { return yield(r.os) },
		},
		Size:  map[string]func(*row) int64{"size": func(r *row) int64 { return r.size }},
		Count: map[string]func(*row) int64{"tags": func(r *row) int64 { return r.tagsN }},
		Age:   map[string]func(*row) time.Time{"age": func(r *row) time.Time { return r.at }},
		Is:    map[string]func(*row) bool{"multi": func(r *row) bool { return r.multi }},
	}
}

func rows() []row {
	return []row{
		{tags: []string{"v1.2.3", "latest"}, os: "linux", size: 120e6, tagsN: 2, at: now().AddDate(0, 0, -40), multi: true},
		{tags: []string{"v1.2.4-rc.1"}, os: "Windows", size: 80e6, tagsN: 1, at: now().Add(-2 * time.Hour)},
		{tags: []string{"git-1a2b3c4"}, os: "linux", size: -1, tagsN: -1},
	}
}

func TestQueries(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]int{
		"":                   {0, 1, 2},
		"   ":                {0, 1, 2},
		"v1":                 {0, 1},
		"V1.2":               {0, 1},
		"!v1":                {2},
		"!!v1":               {0, 1},
		"v1 latest":          {0},
		"v1.*":               {0, 1},
		"v?.2.3":             {0},
		"*":                  {0, 1, 2},
		`"v1.*"`:             {},
		"-f lts":             {0},
		"-f v124":            {1},
		"os:linux":           {0, 2},
		"os=win":             {},
		"os=windows":         {1},
		"!os:linux":          {1},
		"size>100MB":         {0},
		"size<100MB":         {1},
		"size<=80MB":         {1},
		"tags=1":             {1},
		"tags>=1":            {0, 1},
		"age>30d":            {0},
		"age<1d":             {1},
		"age:3h":             {1},
		"is:multi":           {0},
		"!is:multi":          {1, 2},
		"rc | latest":        {0, 1},
		"rc os:linux | git-": {2},
		"| v1":               {0, 1},
	} {
		keep, err := query.Compile(text, schema(), now())
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		got := []int{}
		for i, r := range rows() {
			if keep == nil || keep(&r) {
				got = append(got, i)
			}
		}
		if !slices.Equal(got, want) {
			t.Errorf("%q keeps %v, want %v", text, got, want)
		}
	}
}

func TestErrorsSayWhere(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]struct {
		span query.Span
		part string
	}{
		"v1 colour:red":  {query.Span{From: 3, To: 13}, "there are age, is, os, size, tags"},
		"size>big":       {query.Span{From: 0, To: 8}, "not a size"},
		"tags>-3":        {query.Span{From: 0, To: 7}, "not a number"},
		"a age>1fortnit": {query.Span{From: 2, To: 14}, "not an age"},
		"is:red":         {query.Span{From: 0, To: 6}, "there are multi"},
		"os>linux":       {query.Span{From: 0, To: 8}, "use os:"},
		"size>":          {query.Span{From: 0, To: 5}, "wants a value"},
		`a "b`:           {query.Span{From: 2, To: 4}, "no end"},
		"age>999999999y": {query.Span{From: 0, To: 14}, "not an age"},
	} {
		_, err := query.Compile(text, schema(), now())
		if err == nil {
			t.Errorf("%q: no error", text)
			continue
		}
		if err.Span != want.span || !strings.Contains(err.Message, want.part) {
			t.Errorf("%q: %v %q, want %v …%q", text, err.Span, err.Message, want.span, want.part)
		}
	}
}

func TestGlobAgreesWithPathMatch(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		pattern := rapid.StringMatching(`[ab*?]{0,8}`).Draw(t, "pattern")
		s := rapid.StringMatching(`[ab]{0,10}`).Draw(t, "s")
		want, err := path.Match(pattern, s)
		if err != nil {
			t.Skip()
		}
		if got := query.Glob(pattern, s); got != want {
			t.Fatalf("Glob(%q, %q) = %v", pattern, s, got)
		}
	})
}

func FuzzQuery(f *testing.F) {
	for _, s := range []string{"v1 | !os:linux", `size>=1GB "x y" -f abc`, "is:multi age<3mo", "!!!", ":", "a:>", "-f"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		keep, err := query.Compile(s, schema(), now())
		if err != nil {
			if err.Span.From < 0 || err.Span.From > err.Span.To || err.Span.To > len(s) {
				t.Fatalf("span %v outside of %q", err.Span, s)
			}
			return
		}
		for _, r := range rows() {
			if keep != nil {
				keep(&r)
			}
		}
	})
}

package oci

import (
	"net/http"
	"net/url"
	"strings"
	"testing"
)

func TestNextLink(t *testing.T) {
	t.Parallel()
	tests := map[string]string{
		`</v2/a/tags/list?n=1&last=b>; rel="next"`:             "/v2/a/tags/list?n=1&last=b",
		`</v2/a/tags/list?last=b>; rel=next`:                   "/v2/a/tags/list?last=b",
		`<x>; rel="prev", <y>; title="a,b;c"; REL="last Next"`: "y",
		`<x>; rel="prev"`: "",
		`<x>`:             "",
		`x; rel="next"`:   "",
		`<x; rel="next"`:  "",
		``:                "",
		`<https://r.example/v2/_catalog?last=%2Fa>; rel="next"; x`: "https://r.example/v2/_catalog?last=%2Fa",
	}
	for in, want := range tests {
		if got := nextLink(http.Header{"Link": {in}}); got != want {
			t.Errorf("%s → %q, want %q", in, got, want)
		}
	}
}

func FuzzLink(f *testing.F) {
	f.Add(`</v2/a/tags/list?n=1>; rel="next"`)
	f.Add(`<x>; rel="prev", <y>; title="a,b;c"; REL="last Next"`)
	from, err := url.Parse("https://r.example/v2/a/tags/list")
	if err != nil {
		f.Fatal(err)
	}
	f.Fuzz(func(t *testing.T, v string) {
		link := nextLink(http.Header{"Link": {v}})
		if _, ok := follow(from, link); !ok {
			return
		}
		if to, err := url.Parse(link); err != nil || to.Host != "" && !strings.EqualFold(to.Hostname(), "r.example") {
			t.Errorf("%q leads to %q", v, link)
		}
	})
}

func FuzzRefusal(f *testing.F) {
	f.Add([]byte(`{"errors":[{"code":"DENIED","message":"no"}]}`))
	f.Add([]byte(`{"message":1,"details":[]}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		r := refusal{status: http.StatusBadRequest}
		r.parse(raw)
		r.kind()
		if s := hide(r.detail(), []string{"secret"}); strings.ContainsAny(s, "\x1b\r\n") || len([]rune(s)) > 300 {
			t.Errorf("%q", s)
		}
	})
}

func TestLRU(t *testing.T) {
	t.Parallel()
	l := newLRU[int](2)
	l.put("a", 1)
	l.put("b", 2)
	l.get("a")
	l.put("c", 3)
	if _, ok := l.get("b"); ok {
		t.Error("b is kept, though a was used later")
	}
	if v, ok := l.get("a"); !ok || v != 1 {
		t.Error("a is lost")
	}
	l.remove("a")
	if _, ok := l.get("a"); ok {
		t.Error("a is still there")
	}
}

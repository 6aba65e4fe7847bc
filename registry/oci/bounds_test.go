package oci_test

import (
	"errors"
	"fmt"
	"net/http"
	"runtime"
	"strings"
	"sync/atomic"
	"testing"

	"regatta/model/fault"
	"regatta/model/ref"
)

// pages serves pages without an end: each has names, and all differ.
func pages(per int, asked *atomic.Int64) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		var b strings.Builder
		for i := range per {
			if i > 0 {
				b.WriteByte(',')
			}
			fmt.Fprintf(&b, `"n%d-%d"`, n, i)
		}
		w.Header().Set("Link", fmt.Sprintf(`<%s?n=5&last=%d>; rel="next"`, r.URL.Path, n))
		field := "tags"
		if strings.HasSuffix(r.URL.Path, "_catalog") {
			field = "repositories"
		}
		fmt.Fprintf(w, `{"name":"a/b",%q:[%s]}`, field, b.String())
	}
}

// A list without an end is cut, and says so: with a kind that is no licence to
// take what is missing for gone.
func TestListsWithoutAnEndAreCut(t *testing.T) {
	for name, tt := range map[string]struct {
		per   int
		want  string
		pages int64
		got   int
	}{
		"all different": {5000, "more than 200,000 names", 40, 200_000},
		"more than fit": {4999, "more than 200,000 names", 41, 200_000},
		"all empty":     {0, "100 pages in a row had no name", 100, 0},
	} {
		t.Run(name, func(t *testing.T) {
			var asked atomic.Int64
			c := hostile(t, pages(tt.per, &asked))
			got, err, cursor := 0, error(nil), ""
			for more := true; more; more = err == nil && cursor != "" {
				page, wrong := c.Images(t.Context(), "a/b", cursor)
				got, err, cursor = got+len(page.Images), wrong, page.Next
			}
			checkFault(t, err, fault.TooLarge, tt.want)
			if asked.Load() != tt.pages || got != tt.got || cursor != "" || fault.AdviceOf(err) == "" {
				t.Errorf("%d pages, %d names, then %q; advice %q", asked.Load(), got, cursor, fault.AdviceOf(err))
			}
			asked.Store(0)
			got = 0
			for cursor, more := "", true; more; more = err == nil && cursor != "" {
				page, wrong := c.Repositories(t.Context(), cursor)
				got, err, cursor = got+len(page.Repositories), wrong, page.Next
			}
			checkFault(t, err, fault.TooLarge, tt.want)
			if got != tt.got {
				t.Errorf("%d repositories", got)
			}
		})
	}
}

// again serves pages without an end, each at a new address: the names of the first
// few differ, and come again and again from then on.
func again(fresh int64, asked *atomic.Int64) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		n := asked.Add(1)
		w.Header().Set("Link", fmt.Sprintf(`<%s?n=2&last=%d>; rel="next"`, r.URL.Path, n))
		names := fmt.Sprintf(`["a%d","b%d"]`, n%fresh, (n+1)%fresh)
		body(200, jsonType, `{"name":"a/b","tags":`+names+`,"repositories":`+names+`}`)(w, r)
	}
}

// A list that only repeats itself is cut after two such pages, whatever addresses its
// pages have.
func TestListsThatRepeatThemselvesAreCut(t *testing.T) {
	t.Parallel()
	for _, fresh := range []int64{1, 2, 7} {
		var asked atomic.Int64
		c := hostile(t, again(fresh, &asked))
		lists := map[string]func(string) (string, error){
			"tags": func(at string) (string, error) {
				p, err := c.Images(t.Context(), "a/b", at)
				return p.Next, err
			},
			"catalog": func(at string) (string, error) {
				p, err := c.Repositories(t.Context(), at)
				return p.Next, err
			},
		}
		for name, list := range lists {
			asked.Store(0)
			var err error
			for at, more := "", true; more; more = err == nil && at != "" {
				was := at
				if at, err = list(was); err == nil && at != "" {
					asked.Add(-1)
					at, err = list(was) // whoever reads a page twice gets the same
				}
			}
			checkFault(t, err, fault.TooLarge, "2 pages in a row had only names that were listed before")
			if n := asked.Load(); n > fresh+3 {
				t.Errorf("%s, %d different pages: %d pages read", name, fresh, n)
			}
		}
	}
}

// What an endless list costs is bounded: 40 pages of names, not gigabytes.
func TestEndlessListCostsLittle(t *testing.T) {
	var asked atomic.Int64
	c := hostile(t, pages(5000, &asked))
	kept := 0
	var err error
	for cursor, more := "", true; more; more = err == nil && cursor != "" {
		page, wrong := c.Images(t.Context(), "a/b", cursor)
		kept, err, cursor = kept+len(page.Images), wrong, page.Next
	}
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	if !fault.Is(err, fault.TooLarge) || m.HeapInuse > 400<<20 {
		t.Errorf("%d names, %d bytes in use, %v", kept, m.HeapInuse, err)
	}
}

// More referrers than are read is an error, however they are told: what is not
// read may hang on what is about to be deleted.
func TestTooManyReferrers(t *testing.T) {
	t.Parallel()
	d := ref.DigestOf([]byte("x"))
	var all strings.Builder
	for i := range 2001 {
		if i > 0 {
			all.WriteByte(',')
		}
		fmt.Fprintf(&all, `{"mediaType":"application/vnd.oci.image.manifest.v1+json","digest":%q,"size":1}`, ref.DigestOf(fmt.Append(nil, i)))
	}
	index := `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[` + all.String() + `]}`
	c := hostile(t, func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, "/manifests/"+d.FallbackTag()) {
			body(200, "application/vnd.oci.image.index.v1+json", index)(w, r)
			return
		}
		w.WriteHeader(http.StatusNotFound)
	})
	got, err := c.Subjects(t.Context(), "a/b", d)
	if len(got) != 0 || !fault.Is(err, fault.TooLarge) || !strings.Contains(err.Error(), "more than 2,000") {
		t.Errorf("%d, %v", len(got), err)
	}
}

// A next page at another host is not followed, and its address keeps its secrets.
func TestNextPageElsewhere(t *testing.T) {
	t.Parallel()
	for _, link := range []string{
		"https://user:CANARY@evil.example/v2/a/b/tags/list?X-Amz-Signature=CANARY&n=5", "//user:CANARY@evil.example/?sig=CANARY",
		"https://user:CANARY/CANARY@evil.example/", "https://evil.example/?CANARY#access_token=CANARY", "https://user:CANARY", "https://u:CANARY@ /%zz",
	} {
		c := hostile(t, func(w http.ResponseWriter, r *http.Request) {
			w.Header().Set("Link", "<"+link+`>; rel="next"`)
			body(200, jsonType, `{"name":"a/b","tags":["v1"]}`)(w, r)
		})
		_, err := c.Images(t.Context(), "a/b", "")
		checkFault(t, err, fault.Protocol, "elsewhere")
		for e := err; e != nil; e = errors.Unwrap(e) {
			if strings.Contains(fmt.Sprintf("%v %+v", e, e), "CANARY") {
				t.Errorf("%s: %v", link, e)
			}
		}
	}
}

package cli

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"regatta/cmd/cli/output"
)

// endless is a registry whose lists go on and on: a tag a page, then none.
func endless(t *testing.T) string {
	t.Helper()
	var page atomic.Int64
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		n := page.Add(1)
		name := ""
		if r.URL.Query().Get("last") == "" {
			name = `"one"`
		}
		w.Header().Set("Link", fmt.Sprintf(`<%s?last=%d>; rel="next"`, r.URL.Path, n))
		switch {
		case strings.HasSuffix(r.URL.Path, "/tags/list"):
			fmt.Fprintf(w, `{"name":"a","tags":[%s]}`, name)
		case strings.HasSuffix(r.URL.Path, "/_catalog"):
			fmt.Fprintf(w, `{"repositories":[%s]}`, name)
		case r.URL.Path == "/v2/":
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(server.Close)
	return strings.TrimPrefix(server.URL, "http://")
}

// A list that was cut says so: in the document, beside the table and by the exit
// code. It is no licence to delete what it does not name.
func TestCutLists(t *testing.T) {
	private(t)
	host := endless(t)
	for _, args := range [][]string{{"tags", host + "/a", "--no-details"}, {"repos", host, "--no-details"}} {
		code, out, errOut := runOut(t, append(args, "-o", "json")...)
		var doc struct{ Complete *bool }
		if err := json.Unmarshal([]byte(out), &doc); err != nil || doc.Complete == nil || *doc.Complete {
			t.Errorf("%v: %v, %s", args, err, out)
		}
		if code != output.Partly || !strings.Contains(errOut, "the list is not complete") || !strings.Contains(errOut, "in a row had no name") {
			t.Errorf("%v: exit code %d: %s", args, code, errOut)
		}
		if code, out, errOut := runOut(t, args...); code != output.Partly || !strings.Contains(out, "one") || !strings.Contains(errOut, "not complete") {
			t.Errorf("%v: exit code %d: %s; %s", args, code, out, errOut)
		}
	}
	for _, args := range [][]string{
		{"prune", host + "/a", "--untagged", "--yes"}, {"prune", host + "/a", "--keep-last", "1", "--yes"}, {"delete", host + "/a:one", "--yes"},
	} {
		if code, out, errOut := runOut(t, args...); code == output.Done || code == output.Usage || !strings.Contains(errOut, "the list is cut") {
			t.Errorf("%v: exit code %d: %s; %s", args, code, out, errOut)
		}
	}
}

// A list with names that cannot be used says that it leaves them out: in the document,
// beside the table and by the exit code; and that not all is known, before a delete.
func TestListsThatLeaveNamesOut(t *testing.T) {
	private(t)
	long := strings.Repeat("x", 5<<20)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case strings.HasSuffix(r.URL.Path, "/tags/list"):
			fmt.Fprintf(w, `{"name":"a","tags":["one",%q]}`, long)
		case strings.HasSuffix(r.URL.Path, "/_catalog"):
			fmt.Fprint(w, `{"repositories":["a","NO","../no"]}`)
		case strings.HasSuffix(r.URL.Path, "/manifests/one"), strings.Contains(r.URL.Path, "/manifests/sha256:"):
			w.Header().Set("Content-Type", "application/vnd.oci.image.index.v1+json")
			fmt.Fprint(w, `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}`)
		case r.URL.Path == "/v2/":
		default:
			w.WriteHeader(http.StatusNotFound)
		}
	}))
	t.Cleanup(server.Close)
	host := strings.TrimPrefix(server.URL, "http://")
	for said, args := range map[string][]string{
		"1 name in the list is not valid":    {"tags", host + "/a", "--no-details"},
		"2 names in the list are not valid,": {"repos", host, "--no-details"},
	} {
		code, out, errOut := runOut(t, append(args, "-o", "json")...)
		if code != output.Partly || !strings.Contains(errOut, said) || !strings.Contains(out, `"complete": false`) || len(out) > 5000 {
			t.Errorf("%v: exit code %d: %.300s; %.300s", args, code, out, errOut)
		}
		if code, out, errOut := runOut(t, args...); code != output.Partly || !strings.Contains(errOut, said) {
			t.Errorf("%v: exit code %d: %.300s; %.300s", args, code, out, errOut)
		}
	}
	if _, out, errOut := runOut(t, "delete", host+"/a:one", "--with-tags", "--dry-run"); !strings.Contains(out+errOut, "1 name in the list is not valid") {
		t.Errorf("%s; %s", out, errOut)
	}
}

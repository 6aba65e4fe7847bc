package usage_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"regatta/model/fault"
	"regatta/registry/httpx"
	"regatta/registry/sandbox"
	"regatta/registry/usage"
)

// functions plays Lambda: what ListFunctions and GetFunction say (API reference).
func functions(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "application/json")
	code := func(tag, digest string) {
		fmt.Fprintf(w, `{"Code": {"ImageUri": "%s/shop/api%s", "ResolvedImageUri": "%s/shop/api@%s"}}`, registry, tag, registry, digest)
	}
	switch q := r.URL.Query(); {
	case r.URL.Path == "/2015-03-31/functions" || r.URL.Path == "/2015-03-31/functions/":
		if q.Get("FunctionVersion") != "ALL" {
			http.Error(w, "{}", http.StatusBadRequest)
			return
		}
		if q.Get("Marker") == "" {
			fmt.Fprint(w, `{"NextMarker": "2", "Functions": [
				{"FunctionName": "thumbnails", "Version": "$LATEST", "PackageType": "Image"},
				{"FunctionName": "zipped", "Version": "$LATEST", "PackageType": "Zip"}]}`)
			return
		}
		fmt.Fprint(w, `{"Functions": [{"FunctionName": "thumbnails", "Version": "7", "PackageType": "Image"},
			{"FunctionName": "gone", "Version": "$LATEST", "PackageType": "Image"}]}`)
	case strings.HasSuffix(r.URL.Path, "/functions/thumbnails") && q.Get("Qualifier") == "7":
		code("@"+aDigest, aDigest)
	case strings.HasSuffix(r.URL.Path, "/functions/thumbnails"):
		code(":prod", aDigest)
	default:
		w.Header().Set("X-Amzn-Errortype", "ResourceNotFoundException")
		w.WriteHeader(http.StatusNotFound)
		fmt.Fprint(w, `{"Message": "Function not found"}`)
	}
}

func lambdas(t *testing.T, handler http.HandlerFunc) usage.Lambda {
	t.Helper()
	base := roundTrip(func(r *http.Request) (*http.Response, error) {
		w := httptest.NewRecorder()
		handler(w, r)
		return w.Result(), nil
	})
	transport := httpx.New(httpx.Options{Now: sandbox.Epoch, Base: base})
	return usage.Lambda{Region: "eu-central-1", Config: static("AKIAEXAMPLE"), Transport: transport}
}

type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

func TestLambda(t *testing.T) {
	t.Parallel()
	a := lambdas(t, functions).Ask(t.Context())
	if a.Err != nil {
		t.Fatal(a.Err)
	}
	want := []string{
		"lambda function thumbnails :prod @65789f813fd0", "lambda function thumbnails:7 @65789f813fd0",
	}
	if diff := cmp.Diff(want, lines(a, "shop/api")); diff != "" {
		t.Error(diff)
	}
}

func TestLambdaDenied(t *testing.T) {
	t.Parallel()
	a := lambdas(t, func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		w.Header().Set("X-Amzn-Errortype", "AccessDeniedException")
		w.WriteHeader(http.StatusForbidden)
		fmt.Fprint(w, `{"Message": "User: x is not authorized to perform: lambda:ListFunctions on resource: *"}`)
	}).Ask(t.Context())
	if !fault.Is(a.Err, fault.Denied) || !strings.Contains(a.Err.Error(), "the permission lambda:ListFunctions is missing") {
		t.Errorf("error %v", a.Err)
	}
}

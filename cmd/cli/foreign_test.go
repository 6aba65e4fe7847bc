package cli

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode"
	"unicode/utf8"

	"regatta/cmd/app/inside"
	"regatta/cmd/cli/browse"
	"regatta/cmd/cli/contents"
	"regatta/cmd/cli/output"
	"regatta/model/cost"
	"regatta/model/image"
	"regatta/registry/sandbox"
)

// Whatever a host answers, no verb panics, prints what a terminal would act on,
// or says that all is well with what is not a registry's answer.
func TestVerbsOnForeignBytes(t *testing.T) {
	private(t)
	bodies := map[string]string{
		"nothing": "", "null": "null", "list": "[]", "object": "{}", "bytes": "\xff\xfe\x1b[2J\x00",
		"page": "<html>\x1b]0;x\x07</html>", "nulls": `{"tags":[null,1,{}],"repositories":[null],"manifests":[null]}`,
		"sick image": `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.manifest.v1+json",` +
			`"config":{"digest":"\u001b[2J","size":-1},"layers":[null,{"size":-9}]}`,
		"sick index": `{"schemaVersion":2,"manifests":[{"platform":{}},{"platform":null,"digest":"sha256:0"}]}`,
		"deep":       strings.Repeat("[", 20000),
		"sick tags":  `{"name":7,"tags":["ok","\u001b[2J","..","v\u202e1"],"repositories":["a","\u001b[2J"]}`,
	}
	for name, body := range bodies {
		t.Run(name, func(t *testing.T) {
			server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
				w.Header().Set("Warning", "299 - \"\x9b2J\"")
				_, _ = w.Write([]byte(body))
			}))
			defer server.Close()
			host := strings.TrimPrefix(server.URL, "http://")
			for _, args := range [][]string{
				{"repos", host},
				{"tags", host + "/a"},
				{"tags", host + "/a", "--no-details"},
				{"inspect", host + "/a"},
				{"inspect", host + "/a", "--platform", "linux/amd64"},
				{"doctor", host},
			} {
				for _, f := range []string{"table", "json"} {
					code, out, errOut := runOut(t, append(args, "-o", f)...)
					if code == output.Usage || code == output.Done && errOut != "" {
						t.Errorf("%v: exit code %d: %s", args, code, errOut)
					}
					checkSafe(t, out+errOut)
				}
			}
		})
	}
}

func checkSafe(t *testing.T, s string) {
	t.Helper()
	if !utf8.ValidString(s) {
		t.Errorf("no valid UTF-8: %q", s)
	}
	for _, r := range s {
		if r != '\n' && (unicode.IsControl(r) || unicode.Is(unicode.Cf, r)) {
			t.Errorf("%U in %q", r, s)
			return
		}
	}
}

func TestEmptyListsAreLists(t *testing.T) {
	t.Parallel()
	for _, r := range []output.Result{
		browse.ReposResult("h", nil, true, false, cost.Price{}), browse.TagsResult(sandbox.Epoch(), refOf(t, "h.example/a"), nil, browse.Shown{}),
		{JSON: browse.ImageDocument(&image.Image{}, nil)},
		{JSON: contents.Inspected{Inspection: &inside.Inspection{}}.Document()},
		{JSON: infoJSON{Environment: variables(noEnv)}},
	} {
		var b strings.Builder
		if err := (output.Streams{Out: &b}).Print(output.JSON, r); err != nil {
			t.Fatal(err)
		}
		for _, list := range []string{
			"repositories", "images", "tags", "platforms", "inUse", "layers", "history", "children", "environment",
		} {
			if strings.Contains(b.String(), `"`+list+`": null`) {
				t.Errorf("%s is null in %s", list, b.String())
			}
		}
	}
}

func noEnv(string) string { return "" }

// A certificate that is not trusted is no reason to speak without TLS.
func TestDoctorOnAnUnknownAuthority(t *testing.T) {
	private(t)
	reg := sandbox.New(sandbox.Options{Now: sandbox.Epoch, Empty: true})
	server := httptest.NewTLSServer(reg)
	defer server.Close()
	code, out, _ := runOut(t, "doctor", strings.TrimPrefix(server.URL, "https://"))
	if code != output.Failed || !strings.Contains(out, "fail  tls") || !strings.Contains(out, "certificate not trusted") ||
		!strings.Contains(out, "→ set tls.ca in the config") {
		t.Errorf("exit code %d:\n%s", code, out)
	}
}

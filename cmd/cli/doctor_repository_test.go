package cli

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"regatta/cmd/cli/checkup"
	"regatta/cmd/cli/output"
	"regatta/model/health"
	"regatta/model/ref"
	"regatta/registry/sandbox"
)

func TestDoctorFindsWhatARepositoryLacks(t *testing.T) {
	private(t)
	reg := sandbox.New(sandbox.Options{Now: sandbox.Epoch, Empty: true})
	server := httptest.NewServer(reg)
	t.Cleanup(func() { server.Close(); _ = reg.Close() })
	const repo = "team/ill"
	push := func(name, tag string) {
		d := reg.PushImage(repo, sandbox.Image{Layers: []string{name}, Created: time.Unix(1, 0)})
		reg.Tag(repo, tag, d, sandbox.Epoch())
	}
	lost := string(ref.DigestOf([]byte("nothing")))
	push("fine", "v1")
	reg.Tag(repo, "v2", reg.PushRaw(repo, "application/vnd.oci.image.index.v1+json", []byte(
		`{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[{"mediaType":`+
			`"application/vnd.oci.image.manifest.v1+json","digest":"`+lost+`","size":5}]}`)), sandbox.Epoch())
	push("signature", ref.Digest(lost).FallbackTag()+".sig")
	reg.Tag(repo, "sbom", reg.PushArtifact(repo, sandbox.Artifact{
		Type: "application/spdx+json", Subject: lost, MediaType: "text/plain", Content: "sbom",
	}), sandbox.Epoch())
	push("hollow", "v3")
	reg.Inject(sandbox.Fault{
		Method: http.MethodHead, Prefix: "/v2/" + repo + "/blobs/", Times: 1, Effect: sandbox.Status{Code: http.StatusNotFound},
	})
	host := strings.TrimPrefix(server.URL, "http://")
	code, out, errOut := runOut(t, "doctor", host+"/"+repo, "--blobs", "-o", "json")
	if code != output.Failed || errOut != "regatta: 2 checks of 6 failed\n" {
		t.Errorf("exit code %d: %s", code, errOut)
	}
	var doc checkup.HealthJSON
	if err := json.Unmarshal([]byte(out), &doc); err != nil {
		t.Fatal(err)
	}
	advice := map[health.Kind]string{}
	for _, f := range doc.Findings {
		advice[f.Kind] = *f.Advice
	}
	for kind, want := range map[health.Kind]string{
		health.MissingChild: "prune " + host + "/" + repo + " --broken",
		health.MissingBlob:  "push the images again",
		health.LostSubject:  "regatta delete " + host + "/" + repo + "@sha256:",
		health.OrphanTag:    "prune " + host + "/" + repo + " --orphans",
	} {
		if !strings.Contains(advice[kind], want) {
			t.Errorf("%s: advice %q, want %q", kind, advice[kind], want)
		}
	}
}

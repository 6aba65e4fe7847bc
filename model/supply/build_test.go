package supply_test

import (
	"encoding/json"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"regatta/model/supply"
)

func attested(kind, predicate string) string {
	return `{"_type":"https://in-toto.io/Statement/v0.1","predicateType":"` + kind + `","subject":[],"predicate":` + predicate + `}`
}

func TestParseBuild(t *testing.T) {
	t.Parallel()
	start := time.Date(2026, 5, 1, 10, 0, 0, 0, time.UTC)
	buildKit := attested("https://slsa.dev/provenance/v0.2", `{"builder":{"id":"https://ci.example"},"buildType":"https://mobyproject.org/buildkit@v1",
		"invocation":{"configSource":{"uri":"https://git.example/x.git#main","entryPoint":"Dockerfile"},"parameters":{"frontend":"gateway.v0","args":{"build-arg:V":"1","target":"t"}}},
		"materials":[{"uri":"pkg:docker/debian@12","digest":{"sha256":"aa"}},{"uri":"git+https://git.example/x.git#main","digest":{"sha1":"bb"}}],
		"metadata":{"buildInvocationID":"run","buildStartedOn":"2026-05-01T10:00:00Z","buildFinishedOn":7,"https://mobyproject.org/buildkit@v1#metadata":{"vcs":{"source":"https://git.example/x","revision":"cc"}}}}`)
	gitHub := attested("https://slsa.dev/provenance/v1", `{"buildDefinition":{"buildType":"https://actions.github.io/buildtypes/workflow/v1",
		"externalParameters":{"workflow":{"ref":"refs/heads/main","repository":"https://github.example/a/b","path":".github/workflows/r.yml"}},
		"resolvedDependencies":[{"uri":"git+https://github.example/a/b@refs/heads/main","digest":{"gitCommit":"dd"}}]},
		"runDetails":{"builder":{"id":"https://github.example/runner"},"metadata":{"invocationId":"https://github.example/run/1"}}}`)
	buildKit1 := attested("https://slsa.dev/provenance/v1", `{"buildDefinition":{"buildType":"b","externalParameters":{"configSource":{"path":"Dockerfile"},"request":{"args":{"build-arg:A":"x"}}}},
		"runDetails":{"metadata":{"startedOn":"2026-05-01T10:00:00Z","buildkit_metadata":{"vcs":{"source":"s","revision":"r"}}}}}`)
	wrapped := must(json.Marshal(map[string]any{"payloadType": "x", "payload": []byte(gitHub), "signatures": []any{}}))(t)
	want := supply.Build{
		Format: "SLSA provenance v1", Type: "https://actions.github.io/buildtypes/workflow/v1", Builder: "https://github.example/runner",
		Source: "https://github.example/a/b", Commit: "dd", Entry: ".github/workflows/r.yml", Run: "https://github.example/run/1",
		Args: map[string]string{}, Materials: []supply.Material{{"git+https://github.example/a/b@refs/heads/main", "gitCommit:dd"}},
	}
	for name, tt := range map[string]struct {
		in   string
		want supply.Build
	}{
		"BuildKit": {buildKit, supply.Build{
			Format: "SLSA provenance v0.2", Type: "https://mobyproject.org/buildkit@v1", Builder: "https://ci.example",
			Source: "https://git.example/x", Commit: "cc", Entry: "Dockerfile", Run: "run", Started: start,
			Args:      map[string]string{"V": "1", "target": "t"},
			Materials: []supply.Material{{"pkg:docker/debian@12", "sha256:aa"}, {"git+https://git.example/x.git#main", "sha1:bb"}},
		}},
		"a workflow":     {gitHub, want},
		"in an envelope": {string(wrapped), want},
		"BuildKit, v1": {buildKit1, supply.Build{
			Format: "SLSA provenance v1", Type: "b", Source: "s", Commit: "r", Entry: "Dockerfile", Started: start, Args: map[string]string{"A": "x"},
		}},
	} {
		got, err := supply.ParseBuild([]byte(tt.in))
		if d := cmp.Diff(tt.want, got); err != nil || d != "" {
			t.Errorf("%s: %v\n%s", name, err, d)
		}
	}
	for _, in := range []string{"", "[]", "{}", attested("https://spdx.dev/Document", "{}"), attested("https://slsa.dev/provenance/v1", "7")} {
		if _, err := supply.ParseBuild([]byte(in)); err == nil {
			t.Errorf("%q is provenance", in)
		}
	}
}

func FuzzParseBuild(f *testing.F) {
	f.Add(attested("https://slsa.dev/provenance/v0.2", `{"materials":[{"uri":"a","digest":{"sha1":"b"}}]}`))
	f.Add(attested("https://slsa.dev/provenance/v1", `{"buildDefinition":{"externalParameters":{"request":{"args":{"a":"b"}}}}}`))
	f.Fuzz(func(t *testing.T, in string) {
		b, err := supply.ParseBuild([]byte(in))
		if err != nil {
			return
		}
		if s := b.String(); strings.ContainsAny(s, "\x1b\n") {
			t.Fatalf("not safe for a terminal: %q", s)
		}
	})
}

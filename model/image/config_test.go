package image

import (
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"regatta/model/ref"
)

func TestParseConfig(t *testing.T) {
	t.Parallel()
	raw := []byte(`{"created":"2026-11-20T10:00:00+01:00","author":"me\u001b[31m","os":"linux","architecture":"arm","variant":"v7",
"config":{"User":"1000","WorkingDir":"/app","StopSignal":"SIGINT","Env":["A=1","B=\u009b2J"],
"Entrypoint":["/app"],"Cmd":["serve","--port\n80"],"ExposedPorts":{"80/tcp":{},"53/udp":{}},"Volumes":{"/b":{},"/a":{}},
"Labels":{"team":"shop\u202e"}},
"history":[{"created":"2026-11-20T09:00:00Z","created_by":"RUN x","comment":"c","empty_layer":true},{"created":"soon"}],
"rootfs":{"diff_ids":["` + sumA + `"]}}`)
	got, err := ParseConfig(raw)
	if err != nil {
		t.Fatal(err)
	}
	at := time.Date(2026, 11, 20, 9, 0, 0, 0, time.UTC)
	want := Config{
		Created: at, Author: "me", Platform: Platform{OS: "linux", Architecture: "arm", Variant: "v7"},
		User: "1000", WorkingDir: "/app", StopSignal: "SIGINT", Env: []string{"A=1", "B="},
		Entrypoint: []string{"/app"}, Cmd: []string{"serve", "--port 80"},
		Ports: []string{"53/udp", "80/tcp"}, Volumes: []string{"/a", "/b"}, Labels: map[string]string{"team": "shop"},
		History: []History{{Created: at, CreatedBy: "RUN x", Comment: "c", Empty: true}, {}},
		DiffIDs: []ref.Digest{ref.Digest(sumA)}, Raw: raw,
	}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Fatal(diff)
	}
}

// One bad field must not hide an image.
func TestParseConfigTakesTimesAsTheyCome(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]time.Time{
		`"2026-11-20T09:00:00.5Z"`: time.Date(2026, 11, 20, 9, 0, 0, 500_000_000, time.UTC),
		`"0001-01-01T00:00:00Z"`:   {}, `""`: {}, `null`: {}, `12`: {}, `{}`: {}, `"yesterday"`: {},
	} {
		c, err := ParseConfig([]byte(`{"created":` + in + `}`))
		if err != nil || !c.Created.Equal(want) {
			t.Errorf("%s: %v, %v; want %v", in, c.Created, err, want)
		}
	}
}

func TestParseConfigErrors(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "[]", `{"config":{"Env":"A=1"}}`, "\x1b[2J"} {
		_, err := ParseConfig([]byte(raw))
		if !errors.Is(err, ErrConfig) || strings.ContainsRune(err.Error(), 0x1b) {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

func TestSteps(t *testing.T) {
	t.Parallel()
	layer := func(n int64) Descriptor { return Descriptor{Size: n} }
	made, bare := History{CreatedBy: "made"}, History{CreatedBy: "bare", Empty: true}
	tests := map[string]struct {
		layers  []Descriptor
		history []History
		want    []Step
	}{
		"nothing": {want: []Step{}},
		"they agree": {
			[]Descriptor{layer(1), layer(2)},
			[]History{made, bare, made},
			[]Step{{History: made, Layer: layer(1)}, {History: bare}, {History: made, Layer: layer(2)}},
		},
		"no history": {
			[]Descriptor{layer(1)}, nil, []Step{{Layer: layer(1)}},
		},
		"more layers": {
			[]Descriptor{layer(1), layer(2)},
			[]History{made},
			[]Step{{History: made, Layer: layer(1)}, {Layer: layer(2)}},
		},
		"more history": {
			[]Descriptor{layer(1)},
			[]History{made, made},
			[]Step{{History: made, Layer: layer(1)}, {History: made}},
		},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := Steps(Manifest{Layers: tt.layers}, Config{History: tt.history})
			if diff := cmp.Diff(tt.want, got); diff != "" {
				t.Fatal(diff)
			}
		})
	}
}

func TestInstruction(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		"":                                       "",
		"/bin/sh -c #(nop)  CMD [sh]":            "CMD [sh]",
		"/bin/sh -c #(nop) ADD file:1 in / ":     "ADD file:1 in /",
		"/bin/sh -c apk add git":                 "RUN apk add git",
		"RUN /bin/sh -c apk add git # buildkit":  "RUN apk add git",
		"COPY /src /app # buildkit":              "COPY /src /app",
		"ENTRYPOINT [\"/app\"]":                  `ENTRYPOINT ["/app"]`,
		"RUN |1 V=2 /bin/sh -c make # buildkit":  "RUN |1 V=2 /bin/sh -c make",
		"  /bin/sh -c   echo '# buildkit' && x ": "RUN echo '# buildkit' && x",
	} {
		if got := (Step{History: History{CreatedBy: in}}).Instruction(); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
}

package image

import (
	"errors"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"regatta/model/ref"
)

var (
	sumA = "sha256:" + strings.Repeat("a", 64)
	sumB = "sha256:" + strings.Repeat("b", 64)
	sumC = "sha256:" + strings.Repeat("c", 64)
)

func descriptor(mediaType, digest string, more string) string {
	return `{"mediaType":"` + mediaType + `","digest":"` + digest + `","size":10` + more + `}`
}

func TestParseManifestKinds(t *testing.T) {
	t.Parallel()
	config := `"config":` + descriptor(MediaTypeOCIConfig, sumA, "")
	empty := `"config":` + descriptor(MediaTypeOCIEmpty, sumA, "")
	tests := map[string]struct {
		contentType, raw string
		kind             Kind
		artifactType     string
	}{
		"OCI image": {
			raw: `{"schemaVersion":2,"mediaType":"` + MediaTypeOCIManifest + `",` + config + `}`, kind: KindImage,
		},
		"docker image": {
			contentType: MediaTypeDockerManifest,
			raw:         `{"schemaVersion":2,"config":` + descriptor(MediaTypeDockerConfig, sumA, "") + `}`, kind: KindImage,
		},
		"its own word wins": {
			contentType: MediaTypeOCIManifest,
			raw:         `{"schemaVersion":2,"mediaType":"` + MediaTypeOCIIndex + `","manifests":[]}`, kind: KindIndex,
		},
		"docker list":                {contentType: MediaTypeDockerList, raw: `{"manifests":[]}`, kind: KindIndex},
		"index by its shape":         {contentType: "text/plain", raw: `{"schemaVersion":2,"manifests":[]}`, kind: KindIndex},
		"image by its shape":         {raw: `{"schemaVersion":2,` + config + `}`, kind: KindImage},
		"schema 1":                   {contentType: MediaTypeDockerSchema1JWS, raw: `{"schemaVersion":1}`, kind: KindSchema1},
		"schema 1 by its shape":      {raw: `{"schemaVersion":1,"fsLayers":[]}`, kind: KindSchema1},
		"artifact of the old kind":   {contentType: MediaTypeOCIArtifact, raw: `{"artifactType":"a/b"}`, kind: KindArtifact, artifactType: "a/b"},
		"artifact by its config":     {raw: `{"schemaVersion":2,"config":` + descriptor("a/b", sumA, "") + `}`, kind: KindArtifact, artifactType: "a/b"},
		"artifact by its type":       {raw: `{"schemaVersion":2,"artifactType":"c/d",` + config + `}`, kind: KindArtifact, artifactType: "c/d"},
		"artifact, empty config":     {raw: `{"schemaVersion":2,"artifactType":"c/d",` + empty + `}`, kind: KindArtifact, artifactType: "c/d"},
		"image media type, no more":  {contentType: MediaTypeOCIManifest, raw: `{}`, kind: KindArtifact},
		"a JSON object":              {raw: `{}`, kind: KindUnknown},
		"null":                       {raw: `null`, kind: KindUnknown},
		"schema version of nonsense": {raw: `{"schemaVersion":9,"manifests":[]}`, kind: KindUnknown},
	}
	for name, tt := range tests {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			m, err := ParseManifest(tt.contentType, []byte(tt.raw))
			if err != nil || m.Kind != tt.kind || m.ArtifactType != tt.artifactType {
				t.Fatalf("%v %q, %v; want %v %q", m.Kind, m.ArtifactType, err, tt.kind, tt.artifactType)
			}
			if m.Digest != ref.DigestOf([]byte(tt.raw)) || string(m.Raw) != tt.raw {
				t.Fatal("digest or raw differ from what was given")
			}
		})
	}
}

func TestParseManifestErrors(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "x", "[]", `"a"`, `{"schemaVersion":"two"}`, `{"layers":{}}`, "<html>\x1b[2J"} {
		_, err := ParseManifest("", []byte(raw))
		if !errors.Is(err, ErrManifest) || strings.ContainsRune(err.Error(), 0x1b) {
			t.Errorf("%q: %v", raw, err)
		}
	}
}

func TestParseManifestContent(t *testing.T) {
	t.Parallel()
	raw := `{"schemaVersion":2,"mediaType":"` + MediaTypeOCIManifest + `",
"config":` + descriptor(MediaTypeOCIConfig, sumA, "") + `,
"layers":[` + descriptor("l", sumB, `,"annotations":{"k":"v"}`) + `,` + descriptor("l", sumB, "") + `],
"subject":` + descriptor("s", sumC, "") + `,"annotations":{"a":"b"}}`
	m, err := ParseManifest("", []byte(raw))
	if err != nil {
		t.Fatal(err)
	}
	layer := Descriptor{MediaType: "l", Digest: ref.Digest(sumB), Size: 10, URLs: []string{}}
	first := layer
	first.Annotations = map[string]string{"k": "v"}
	if diff := cmp.Diff([]Descriptor{first, layer}, m.Layers); diff != "" {
		t.Error(diff)
	}
	if m.Size() != 20 {
		t.Errorf("size %d: the same layer twice is stored once", m.Size())
	}
	if m.Subject == nil || m.Subject.Digest != ref.Digest(sumC) || m.Annotations["a"] != "b" {
		t.Errorf("%+v", m)
	}
}

func TestForeignTextIsCleaned(t *testing.T) {
	t.Parallel()
	raw := `{"schemaVersion":2,"manifests":[{"mediaType":"a\u001b[2Jb","digest":"` + sumA + `\u001b[2J","size":-5,
"urls":["http://x/\u202e"],"platform":{"os":"lin\u0007ux","architecture":"amd64"},
"annotations":{"k\u009b31m":"v\u001b]0;t\u0007","long":"` + strings.Repeat("x", 5000) + `"}}],
"annotations":{"n":"a\nb"}}`
	m, err := ParseManifest("", []byte(raw))
	if err != nil || len(m.Children) != 1 {
		t.Fatal(m, err)
	}
	d := m.Children[0]
	want := Descriptor{
		MediaType: "ab", Platform: &Platform{OS: "linux", Architecture: "amd64"}, URLs: []string{"http://x/"},
		Annotations: map[string]string{"k": "v", "long": strings.Repeat("x", 1024) + "… (5.0 kB)"},
	}
	if diff := cmp.Diff(want, d); diff != "" {
		t.Error(diff)
	}
	if m.Annotations["n"] != "a b" {
		t.Errorf("%q", m.Annotations)
	}
}

func TestDescriptorTells(t *testing.T) {
	t.Parallel()
	att := Descriptor{Annotations: map[string]string{"vnd.docker.reference.type": "attestation-manifest"}}
	if !att.IsAttestation() || (Descriptor{}).IsAttestation() {
		t.Error("attestation")
	}
	for _, d := range []Descriptor{
		{URLs: []string{"x"}},
		{MediaType: "application/vnd.docker.image.rootfs.foreign.diff.tar.gzip"},
		{MediaType: "application/vnd.oci.image.layer.nondistributable.v1.tar"},
	} {
		if !d.IsForeign() {
			t.Errorf("%+v is foreign", d)
		}
	}
	if (Descriptor{MediaType: "application/vnd.oci.image.layer.v1.tar"}).IsForeign() {
		t.Error("a common layer is not foreign")
	}
}

func TestPlatform(t *testing.T) {
	t.Parallel()
	for s, want := range map[string]Platform{
		"linux/amd64":  {OS: "linux", Architecture: "amd64"},
		"linux/arm/v7": {OS: "linux", Architecture: "arm", Variant: "v7"},
	} {
		if p, ok := ParsePlatform(s); !ok || p != want || p.String() != s || !p.Known() {
			t.Errorf("%q: %+v %v", s, p, ok)
		}
	}
	for _, s := range []string{"", "linux", "linux/", "/amd64", "a/b/c/d"} {
		if p, ok := ParsePlatform(s); ok {
			t.Errorf("%q parses as %+v", s, p)
		}
	}
	arm := Platform{OS: "linux", Architecture: "arm", Variant: "v7"}
	if !arm.Matches(Platform{OS: "linux", Architecture: "arm"}) || arm.Matches(Platform{OS: "linux", Architecture: "arm", Variant: "v6"}) {
		t.Error("variants")
	}
	if (Platform{OS: "unknown", Architecture: "unknown"}).Known() || (Platform{}).Known() {
		t.Error("unknown platforms")
	}
}

func TestShortMediaType(t *testing.T) {
	t.Parallel()
	for in, want := range map[string]string{
		MediaTypeOCIManifest: "oci.image.manifest.v1", "application/json": "json", "text/plain": "text/plain", "": "",
	} {
		if got := ShortMediaType(in); got != want {
			t.Errorf("%q is %q, want %q", in, got, want)
		}
	}
	for _, s := range ManifestMediaTypes() {
		if m, err := ParseManifest(s, []byte(`{}`)); err != nil || m.Kind == KindUnknown || m.Kind.String() == "unknown" {
			t.Errorf("%s is asked for and not known", s)
		}
	}
}

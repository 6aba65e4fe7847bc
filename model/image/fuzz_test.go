package image_test

import (
	"strings"
	"testing"

	"regatta/model/image"
)

func FuzzParseManifest(f *testing.F) {
	digest := "sha256:" + strings.Repeat("a", 64)
	for _, raw := range []string{
		`{"schemaVersion":2,"mediaType":"` + image.MediaTypeOCIManifest + `","config":{"mediaType":"` + image.MediaTypeOCIConfig + `","digest":"` + digest + `","size":3},"layers":[{"digest":"` + digest + `","size":4}]}`,
		`{"schemaVersion":2,"manifests":[{"digest":"` + digest + `","size":-1,"platform":{"os":"linux","architecture":"arm","variant":"v7"},"annotations":{"vnd.docker.reference.type":"attestation-manifest"}}]}`,
		`{"schemaVersion":1,"fsLayers":[],"history":[{"v1Compatibility":"{}"}]}`,
		`{"subject":{"digest":"x"},"annotations":{"\u001b[31m":"\u202e"}}`,
		``, `null`, `[]`, `{"layers":null}`, `{"size":1e400}`,
	} {
		f.Add(image.MediaTypeOCIManifest, []byte(raw))
	}
	f.Fuzz(func(t *testing.T, media string, raw []byte) {
		m, err := image.ParseManifest(media, raw)
		if err != nil {
			return
		}
		_ = m.Kind.String()
		for _, d := range append(m.Layers, m.Children...) {
			if d.Size < 0 || strings.ContainsAny(d.MediaType, "\x1b\r\n") {
				t.Errorf("descriptor %+v", d)
			}
		}
		image.Steps(m, image.Config{History: []image.History{{}, {Empty: true}}})
	})
}

func FuzzParseConfig(f *testing.F) {
	for _, raw := range []string{
		`{"created":"2026-01-02T03:04:05Z","os":"linux","architecture":"amd64","config":{"Env":["A=b"],"Labels":{"a":"b"},"ExposedPorts":{"80/tcp":{}}},"history":[{"created":"never","created_by":"RUN x\u001b[2J"}],"rootfs":{"diff_ids":["sha256:x"]}}`,
		`{"created":7}`, `{"config":null}`, `null`, `{}`, `{"config":{"Volumes":{"/x":{}}}}`,
	} {
		f.Add([]byte(raw))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		c, err := image.ParseConfig(raw)
		if err != nil {
			return
		}
		for _, h := range c.History {
			if strings.ContainsAny(h.CreatedBy, "\x1b\r\n") {
				t.Errorf("history %q", h.CreatedBy)
			}
		}
	})
}

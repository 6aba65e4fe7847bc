package base_test

import (
	"strconv"
	"testing"
	"time"

	"regatta/model/base"
	"regatta/model/image"
	"regatta/model/ref"
)

func layers(all ...int) []ref.Digest {
	var out []ref.Digest
	for _, n := range all {
		out = append(out, ref.DigestOf([]byte(strconv.Itoa(n))))
	}
	return out
}

func candidate(repo, name string, day int, tags []string, of ...int) base.Candidate {
	return base.Candidate{
		Repository: ref.Reference{Host: "r.example", Repository: repo}, Digest: ref.DigestOf([]byte(name)),
		Image: ref.DigestOf([]byte("image " + name)), Tags: tags, Layers: layers(of...), Created: time.Unix(int64(day)*86400, 0),
	}
}

func all() []base.Candidate {
	return []base.Candidate{
		candidate("debian", "d1", 1, []string{"12.1"}, 1), candidate("debian", "d2", 5, []string{"12.2"}, 2),
		candidate("debian", "d3", 9, []string{"12.3", "latest"}, 3), candidate("debian", "d4", 12, []string{"13-rc"}, 4),
		candidate("node", "n1", 2, []string{"22"}, 1, 10), candidate("node", "n2", 10, []string{"latest"}, 3, 11),
	}
}

func TestRecognise(t *testing.T) {
	t.Parallel()
	for name, tt := range map[string]struct {
		layers       []ref.Digest
		says         base.Claim
		tag          string
		want, by     string
		shared       int
		now          string
		behind, days int
	}{
		"the larger base":    {layers: layers(1, 10, 99), want: "node:22", by: base.ByLayers, shared: 2, now: "node:latest", behind: 1, days: 8},
		"the smaller one":    {layers: layers(1, 98, 99), want: "debian:12.1", by: base.ByLayers, shared: 1, now: "debian:12.3", behind: 2, days: 8},
		"up to date":         {layers: layers(3, 98), want: "debian:12.3", by: base.ByLayers, shared: 1, now: "debian:12.3"},
		"another tag":        {layers: layers(2, 98), tag: "13-rc", want: "debian:12.2", by: base.ByLayers, shared: 1, now: "debian:13-rc", behind: 2, days: 7},
		"a tag that is gone": {layers: layers(2, 98), tag: "gone", want: "debian:12.2", by: base.ByLayers, shared: 1},
		"what it says":       {layers: layers(97), says: base.Claim{Digest: ref.DigestOf([]byte("image d2"))}, want: "debian:12.2", by: base.ByAnnotation, now: "debian:12.3", behind: 1, days: 4},
		"the base itself":    {layers: layers(3)},
		"nothing":            {layers: layers(97, 3)},
	} {
		got, ok := base.Recognise(tt.layers, tt.says, tt.tag, all())
		if ok != (tt.want != "") || ok && (got.Name() != tt.want || got.By != tt.by || got.Shared != tt.shared) {
			t.Errorf("%s: %s by %s, %d layers", name, got.Name(), got.By, got.Shared)
			continue
		}
		now := ""
		if got.Now != nil {
			now = got.Now.Name()
		}
		if now != tt.now || len(got.Later) != tt.behind || got.Lag != time.Duration(tt.days)*24*time.Hour {
			t.Errorf("%s: now %s, %d behind, %s", name, now, len(got.Later), got.Lag)
		}
		if ok && got.Current() != (tt.behind == 0 && tt.now != "") {
			t.Errorf("%s: current %t", name, got.Current())
		}
	}
}

func TestClaimed(t *testing.T) {
	t.Parallel()
	says := map[string]string{"org.opencontainers.image.base.name": "docker.io/library/debian:12", "org.opencontainers.image.base.digest": "sha256:no"}
	if got := base.Claimed(image.Manifest{}, image.Config{Labels: says}); got != (base.Claim{Name: "docker.io/library/debian:12"}) {
		t.Errorf("%+v", got)
	}
	says["org.opencontainers.image.base.digest"] = string(ref.DigestOf(nil))
	if got := base.Claimed(image.Manifest{Annotations: says}, image.Config{}); got.Digest != ref.DigestOf(nil) {
		t.Errorf("%+v", got)
	}
	if got := base.Claimed(image.Manifest{}, image.Config{}); got.Name != "" {
		t.Errorf("%+v", got)
	}
}

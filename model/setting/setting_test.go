package setting_test

import (
	"strings"
	"testing"
	"time"

	"regatta/model/image"
	"regatta/model/setting"
)

func TestFields(t *testing.T) {
	t.Parallel()
	const home = "111122223333"
	for want, r := range map[string]setting.Repository{
		"tags: mutable; scanned: not on push; encrypted: ": {},
		"tags: immutable but dev-*; scanned: on push; encrypted: KMS key-1; replicated to: eu-west-1, us-east-1 of 444455556666; " +
			"caches: registry-1.docker.io, as all below docker-hub; created: 2026-03-01 12:00:00 UTC": {
			Mutability: image.Mutability{Immutable: true, Except: []string{"dev-*"}}, ScanOnPush: true,
			Encryption: setting.Encryption{Type: "KMS", Key: "key-1"},
			Replicas:   []setting.Place{{Region: "eu-west-1", Account: home}, {Region: "us-east-1", Account: "444455556666"}},
			Upstream:   &setting.Upstream{Prefix: "docker-hub", Host: "registry-1.docker.io"},
			Created:    time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC),
		},
	} {
		var got []string
		for _, f := range r.Fields(home) {
			got = append(got, f.Name+": "+f.Value)
		}
		if s := strings.Join(got, "; "); s != want {
			t.Errorf("%s\nwant %s", s, want)
		}
	}
}

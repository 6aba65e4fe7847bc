package ecr_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/credentials"
	service "github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/setting"
	"regatta/registry/sandbox"
)

// api is the service as its own SDK asks it.
func (w *world) api() *service.Client {
	return service.New(service.Options{
		Region: "eu-central-1", HTTPClient: &http.Client{Transport: w.sandbox.Transport()},
		Credentials: credentials.NewStaticCredentialsProvider("AKIAEXAMPLE", "secret", ""),
	})
}

func founded(o *sandbox.Options) { o.Empty = false }

func TestSettings(t *testing.T) {
	t.Parallel()
	w := open(t, founded)
	for repo, want := range map[string]setting.Repository{
		"shop/api": {
			ScanOnPush: true, Encryption: setting.Encryption{Type: "AES256"}, Replicas: []setting.Place{{Region: "eu-west-1", Account: "111122223333"}},
		},
		"legacy/billing": {Encryption: setting.Encryption{Type: "AES256"}, Mutability: image.Mutability{Immutable: true}},
	} {
		got, err := w.Settings(t.Context(), repo)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(want, got, cmpopts.IgnoreFields(setting.Repository{}, "Created")); diff != "" || got.Created.IsZero() {
			t.Errorf("%s, created %v: %s", repo, got.Created, diff)
		}
	}
	_, err := w.Settings(t.Context(), "none")
	wantFault(t, err, fault.NotFound, "none")
}

// A repository below the prefix of a rule caches the registry of that rule.
func TestSettingsOfACache(t *testing.T) {
	t.Parallel()
	w := open(t, founded)
	if _, err := w.api().CreateRepository(t.Context(), &service.CreateRepositoryInput{
		RepositoryName: aws.String("docker-hub/library/nginx"),
	}); err != nil {
		t.Fatal(err)
	}
	got, err := w.Settings(t.Context(), "docker-hub/library/nginx")
	want := &setting.Upstream{Prefix: "docker-hub", Host: "registry-1.docker.io"}
	if diff := cmp.Diff(want, got.Upstream); diff != "" || err != nil {
		t.Error(diff, err)
	}
}

// What may not be read is missing by the name of the permission, the rest is
// there.
func TestSettingsAreMissing(t *testing.T) {
	t.Parallel()
	w := open(t, func(o *sandbox.Options) {
		founded(o)
		o.Account.Keys = map[string]sandbox.Role{"AKIAEXAMPLE": {Denied: []string{"ecr:DescribeRegistry"}}}
	})
	got, err := w.Settings(t.Context(), "legacy/billing")
	if err != nil || !got.Mutability.Immutable || len(got.Missing) != 1 ||
		!strings.Contains(got.Missing[0].Error(), "the permission ecr:DescribeRegistry is missing") {
		t.Errorf("%+v, %v", got, err)
	}
}

// Which tags move is known before one is moved, exceptions included; and the
// registry says the same.
func TestMutabilityWithExceptions(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	one, two := w.push("one", "v1", "dev-1"), w.push("two", "v2")
	if _, err := w.api().PutImageTagMutability(t.Context(), &service.PutImageTagMutabilityInput{
		RepositoryName: aws.String("app"), ImageTagMutability: types.ImageTagMutabilityImmutableWithExclusion,
		ImageTagMutabilityExclusionFilters: []types.ImageTagMutabilityExclusionFilter{
			{Filter: aws.String("dev-*"), FilterType: types.ImageTagMutabilityExclusionFilterTypeWildcard},
		},
	}); err != nil {
		t.Fatal(err)
	}
	can, err := w.ReadDelete(t.Context(), "app")
	if err != nil || !can.Mutability.Fixed("v1") || can.Mutability.Fixed("dev-1") {
		t.Fatalf("%+v, %v", can, err)
	}
	for tag, fixed := range map[string]bool{"v1": true, "dev-1": false} {
		m, err := w.Manifest(t.Context(), "app", string(two))
		if err != nil {
			t.Fatal(err)
		}
		err = w.PutManifest(t.Context(), "app", tag, m.MediaType, m.Raw)
		if (err != nil) != fixed || fixed && !fault.Is(err, fault.Immutable) {
			t.Errorf("%s of %s: %v", tag, one.Short(), err)
		}
	}
	if got := can.Mutability.String(); got != "immutable but dev-*" || can.TagDelete != plan.Yes {
		t.Errorf("%s, %+v", got, can)
	}
}

func TestReplication(t *testing.T) {
	t.Parallel()
	w := open(t, founded)
	m, err := w.Manifest(t.Context(), "shop/api", "prod")
	if err != nil {
		t.Fatal(err)
	}
	got, err := w.Replication(t.Context(), "shop/api", m.Digest)
	want := []setting.Copy{{Place: setting.Place{Region: "eu-west-1", Account: "111122223333"}, Status: "COMPLETE"}}
	if diff := cmp.Diff(want, got); diff != "" || err != nil {
		t.Error(diff, err)
	}
	if name := got[0].Name("111122223333") + ", " + got[0].Name("444455556666"); name != "eu-west-1, eu-west-1 of 111122223333" {
		t.Error(name)
	}
	if _, err = w.Replication(t.Context(), "shop/api", "sha256:"+m.Digest[10:]); err == nil {
		t.Error("an image that is not there is replicated")
	}
}

package ecr_test

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"testing/synctest"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
)

// wantFault checks the kind of an error, and its text.
func wantFault(tb testing.TB, err error, kind fault.Kind, text string) {
	tb.Helper()
	if err == nil || fault.KindOf(err) != kind || !strings.Contains(err.Error(), text) {
		tb.Errorf("error %v (%v), want %v: %s", err, fault.KindOf(err), kind, text)
	}
}

// A tag goes alone, by one question and one request that names its digest too.
func TestDeleteTag(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	digest := w.push("one", "v1", "v2")
	if err := w.DeleteTag(t.Context(), "app", "v1", ""); err != nil {
		t.Fatal(err)
	}
	if calls := w.calls(); !slices.Equal(calls, []string{"ecr:DescribeImages", "ecr:BatchDeleteImage"}) {
		t.Errorf("calls %v", calls)
	}
	if got, ok := w.sandbox.Resolve("app", "v2"); !ok || got != string(digest) {
		t.Error("v2 went along")
	}
	wantFault(t, w.DeleteTag(t.Context(), "app", "v1", ""), fault.NotFound, "")
	if err := w.DeleteTag(t.Context(), "app", "v2", digest); err != nil {
		t.Fatal(err)
	}
	if left := w.listed(t); len(left) != 0 {
		t.Errorf("the last tag left %v", left)
	}
}

// A tag that has moved since anybody looked stays where it went.
func TestDeleteTagThatMoves(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	first := w.push("one", "v1", "keep")
	other := w.push("two")
	w.sandbox.Inject(sandbox.Fault{Operation: "ecr:BatchDeleteImage", Effect: sandbox.Slow{}, Match: func(*http.Request) bool {
		w.sandbox.Tag("app", "v1", string(other), w.at)
		return true
	}})
	wantFault(t, w.DeleteTag(t.Context(), "app", "v1", ""), fault.Drift, "the tag v1 does not point to")
	w.sandbox.ClearFaults()
	wantFault(t, w.DeleteTag(t.Context(), "app", "v1", first), fault.Drift, "the tag v1 does not point to")
	if got, _ := w.sandbox.Resolve("app", "v1"); got != string(other) {
		t.Errorf("v1 is %s", got)
	}
}

// Deletions that come together go together, a hundred at most, and one that is
// refused does not hold up the others.
func TestDeleteTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, testDeleteTogether)
}

func testDeleteTogether(t *testing.T) {
	w := open(t, nil)
	child := w.push("child")
	w.sandbox.PushIndex("app", string(child))
	digests := []ref.Digest{child}
	for i := range 149 {
		digests = append(digests, w.push(strconv.Itoa(i)))
	}
	w.calls()
	errs := make([]error, len(digests))
	var group sync.WaitGroup
	for i, d := range digests {
		group.Go(func() { errs[i] = w.DeleteManifest(t.Context(), "app", d) })
	}
	group.Wait()
	wantFault(t, errs[0], fault.Unknown, "Requested image referenced by manifest list")
	if err := errors.Join(errs[1:]...); err != nil {
		t.Error(err)
	}
	if calls := w.calls(); len(calls) != 2 || count(calls, "ecr:BatchDeleteImage") != 2 {
		t.Errorf("%d calls", len(calls))
	}
	if left := w.listed(t); len(left) != 2 {
		t.Errorf("left %d", len(left))
	}
}

// A retag puts the same bytes; to do it twice is no error.
func TestPutManifest(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	digest := w.push("one", "v1")
	w.push("two", "prod")
	m, err := w.Manifest(t.Context(), "app", "v1")
	if err != nil || m.Digest != digest {
		t.Fatalf("read %s, %v", m.Digest, err)
	}
	for range 2 {
		if err := w.PutManifest(t.Context(), "app", "prod", m.MediaType, m.Raw); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.PutManifest(t.Context(), "app", string(digest), m.MediaType, m.Raw); err != nil {
		t.Error(err)
	}
	if got, err := w.Resolve(t.Context(), "app", "prod"); err != nil || got.Digest != digest {
		t.Errorf("prod is %s, %v", got.Digest, err)
	}
	wantFault(t, w.PutManifest(t.Context(), "app", "x", m.MediaType, []byte("{\xff}")), fault.Invalid, "not UTF-8")
	wantFault(t, w.PutManifest(t.Context(), "app", string(ref.DigestOf(nil)), m.MediaType, m.Raw), fault.Invalid, "")
}

// A change that may have been made is not made again.
func TestChangesAreMadeOnce(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	digest := w.push("one", "v1")
	w.sandbox.Inject(sandbox.Fault{
		Operation: "ecr:BatchDeleteImage", Effect: sandbox.APIError{Code: "ServerException", Message: "no", Status: 500},
	})
	wantFault(t, w.DeleteManifest(t.Context(), "app", digest), fault.Unavailable, "no")
	if calls := w.calls(); len(calls) != 1 {
		t.Errorf("calls %v", calls)
	}
}

func TestCapabilities(t *testing.T) {
	t.Parallel()
	w := open(t, func(o *sandbox.Options) { o.Empty = false })
	want := plan.Capabilities{
		TagDelete: plan.Yes, ManifestDelete: plan.Yes, TaggedDelete: plan.Yes, LastTagDeletes: true, TellsTags: true,
		ListsUntagged: true, Archives: true, SharesBlobs: plan.No,
	}
	for repo, immutable := range map[string]bool{"shop/api": false, "legacy/billing": true} {
		want.Mutability.Immutable = immutable
		if can, err := w.ProbeDelete(t.Context(), repo); err != nil || !reflect.DeepEqual(can, want) {
			t.Errorf("%s: %+v, %v", repo, can, err)
		}
	}
	m, err := w.Manifest(t.Context(), "legacy/billing", "release-40")
	if err != nil {
		t.Fatal(err)
	}
	wantFault(t, w.PutManifest(t.Context(), "legacy/billing", "stable", m.MediaType, m.Raw), fault.Immutable, "immutable")
}

// Manifests that are read together are read a hundred at a time, each once.
func TestManifestsAreReadTogether(t *testing.T) {
	t.Parallel()
	synctest.Test(t, testReadTogether)
}

func testReadTogether(t *testing.T) {
	w := open(t, nil)
	var digests []ref.Digest
	for i := range 250 {
		digests = append(digests, w.push(strconv.Itoa(i), fmt.Sprint("a", i), fmt.Sprint("b", i)))
	}
	w.calls()
	for range 2 {
		var group sync.WaitGroup
		for _, d := range digests {
			for range 2 {
				group.Go(func() {
					if m, err := w.Manifest(t.Context(), "app", string(d)); err != nil || m.Digest != d {
						t.Errorf("read %s, %v", m.Digest, err)
					}
				})
			}
		}
		group.Wait()
	}
	if calls := w.calls(); len(calls) != 3 || count(calls, "ecr:BatchGetImage") != 3 {
		t.Errorf("%d calls: %v", len(calls), calls)
	}
	_, err := w.Manifest(t.Context(), "app", string(ref.DigestOf([]byte("none"))))
	wantFault(t, err, fault.NotFound, "Requested image not found")
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	_, err = w.Manifest(ctx, "app", string(ref.DigestOf([]byte("other"))))
	wantFault(t, err, fault.Cancelled, "")
}

// Details come from manifests through the API and configs through the
// registry's own endpoints, with a password of the account.
func TestDescribe(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	one := w.push("one")
	index := w.sandbox.PushIndex("app", string(one))
	w.sandbox.Tag("app", "v1", index, w.at)
	w.sandbox.PushArtifact("app", sandbox.Artifact{Type: "example/sig", Subject: index})
	var img image.Image
	for _, listed := range w.listed(t) {
		if listed.Digest == ref.Digest(index) {
			img = listed
		}
	}
	img, err := w.Describe(t.Context(), "app", img, false)
	if err != nil || len(img.Platforms) != 1 || !img.Created.Equal(w.at) || !img.Pushed.Equal(w.at) || img.State != image.Read {
		t.Errorf("described %+v, %v", img, err)
	}
	refs, err := w.Subjects(t.Context(), "app", ref.Digest(index))
	if err != nil || len(refs) != 1 || refs[0].ArtifactType != "example/sig" {
		t.Errorf("referrers %v, %v", refs, err)
	}
	if refs, err = w.Referrers(t.Context(), "app", ref.Digest(index)); err != nil || len(refs) != 1 {
		t.Errorf("referrers %v, %v", refs, err)
	}
	m, err := w.Manifest(t.Context(), "app", string(one))
	if err != nil {
		t.Fatal(err)
	}
	blob, err := w.Blob(t.Context(), "app", m.Layers[0], 0)
	if err != nil {
		t.Fatal(err)
	}
	defer func() { _ = blob.Close() }()
	if raw, err := io.ReadAll(blob); err != nil || string(raw) != "layer of one" {
		t.Errorf("layer %q, %v", raw, err)
	}
}

func TestSurvey(t *testing.T) {
	t.Parallel()
	synctest.Test(t, func(t *testing.T) { // in whose time those who ask together are never late
		w := open(t, nil)
		for i := range 30 {
			w.push(strconv.Itoa(i%10), fmt.Sprint("v", i))
		}
		w.calls()
		r, err := w.SurveyRepository(t.Context(), "app")
		if err != nil || r.Images != 10 || r.Tags != 30 || r.Size <= 10*int64(len("layer of 1")) {
			t.Errorf("survey %+v, %v", r, err)
		}
		if calls := w.calls(); count(calls, "ecr:BatchGetImage") != 1 {
			t.Errorf("calls %v", calls)
		}
	})
}

// What is wrong with who asks, or with the way, each by its kind.
func TestFaults(t *testing.T) {
	t.Parallel()
	w := open(t, func(o *sandbox.Options) {
		o.Account.Keys = map[string]sandbox.Role{"AKIAEXAMPLE": {Expires: sandbox.Epoch().Add(time.Hour)}}
	})
	w.push("one")
	broken := w.client(t, func(_ context.Context, region string) (aws.Config, error) {
		return aws.Config{Region: region, Credentials: aws.CredentialsProviderFunc(func(context.Context) (aws.Credentials, error) {
			return aws.Credentials{}, errors.New("the SSO session has expired or is invalid")
		})}, nil
	})
	_, err := broken.Images(t.Context(), "app", "")
	wantFault(t, err, fault.Auth, "the SSO session has expired")
	unreadable := w.client(t, func(context.Context, string) (aws.Config, error) {
		return aws.Config{}, errors.New("failed to get shared config profile, nobody")
	})
	wantFault(t, unreadable.Ping(t.Context()), fault.Auth, "profile, nobody")
	w.at = w.at.Add(time.Hour)
	_, err = w.Images(t.Context(), "app", "")
	wantFault(t, err, fault.Auth, "The security token included in the request is expired")
	for name, tt := range map[string]struct {
		effect sandbox.Effect
		kind   fault.Kind
		text   string
	}{
		"proxy":            {sandbox.HTML(http.StatusForbidden), fault.Protocol, "the answer is a web page"},
		"proxy that nods":  {sandbox.HTML(http.StatusOK), fault.Protocol, "web page"},
		"rubbish":          {sandbox.Body{ContentType: "application/x-amz-json-1.1", Text: "]"}, fault.Protocol, ""},
		"escape sequences": {sandbox.APIError{Code: "InvalidParameterException", Message: "\x1b[31mred"}, fault.Invalid, "red"},
	} {
		w.sandbox.ClearFaults()
		w.sandbox.Inject(sandbox.Fault{Effect: tt.effect})
		_, err := w.Images(t.Context(), "app", "")
		t.Log(name, err)
		wantFault(t, err, tt.kind, tt.text)
		if strings.Contains(fmt.Sprint(err), "\x1b") {
			t.Errorf("%s: %q is not clean", name, err)
		}
	}
}

// prepare brings what a dummy needs, and is what it takes the tag from.
func (w *world) prepare(t *testing.T, d ref.Digest) image.Manifest {
	t.Helper()
	m, err := w.Manifest(t.Context(), "app", string(d))
	if err == nil {
		w.calls()
		err = w.PrepareDummy(t.Context(), "app")
	}
	if err != nil {
		t.Fatal(err)
	}
	return m
}

// The last tag goes and the image stays, all through the API.
func TestUntagByDummy(t *testing.T) {
	t.Parallel()
	w := open(t, nil)
	digest := w.push("one", "v1")
	was := w.prepare(t, digest)
	if err := w.UntagByDummy(t.Context(), "app", "v1", was, "run-1"); err != nil {
		t.Fatal(err)
	}
	left := w.listed(t)
	if len(left) != 1 || left[0].Digest != digest || len(left[0].Tags) != 0 {
		t.Errorf("left %+v", left)
	}
	if calls := w.calls(); count(calls, "ecr:") != len(calls) {
		t.Errorf("calls %v", calls)
	}
	for content, want := range map[string]bool{"{}": true, "layer of one": true, "none": false} {
		there, err := w.BlobExists(t.Context(), "app", image.Descriptor{Digest: ref.DigestOf([]byte(content))})
		if err != nil || there != want {
			t.Errorf("%q is there: %v, %v", content, there, err)
		}
	}
}

// A role that may push but not delete gets its tag back.
func TestUntagByDummyIsPutBack(t *testing.T) {
	t.Parallel()
	w := open(t, func(o *sandbox.Options) {
		o.Account.Keys = map[string]sandbox.Role{"AKIAEXAMPLE": {Denied: []string{"ecr:BatchDeleteImage"}}}
	})
	digest := w.push("one", "v1")
	was := w.prepare(t, digest)
	wantFault(t, w.UntagByDummy(t.Context(), "app", "v1", was, "run-1"), fault.Denied, "the tag points to "+digest.Short()+" again")
	if got, _ := w.sandbox.Resolve("app", "v1"); got != string(digest) {
		t.Errorf("v1 is %s", got)
	}
}

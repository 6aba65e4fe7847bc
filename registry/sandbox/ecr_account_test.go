package sandbox_test

import (
	"encoding/base64"
	"errors"
	"fmt"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"

	"regatta/registry/sandbox"
)

const anyPolicy = `{"Version":"2012-10-17","Statement":[]}`

func TestPolicies(t *testing.T) {
	t.Parallel()
	c, _ := began(t)
	ctx := t.Context()
	c.PushImage("app", one("a"))
	app := aws.String("app")
	_, err := c.ecr.GetRepositoryPolicy(ctx, &ecr.GetRepositoryPolicyInput{RepositoryName: app})
	wantCode(t, err, "RepositoryPolicyNotFoundException",
		"Repository policy does not exist for the repository with name 'app' in the registry with id '111122223333'")
	must(c.ecr.SetRepositoryPolicy(ctx, &ecr.SetRepositoryPolicyInput{RepositoryName: app, PolicyText: aws.String(anyPolicy)}))(t)
	if got := must(c.ecr.GetRepositoryPolicy(ctx, &ecr.GetRepositoryPolicyInput{RepositoryName: app}))(t); *got.PolicyText != anyPolicy {
		t.Errorf("policy %s", *got.PolicyText)
	}
	must(c.ecr.DeleteRepositoryPolicy(ctx, &ecr.DeleteRepositoryPolicyInput{RepositoryName: app}))(t)
	_, err = c.ecr.DeleteRepositoryPolicy(ctx, &ecr.DeleteRepositoryPolicyInput{RepositoryName: app})
	wantCode(t, err, "RepositoryPolicyNotFoundException", "")

	_, err = c.ecr.GetRegistryPolicy(ctx, &ecr.GetRegistryPolicyInput{})
	wantCode(t, err, "RegistryPolicyNotFoundException", "")
	must(c.ecr.PutRegistryPolicy(ctx, &ecr.PutRegistryPolicyInput{PolicyText: aws.String(anyPolicy)}))(t)
	if got := must(c.ecr.GetRegistryPolicy(ctx, &ecr.GetRegistryPolicyInput{}))(t); *got.RegistryId != accountID {
		t.Errorf("registry %s", *got.RegistryId)
	}
	must(c.ecr.DeleteRegistryPolicy(ctx, &ecr.DeleteRegistryPolicyInput{}))(t)
	_, err = c.ecr.DeleteRegistryPolicy(ctx, &ecr.DeleteRegistryPolicyInput{})
	wantCode(t, err, "RegistryPolicyNotFoundException", "")
}

// What the company has set up.
func TestEstate(t *testing.T) {
	t.Parallel()
	c := signIn(t, open(t, newWall().seeded()), "any")
	ctx := t.Context()
	rules := must(c.ecr.DescribeRegistry(ctx, &ecr.DescribeRegistryInput{}))(t).ReplicationConfiguration.Rules
	if len(rules) != 1 || *rules[0].Destinations[0].Region != "eu-west-1" || *rules[0].RepositoryFilters[0].Filter != "shop/" {
		t.Errorf("replication %v", rules)
	}
	id := byTag("prod")
	status := must(c.ecr.DescribeImageReplicationStatus(ctx, &ecr.DescribeImageReplicationStatusInput{
		RepositoryName: aws.String("shop/api"), ImageId: &id,
	}))(t)
	if len(status.ReplicationStatuses) != 1 || status.ReplicationStatuses[0].Status != types.ReplicationStatusComplete {
		t.Errorf("status %v", status.ReplicationStatuses)
	}
	through := must(c.ecr.DescribePullThroughCacheRules(ctx, &ecr.DescribePullThroughCacheRulesInput{}))(t).PullThroughCacheRules
	if len(through) != 2 || through[0].UpstreamRegistry != types.UpstreamRegistryDockerHub {
		t.Errorf("rules %v", through)
	}
	_, err := c.ecr.DescribePullThroughCacheRules(ctx, &ecr.DescribePullThroughCacheRulesInput{EcrRepositoryPrefixes: []string{"no"}})
	wantCode(t, err, "PullThroughCacheRuleNotFoundException", "")
	policy := must(c.ecr.GetRepositoryPolicy(ctx, &ecr.GetRepositoryPolicyInput{RepositoryName: aws.String("base/debian")}))(t)
	if !strings.Contains(*policy.PolicyText, "444455556666") {
		t.Errorf("policy %s", *policy.PolicyText)
	}
}

// The password of GetAuthorizationToken opens the registry for twelve hours,
// for what the role may do.
func TestAuthorizationToken(t *testing.T) {
	t.Parallel()
	w := newWall()
	o := w.empty()
	o.Auth = sandbox.Auth{AWS: true}
	o.Account.Keys = map[string]sandbox.Role{"reader": {Denied: []string{"ecr:PutImage"}}}
	rg := open(t, o)
	rg.PushImage("app", one("a"))
	ask(t, rg, "GET", "/v2/", "").want(t, 401, "Not Authorized")
	c := signIn(t, rg, "reader")
	data := must(c.ecr.GetAuthorizationToken(t.Context(), &ecr.GetAuthorizationTokenInput{}))(t).AuthorizationData[0]
	if !data.ExpiresAt.Equal(w.now().Add(12*time.Hour)) || *data.ProxyEndpoint != "http://sandbox.test" {
		t.Errorf("expires at %s, endpoint %s", data.ExpiresAt, *data.ProxyEndpoint)
	}
	pair, err := base64.StdEncoding.DecodeString(*data.AuthorizationToken)
	if err != nil || !strings.HasPrefix(string(pair), "AWS:") {
		t.Fatalf("token %q", pair)
	}
	basic := "Authorization: Basic " + *data.AuthorizationToken
	ask(t, rg, "GET", "/v2/", "", basic).want(t, 200, "")
	ask(t, rg, "GET", "/v2/app/tags/list", "", basic).want(t, 200, "app")
	ask(t, rg, "PUT", "/v2/app/manifests/v1", emptyIndex, basic, indexType).want(t, 403, "ecr:PutImage")
	w.pass(12 * time.Hour)
	ask(t, rg, "GET", "/v2/app/tags/list", "", basic).want(t, 403, "Your authorization token has expired")
}

// A layer comes through a URL that needs no credentials.
func TestLayers(t *testing.T) {
	t.Parallel()
	o := newWall().empty()
	o.Auth = sandbox.Auth{AWS: true}
	rg := open(t, o)
	rg.PushImage("app", one("a"))
	c := signIn(t, rg, "any")
	app, digest := aws.String("app"), digestOf("layer of a")
	url := must(c.ecr.GetDownloadUrlForLayer(t.Context(), &ecr.GetDownloadUrlForLayerInput{RepositoryName: app, LayerDigest: &digest}))(t)
	path := strings.TrimPrefix(*url.DownloadUrl, "http://sandbox.test")
	ask(t, rg, "GET", path, "").want(t, 200, "layer of a")
	_, err := c.ecr.GetDownloadUrlForLayer(t.Context(), &ecr.GetDownloadUrlForLayerInput{RepositoryName: app, LayerDigest: aws.String(noDigest)})
	wantCode(t, err, "LayersNotFoundException", "")

	out := must(c.ecr.BatchCheckLayerAvailability(t.Context(), &ecr.BatchCheckLayerAvailabilityInput{
		RepositoryName: app, LayerDigests: []string{digest, noDigest, "rubbish"},
	}))(t)
	if len(out.Layers) != 2 || out.Layers[0].LayerAvailability != types.LayerAvailabilityAvailable || *out.Layers[0].LayerSize != 10 ||
		out.Layers[1].LayerAvailability != types.LayerAvailabilityUnavailable ||
		len(out.Failures) != 1 || out.Failures[0].FailureCode != types.LayerFailureCodeInvalidLayerDigest {
		t.Errorf("layers %+v, failures %v", out.Layers, out.Failures)
	}
}

func TestLayerUpload(t *testing.T) {
	t.Parallel()
	c, _ := began(t)
	c.PushImage("app", one("a"))
	app := aws.String("app")
	start := func() *string {
		return must(c.ecr.InitiateLayerUpload(t.Context(), &ecr.InitiateLayerUploadInput{RepositoryName: app}))(t).UploadId
	}
	part := func(id *string, first int64, text string) error {
		_, err := c.ecr.UploadLayerPart(t.Context(), &ecr.UploadLayerPartInput{
			RepositoryName: app, UploadId: id, PartFirstByte: &first, PartLastByte: aws.Int64(first + int64(len(text)) - 1),
			LayerPartBlob: []byte(text),
		})
		return err
	}
	complete := func(id *string, text string) error {
		_, err := c.ecr.CompleteLayerUpload(t.Context(), &ecr.CompleteLayerUploadInput{
			RepositoryName: app, UploadId: id, LayerDigests: []string{digestOf(text)},
		})
		return err
	}
	id := start()
	wantCode(t, complete(id, "x"), "EmptyUploadException", "")
	if err := part(id, 0, "one "); err != nil {
		t.Fatal(err)
	}
	wantCode(t, part(id, 1, "two"), "InvalidLayerPartException", "")
	if err := part(id, 4, "two"); err != nil {
		t.Fatal(err)
	}
	if err := complete(id, "one two"); err != nil {
		t.Fatal(err)
	}
	ask(t, c.Registry, "GET", "/v2/app/blobs/"+digestOf("one two"), "").want(t, 200, "one two")
	wantCode(t, complete(id, "one two"), "UploadNotFoundException", "")
	id = start()
	if err := part(id, 0, "x"); err != nil {
		t.Fatal(err)
	}
	wantCode(t, complete(id, "one two"), "LayerAlreadyExistsException", "")
	wantCode(t, complete(id, "y"), "InvalidLayerException", "")
}

// A scan runs for a while, once a day; half of what was seeded was scanned.
func TestScans(t *testing.T) {
	t.Parallel()
	c, w := began(t)
	digest := c.PushImage("app", one("a"))
	index := c.PushIndex("app", digest)
	id, indexID := byDigest(digest), byDigest(index)
	findings := func() (*ecr.DescribeImageScanFindingsOutput, error) {
		return c.ecr.DescribeImageScanFindings(t.Context(), &ecr.DescribeImageScanFindingsInput{RepositoryName: aws.String("app"), ImageId: &id})
	}
	start := func(id types.ImageIdentifier) error {
		_, err := c.ecr.StartImageScan(t.Context(), &ecr.StartImageScanInput{RepositoryName: aws.String("app"), ImageId: &id})
		return err
	}
	_, err := findings()
	wantCode(t, err, "ScanNotFoundException", "")
	wantCode(t, start(indexID), "UnsupportedImageTypeException", "")
	if err := start(id); err != nil {
		t.Fatal(err)
	}
	if got := must(findings())(t); got.ImageScanStatus.Status != types.ScanStatusInProgress || got.ImageScanFindings != nil {
		t.Errorf("status %s", got.ImageScanStatus.Status)
	}
	wantCode(t, start(id), "LimitExceededException", "")
	w.pass(time.Minute)
	got := must(findings())(t)
	total := 0
	for _, n := range got.ImageScanFindings.FindingSeverityCounts {
		total += int(n)
	}
	if got.ImageScanStatus.Status != types.ScanStatusComplete || total != len(got.ImageScanFindings.Findings) {
		t.Errorf("status %s, %d of %d", got.ImageScanStatus.Status, len(got.ImageScanFindings.Findings), total)
	}
}

func TestSeededScans(t *testing.T) {
	t.Parallel()
	c := signIn(t, open(t, newWall().seeded()), "any")
	images := must(c.ecr.DescribeImages(t.Context(), &ecr.DescribeImagesInput{
		RepositoryName: aws.String("shop/api"), MaxResults: aws.Int32(60),
	}))(t).ImageDetails
	scanned, missing := 0, 0
	for _, d := range images {
		id := byDigest(*d.ImageDigest)
		out, err := c.ecr.DescribeImageScanFindings(t.Context(), &ecr.DescribeImageScanFindingsInput{
			RepositoryName: aws.String("shop/api"), ImageId: &id, MaxResults: aws.Int32(2),
		})
		switch {
		case err != nil:
			wantCode(t, err, "ScanNotFoundException", "")
			missing++
		case len(out.ImageScanFindings.Findings) > 2:
			t.Errorf("%d findings", len(out.ImageScanFindings.Findings))
		default:
			scanned++
		}
	}
	if scanned == 0 || missing == 0 {
		t.Errorf("%d scanned, %d not", scanned, missing)
	}
}

const policyText = `{"rules":[{"rulePriority":3,"selection":{"tagStatus":"untagged","countType":"sinceImagePushed",` +
	`"countUnit":"days","countNumber":1},"action":{"type":"expire"}}]}`

// evaluator takes all untagged images; the policy may ask for trouble.
func evaluator(policy string, images []sandbox.LifecycleImage, _ time.Time) ([]sandbox.Verdict, error) {
	var all []sandbox.Verdict
	for i, image := range images {
		if strings.Contains(policy, "trouble") {
			return nil, fmt.Errorf("image %d", i)
		}
		if len(image.Tags) == 0 {
			all = append(all, sandbox.Verdict{Digest: image.Digest, Priority: 3, Archive: i%2 == 1})
		}
	}
	if strings.Contains(policy, "wrong") {
		return nil, errors.New("Duplicate priority in multiple rules")
	}
	return all, nil
}

func TestLifecyclePolicies(t *testing.T) {
	t.Parallel()
	w := newWall()
	o := w.empty()
	o.Account.Lifecycle = evaluator
	c := signIn(t, open(t, o), "any")
	ctx, app := t.Context(), aws.String("app")
	for i := range 4 {
		c.PushImage("app", one(strconv.Itoa(i)))
	}
	preview := func() (*ecr.GetLifecyclePolicyPreviewOutput, error) {
		return c.ecr.GetLifecyclePolicyPreview(ctx, &ecr.GetLifecyclePolicyPreviewInput{RepositoryName: app, MaxResults: aws.Int32(3)})
	}
	start := func(text *string) error {
		_, err := c.ecr.StartLifecyclePolicyPreview(ctx, &ecr.StartLifecyclePolicyPreviewInput{RepositoryName: app, LifecyclePolicyText: text})
		return err
	}
	_, err := preview()
	wantCode(t, err, "LifecyclePolicyPreviewNotFoundException", "There is no dry run for this repository.")
	wantCode(t, start(nil), "LifecyclePolicyNotFoundException", "")
	wantCode(t, start(aws.String(policyText+strings.Repeat(" ", 20)+"wrong")), "InvalidParameterException", "")
	_, err = c.ecr.PutLifecyclePolicy(ctx, &ecr.PutLifecyclePolicyInput{
		RepositoryName: app, LifecyclePolicyText: aws.String(strings.Replace(policyText, "expire", "wrong", 1)),
	})
	wantCode(t, err, "InvalidParameterException", "Invalid parameter at 'LifecyclePolicyText' failed to satisfy constraint: "+
		"'Lifecycle policy validation failure: Duplicate priority in multiple rules'")
	must(c.ecr.PutLifecyclePolicy(ctx, &ecr.PutLifecyclePolicyInput{RepositoryName: app, LifecyclePolicyText: aws.String(policyText)}))(t)
	if err := start(nil); err != nil {
		t.Fatal(err)
	}
	wantCode(t, start(nil), "LifecyclePolicyPreviewInProgressException", "")
	if got := must(preview())(t); got.Status != types.LifecyclePolicyPreviewStatusInProgress {
		t.Errorf("status %s", got.Status)
	}
	w.pass(5 * time.Second)
	got := must(preview())(t)
	summary := got.Summary
	if got.Status != types.LifecyclePolicyPreviewStatusComplete || len(got.PreviewResults) != 3 || got.NextToken == nil ||
		*summary.ExpiringImageTotalCount != 2 || *summary.TransitioningImageTotalCounts[0].ImageTotalCount != 2 {
		t.Errorf("preview %s of %d, summary %+v", got.Status, len(got.PreviewResults), summary)
	}
	w.pass(24 * time.Hour)
	if got := must(preview())(t); got.Status != types.LifecyclePolicyPreviewStatusExpired {
		t.Errorf("status %s", got.Status)
	}
	if err := start(aws.String(strings.Replace(policyText, "expire", "trouble", 1))); err != nil {
		t.Fatal(err)
	}
	w.pass(time.Minute)
	if got := must(preview())(t); got.Status != types.LifecyclePolicyPreviewStatusFailed {
		t.Errorf("status %s", got.Status)
	}
	must(c.ecr.DeleteLifecyclePolicy(ctx, &ecr.DeleteLifecyclePolicyInput{RepositoryName: app}))(t)
	_, err = c.ecr.GetLifecyclePolicy(ctx, &ecr.GetLifecyclePolicyInput{RepositoryName: app})
	wantCode(t, err, "LifecyclePolicyNotFoundException", "")
}

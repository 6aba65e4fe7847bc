package sandbox_test

import (
	"math/rand/v2"
	"net/http"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"

	"regatta/registry/sandbox"
)

// A role that may list but not delete is told so by name.
func TestRoles(t *testing.T) {
	t.Parallel()
	w := newWall()
	o := w.empty()
	o.Account.Keys = map[string]sandbox.Role{
		"reader":  {Denied: []string{"ecr:BatchDeleteImage", "ecs:*"}},
		"session": {Expires: clock().Add(time.Hour)},
		"blind":   {Denied: []string{"ecr:BatchGetImage"}},
	}
	rg := open(t, o)
	digest := rg.PushImage("app", one("a"))
	describe := func(c cloud) error {
		_, err := c.ecr.DescribeImages(t.Context(), &ecr.DescribeImagesInput{RepositoryName: aws.String("app")})
		return err
	}
	reader, session := signIn(t, rg, "reader"), signIn(t, rg, "session")
	if err := describe(reader); err != nil {
		t.Error(err)
	}
	_, err := reader.ecr.BatchDeleteImage(t.Context(), &ecr.BatchDeleteImageInput{
		RepositoryName: aws.String("app"), ImageIds: []types.ImageIdentifier{byDigest(digest)},
	})
	wantCode(t, err, "AccessDeniedException", "User: arn:aws:iam::111122223333:user/regatta is not authorized to perform: "+
		"ecr:BatchDeleteImage on resource: arn:aws:ecr:eu-central-1:111122223333:repository/app because no identity-based "+
		"policy allows the ecr:BatchDeleteImage action")
	_, err = reader.ecs.ListClusters(t.Context(), &ecs.ListClustersInput{})
	wantCode(t, err, "AccessDeniedException", "")
	wantCode(t, describe(signIn(t, rg, "stranger")), "UnrecognizedClientException",
		"The security token included in the request is invalid.")
	if err := describe(session); err != nil {
		t.Error(err)
	}
	_, err = signIn(t, rg, "blind").ecr.ListImageReferrers(t.Context(), &ecr.ListImageReferrersInput{
		RepositoryName: aws.String("app"), SubjectId: &types.SubjectIdentifier{ImageDigest: &digest},
	})
	wantCode(t, err, "AccessDeniedException", "")
	w.pass(time.Hour)
	wantCode(t, describe(session), "ExpiredTokenException", "The security token included in the request is expired")
}

// Requests that no SDK would make.
func TestRawRequests(t *testing.T) {
	t.Parallel()
	rg := open(t, newWall().empty())
	const target = "X-Amz-Target: AmazonEC2ContainerRegistry_V20150921."
	const signed = "Authorization: AWS4-HMAC-SHA256 Credential=AKIA/20261120/eu-central-1/ecr/aws4_request, SignedHeaders=host, Signature=00"
	ask(t, rg, "POST", "/", "{}", target+"DescribeRepositories").want(t, 400, "MissingAuthenticationTokenException")
	ask(t, rg, "POST", "/", "{}", target+"DescribeRepositories", signed).want(t, 200, `"repositories":[]`).
		wantHeader(t, "Content-Type", "application/x-amz-json-1.1")
	ask(t, rg, "POST", "/", "{}", target+"DeleteEverything", signed).want(t, 400, "UnknownOperationException").
		wantHeader(t, "X-Amzn-Errortype", "UnknownOperationException")
	ask(t, rg, "POST", "/", "{}", "X-Amz-Target: Other.List", signed).want(t, 400, "UnknownOperationException")
	ask(t, rg, "POST", "/", "<html>", target+"DescribeRepositories", signed).want(t, 400, "SerializationException")
	ask(t, rg, "POST", "/", "Action=AssumeRole", signed).want(t, 400, "InvalidAction")
	ask(t, rg, "POST", "/", string(make([]byte, 17<<20)), target+"PutImage", signed).want(t, 413, "RequestEntityTooLargeException")
}

// Any operation can be throttled at random, or slowed down.
func TestThrottle(t *testing.T) {
	t.Parallel()
	c, _ := began(t)
	random := rand.New(rand.NewPCG(1, 2))
	c.Inject(sandbox.Fault{
		Operation: "ecr:Describe*", Effect: sandbox.Throttle{},
		Match: func(*http.Request) bool { return random.IntN(2) == 0 },
	})
	throttled := 0
	for range 40 {
		if _, err := c.ecr.DescribeRepositories(t.Context(), &ecr.DescribeRepositoriesInput{}); err != nil {
			wantCode(t, err, "ThrottlingException", "Rate exceeded")
			throttled++
		}
		must(c.ecr.GetAuthorizationToken(t.Context(), &ecr.GetAuthorizationTokenInput{}))(t)
	}
	if throttled < 5 || throttled > 35 {
		t.Errorf("throttled %d of 40", throttled)
	}
	c.ClearFaults()
	c.Inject(sandbox.Fault{Operation: "ecr:*", Effect: sandbox.APIError{Code: "ServerException", Message: "no", Status: 500}})
	_, err := c.ecr.DescribeRepositories(t.Context(), &ecr.DescribeRepositoriesInput{})
	wantCode(t, err, "ServerException", "no")
}

// To look at the account fills no repository: seeding is as quick as ever.
func BenchmarkAccount(b *testing.B) {
	for b.Loop() {
		c := signIn(b, sandbox.New(newWall().seeded()), "any")
		must(c.ecr.DescribeRepositories(b.Context(), &ecr.DescribeRepositoriesInput{}))(b)
		must(c.ecs.ListServices(b.Context(), &ecs.ListServicesInput{Cluster: aws.String("prod")}))(b)
	}
}

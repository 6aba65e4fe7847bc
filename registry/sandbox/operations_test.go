package sandbox_test

import (
	"context"
	"maps"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/aws/aws-sdk-go-v2/aws"
	"github.com/aws/aws-sdk-go-v2/service/ecr"
	"github.com/aws/aws-sdk-go-v2/service/ecr/types"
	"github.com/aws/aws-sdk-go-v2/service/ecs"
	"github.com/aws/aws-sdk-go-v2/service/sts"

	ecrapi "regatta/registry/sandbox/internal/ecr"
	ecsapi "regatta/registry/sandbox/internal/ecs"
	"regatta/registry/sandbox/internal/store"
)

// step is an operation that succeeds after those before it.
type step struct {
	name string
	do   func(context.Context, cloud) (any, error)
}

// with makes a step of a method of the SDK and its input.
func with[C, In, Out, Options any](
	name string, client func(cloud) C, call func(C, context.Context, In, ...func(*Options)) (Out, error), in In,
) step {
	return step{name, func(ctx context.Context, c cloud) (any, error) { return call(client(c), ctx, in) }}
}

// Every operation answers, over HTTP and in process, in the shapes of the
// service model; and every operation that is served is among them.
func TestEveryOperation(t *testing.T) {
	t.Parallel()
	for _, over := range []string{"HTTP", "process"} {
		t.Run(over, func(t *testing.T) {
			t.Parallel()
			w := newWall()
			o := w.seeded()
			o.Account.Lifecycle = evaluator
			rg := open(t, o)
			rg.PushImage("app", one("a"))
			rg.Tag("app", "v1", rg.PushImage("app", one("b")), clock())
			heard := &listener{RoundTripper: rg.Transport()}
			url := "http://sandbox.test"
			if over == "HTTP" {
				server := httptest.NewServer(rg)
				t.Cleanup(server.Close)
				url, heard.RoundTripper = server.URL, server.Client().Transport
			}
			c := dial(rg, "any", url, &http.Client{Transport: heard})
			must(c.sts.GetCallerIdentity(t.Context(), &sts.GetCallerIdentityInput{}))(t)
			asked := map[string]bool{}
			for _, s := range slices.Concat(imageSteps(c), accountSteps(), fleetSteps(t, c)) {
				out, err := s.do(t.Context(), c)
				if err != nil {
					t.Errorf("%s: %v", s.name, err)
					continue
				}
				asked[s.name] = true
				wantShape(t, heard.last, out)
				w.pass(time.Minute)
			}
			for _, name := range served() {
				if !asked[name] {
					t.Errorf("%s is served and not asked for", name)
				}
			}
		})
	}
}

func served() []string {
	s := store.New()
	return slices.Sorted(func(yield func(string) bool) {
		for _, service := range []map[string]bool{
			names(ecrapi.New(s, evaluator).Service().Operations), names(ecsapi.New(s, 0).Service().Operations),
		} {
			maps.Keys(service)(yield)
		}
	})
}

func names[V any](operations map[string]V) map[string]bool {
	all := map[string]bool{}
	for name := range operations {
		all[name] = true
	}
	return all
}

func registryOf(c cloud) *ecr.Client { return c.ecr }

func fleetOf(c cloud) *ecs.Client { return c.ecs }

func imageSteps(c cloud) []step {
	app, tag := aws.String("app"), byTag("v1")
	digest, _ := c.Resolve("app", "v1")
	upload := store.New() // ids are the same in every store: the first upload's
	id := upload.StartUpload("app").ID
	const index = `{"schemaVersion":2,"mediaType":"application/vnd.oci.image.index.v1+json","manifests":[]}`
	return []step{
		with("DescribeRepositories", registryOf, (*ecr.Client).DescribeRepositories, &ecr.DescribeRepositoriesInput{}),
		with("CreateRepository", registryOf, (*ecr.Client).CreateRepository, &ecr.CreateRepositoryInput{RepositoryName: aws.String("new")}),
		with("DeleteRepository", registryOf, (*ecr.Client).DeleteRepository, &ecr.DeleteRepositoryInput{RepositoryName: aws.String("new")}),
		with("DescribeImages", registryOf, (*ecr.Client).DescribeImages, &ecr.DescribeImagesInput{RepositoryName: aws.String("shop/api")}),
		with("ListImages", registryOf, (*ecr.Client).ListImages, &ecr.ListImagesInput{RepositoryName: aws.String("shop/api")}),
		with("BatchGetImage", registryOf, (*ecr.Client).BatchGetImage, &ecr.BatchGetImageInput{
			RepositoryName: app, ImageIds: []types.ImageIdentifier{tag, byTag("none")},
		}),
		with("PutImage", registryOf, (*ecr.Client).PutImage, &ecr.PutImageInput{RepositoryName: app, ImageManifest: aws.String(index), ImageTag: aws.String("i")}),
		with("BatchDeleteImage", registryOf, (*ecr.Client).BatchDeleteImage, &ecr.BatchDeleteImageInput{
			RepositoryName: app, ImageIds: []types.ImageIdentifier{byTag("i"), byTag("none")},
		}),
		with("ListImageReferrers", registryOf, (*ecr.Client).ListImageReferrers, &ecr.ListImageReferrersInput{
			RepositoryName: app, SubjectId: &types.SubjectIdentifier{ImageDigest: &digest},
		}),
		with("StartImageScan", registryOf, (*ecr.Client).StartImageScan, &ecr.StartImageScanInput{RepositoryName: app, ImageId: &tag}),
		with("DescribeImageScanFindings", registryOf, (*ecr.Client).DescribeImageScanFindings, &ecr.DescribeImageScanFindingsInput{RepositoryName: app, ImageId: &tag}),
		with("UpdateImageStorageClass", registryOf, (*ecr.Client).UpdateImageStorageClass, &ecr.UpdateImageStorageClassInput{
			RepositoryName: app, ImageId: &tag, TargetStorageClass: types.TargetStorageClassArchive,
		}),
		with("BatchCheckLayerAvailability", registryOf, (*ecr.Client).BatchCheckLayerAvailability, &ecr.BatchCheckLayerAvailabilityInput{
			RepositoryName: app, LayerDigests: []string{digestOf("layer of b"), "rubbish"},
		}),
		with("GetDownloadUrlForLayer", registryOf, (*ecr.Client).GetDownloadUrlForLayer, &ecr.GetDownloadUrlForLayerInput{
			RepositoryName: app, LayerDigest: aws.String(digestOf("layer of b")),
		}),
		with("InitiateLayerUpload", registryOf, (*ecr.Client).InitiateLayerUpload, &ecr.InitiateLayerUploadInput{RepositoryName: app}),
		with("UploadLayerPart", registryOf, (*ecr.Client).UploadLayerPart, &ecr.UploadLayerPartInput{
			RepositoryName: app, UploadId: &id, PartFirstByte: aws.Int64(0), PartLastByte: aws.Int64(0), LayerPartBlob: []byte("x"),
		}),
		with("CompleteLayerUpload", registryOf, (*ecr.Client).CompleteLayerUpload, &ecr.CompleteLayerUploadInput{
			RepositoryName: app, UploadId: &id, LayerDigests: []string{digestOf("x")},
		}),
		with("DescribeImageReplicationStatus", registryOf, (*ecr.Client).DescribeImageReplicationStatus, &ecr.DescribeImageReplicationStatusInput{
			RepositoryName: aws.String("shop/api"), ImageId: &types.ImageIdentifier{ImageTag: aws.String("prod")},
		}),
	}
}

func accountSteps() []step {
	app, arn := aws.String("app"), aws.String("arn:aws:iam::111122223333:role/ci")
	rules := aws.String(policyText)
	return []step{
		with("PutImageTagMutability", registryOf, (*ecr.Client).PutImageTagMutability, &ecr.PutImageTagMutabilityInput{
			RepositoryName: app, ImageTagMutability: types.ImageTagMutabilityImmutable,
		}),
		with("SetRepositoryPolicy", registryOf, (*ecr.Client).SetRepositoryPolicy, &ecr.SetRepositoryPolicyInput{RepositoryName: app, PolicyText: aws.String(anyPolicy)}),
		with("GetRepositoryPolicy", registryOf, (*ecr.Client).GetRepositoryPolicy, &ecr.GetRepositoryPolicyInput{RepositoryName: app}),
		with("DeleteRepositoryPolicy", registryOf, (*ecr.Client).DeleteRepositoryPolicy, &ecr.DeleteRepositoryPolicyInput{RepositoryName: app}),
		with("PutRegistryPolicy", registryOf, (*ecr.Client).PutRegistryPolicy, &ecr.PutRegistryPolicyInput{PolicyText: aws.String(anyPolicy)}),
		with("GetRegistryPolicy", registryOf, (*ecr.Client).GetRegistryPolicy, &ecr.GetRegistryPolicyInput{}),
		with("DeleteRegistryPolicy", registryOf, (*ecr.Client).DeleteRegistryPolicy, &ecr.DeleteRegistryPolicyInput{}),
		with("PutLifecyclePolicy", registryOf, (*ecr.Client).PutLifecyclePolicy, &ecr.PutLifecyclePolicyInput{RepositoryName: app, LifecyclePolicyText: rules}),
		with("GetLifecyclePolicy", registryOf, (*ecr.Client).GetLifecyclePolicy, &ecr.GetLifecyclePolicyInput{RepositoryName: app}),
		with("StartLifecyclePolicyPreview", registryOf, (*ecr.Client).StartLifecyclePolicyPreview, &ecr.StartLifecyclePolicyPreviewInput{RepositoryName: app}),
		with("GetLifecyclePolicyPreview", registryOf, (*ecr.Client).GetLifecyclePolicyPreview, &ecr.GetLifecyclePolicyPreviewInput{RepositoryName: app}),
		with("DeleteLifecyclePolicy", registryOf, (*ecr.Client).DeleteLifecyclePolicy, &ecr.DeleteLifecyclePolicyInput{RepositoryName: app}),
		with("DescribeRegistry", registryOf, (*ecr.Client).DescribeRegistry, &ecr.DescribeRegistryInput{}),
		with("DescribePullThroughCacheRules", registryOf, (*ecr.Client).DescribePullThroughCacheRules, &ecr.DescribePullThroughCacheRulesInput{}),
		with("GetAuthorizationToken", registryOf, (*ecr.Client).GetAuthorizationToken, &ecr.GetAuthorizationTokenInput{}),
		with("RegisterPullTimeUpdateExclusion", registryOf, (*ecr.Client).RegisterPullTimeUpdateExclusion, &ecr.RegisterPullTimeUpdateExclusionInput{PrincipalArn: arn}),
		with("ListPullTimeUpdateExclusions", registryOf, (*ecr.Client).ListPullTimeUpdateExclusions, &ecr.ListPullTimeUpdateExclusionsInput{}),
		with("DeregisterPullTimeUpdateExclusion", registryOf, (*ecr.Client).DeregisterPullTimeUpdateExclusion, &ecr.DeregisterPullTimeUpdateExclusionInput{PrincipalArn: arn}),
	}
}

func fleetSteps(t *testing.T, c cloud) []step {
	t.Helper()
	prod, api := aws.String("prod"), aws.String("shop-api")
	tasks := must(c.ecs.ListTasks(t.Context(), &ecs.ListTasksInput{Cluster: prod}))(t).TaskArns
	rollouts := must(c.ecs.ListServiceDeployments(t.Context(), &ecs.ListServiceDeploymentsInput{Cluster: prod, Service: api}))(t)
	revision := *rollouts.ServiceDeployments[0].TargetServiceRevisionArn
	if !strings.Contains(revision, ":service-revision/prod/shop-api/") {
		t.Errorf("revision %s", revision)
	}
	return []step{
		with("ListClusters", fleetOf, (*ecs.Client).ListClusters, &ecs.ListClustersInput{}),
		with("DescribeClusters", fleetOf, (*ecs.Client).DescribeClusters, &ecs.DescribeClustersInput{Clusters: []string{"prod", "none"}}),
		with("ListServices", fleetOf, (*ecs.Client).ListServices, &ecs.ListServicesInput{Cluster: prod}),
		with("DescribeServices", fleetOf, (*ecs.Client).DescribeServices, &ecs.DescribeServicesInput{Cluster: prod, Services: []string{"shop-api", "none"}}),
		with("ListTasks", fleetOf, (*ecs.Client).ListTasks, &ecs.ListTasksInput{Cluster: prod}),
		with("DescribeTasks", fleetOf, (*ecs.Client).DescribeTasks, &ecs.DescribeTasksInput{Cluster: prod, Tasks: tasks[:2]}),
		with("ListTaskDefinitions", fleetOf, (*ecs.Client).ListTaskDefinitions, &ecs.ListTaskDefinitionsInput{}),
		with("DescribeTaskDefinition", fleetOf, (*ecs.Client).DescribeTaskDefinition, &ecs.DescribeTaskDefinitionInput{TaskDefinition: aws.String("prod-shop-api")}),
		with("ListServiceDeployments", fleetOf, (*ecs.Client).ListServiceDeployments, &ecs.ListServiceDeploymentsInput{Cluster: prod, Service: api}),
		with("DescribeServiceRevisions", fleetOf, (*ecs.Client).DescribeServiceRevisions, &ecs.DescribeServiceRevisionsInput{
			ServiceRevisionArns: []string{revision, "arn:none"},
		}),
		with("UpdateService", fleetOf, (*ecs.Client).UpdateService, &ecs.UpdateServiceInput{Cluster: prod, Service: api, ForceNewDeployment: true}),
	}
}

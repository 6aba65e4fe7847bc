package ecr

import (
	"time"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/store"
)

// estate is what the account has laid down from the beginning.
type estate struct {
	replicas    []replica
	pullThrough []pullThroughRule // by prefix
	company     map[*store.Repository]bool
}

// seeded reports whether a repository is one of the company's.
func (e *estate) seeded(repo *store.Repository) bool { return e.company[repo] }

// Found lays down, before the first request, what the seeded company has set
// up since an instant: replication, pull-through rules, policies. It fills no
// repository.
func (a *API) Found(since time.Time) {
	a.replicas = []replica{{"shop/", "eu-west-1"}}
	a.pullThrough = []pullThroughRule{
		{Prefix: "docker-hub", Registry: "docker-hub", URL: "registry-1.docker.io", CreatedAt: aws.Time(since)},
		{Prefix: "ecr-public", Registry: "ecr-public", URL: "public.ecr.aws", CreatedAt: aws.Time(since)},
	}
	a.company = map[*store.Repository]bool{}
	for _, name := range a.store.Names() {
		if repo, ok := a.store.Planted(name); ok {
			a.company[repo] = true
		}
	}
	a.configure("base/debian", func(s *store.Settings) { s.Policy = sharedPolicy })
	a.configure("shop/api", func(s *store.Settings) { s.Policy, s.ScanOnPush = teamPolicy, true })
	a.configure("shop/web", func(s *store.Settings) { s.Lifecycle = keepTagged })
	a.configure("legacy/billing", func(s *store.Settings) { s.Mutability = store.Immutable })
}

func (a *API) configure(name string, change func(*store.Settings)) {
	if repo, ok := a.store.Planted(name); ok {
		repo.Configure(change)
	}
}

// sharedPolicy lets another account pull.
const sharedPolicy = `{"Version":"2012-10-17","Statement":[{"Sid":"partner","Effect":"Allow",` +
	`"Principal":{"AWS":"arn:aws:iam::444455556666:root"},` +
	`"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]}]}`

// teamPolicy is what a team comes to in time.
const teamPolicy = `{"Version":"2012-10-17","Statement":[` +
	`{"Sid":"deploy","Effect":"Allow","Principal":{"AWS":["arn:aws:iam::111122223333:role/deploy",` +
	`"arn:aws:iam::111122223333:role/ci"]},` +
	`"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer","ecr:BatchCheckLayerAvailability"]},` +
	`{"Sid":"ci","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/ci"},` +
	`"Action":["ecr:BatchCheckLayerAvailability","ecr:InitiateLayerUpload","ecr:UploadLayerPart",` +
	`"ecr:CompleteLayerUpload","ecr:PutImage"]},` +
	`{"Sid":"platform","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::111122223333:role/platform"},"Action":"ecr:*"},` +
	`{"Sid":"lambda","Effect":"Allow","Principal":{"Service":"lambda.amazonaws.com"},` +
	`"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"],` +
	`"Condition":{"StringLike":{"aws:sourceArn":"arn:aws:lambda:eu-central-1:111122223333:function:*"}}},` +
	`{"Sid":"partner","Effect":"Allow","Principal":{"AWS":"arn:aws:iam::444455556666:root"},` +
	`"Action":["ecr:BatchGetImage","ecr:GetDownloadUrlForLayer"]}]}`

// keepTagged expires what no tag names.
const keepTagged = `{"rules":[{"rulePriority":1,"description":"untagged images","selection":{"tagStatus":"untagged",` +
	`"countType":"sinceImagePushed","countUnit":"days","countNumber":90},"action":{"type":"expire"}}]}`

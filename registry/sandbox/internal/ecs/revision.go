package ecs

import (
	"slices"
	"strings"

	"regatta/registry/sandbox/internal/aws"
)

type listDeploymentsIn struct {
	aws.Paging

	Cluster string   `json:"cluster"`
	Service string   `json:"service"`
	Status  []string `json:"status"`
}

type listDeploymentsOut struct {
	Deployments []briefOut `json:"serviceDeployments"`
	NextToken   string     `json:"nextToken,omitempty"`
}

// briefOut is a service deployment on the wire (API reference,
// ServiceDeploymentBrief).
type briefOut struct {
	ARN        string   `json:"serviceDeploymentArn"`
	ServiceARN string   `json:"serviceArn"`
	ClusterARN string   `json:"clusterArn"`
	Revision   string   `json:"targetServiceRevisionArn"`
	Status     string   `json:"status"`
	CreatedAt  aws.Time `json:"createdAt"`
	StartedAt  aws.Time `json:"startedAt"`
	FinishedAt aws.Time `json:"finishedAt,omitzero"`
}

// listServiceDeployments lists the newest first.
func (f *Fleet) listServiceDeployments(c *aws.Call, in listDeploymentsIn) (listDeploymentsOut, error) {
	out := listDeploymentsOut{Deployments: []briefOut{}}
	s, err := f.find(in.Cluster, in.Service)
	if err != nil {
		return out, err
	}
	if !s.ours() {
		return out, aws.Errorf("UnsupportedFeatureException", "The service is not deployed by the ECS deployment controller.")
	}
	size, err := in.Size(20, 100)
	if err != nil {
		return out, err
	}
	before := 0 // the number of the last one listed, zero at the beginning
	if err := in.Place(&before); err != nil {
		return out, err
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	for _, d := range slices.Backward(s.deployments) {
		status := s.status(d, c.Now)
		if before > 0 && d.number >= before || len(in.Status) > 0 && !slices.Contains(in.Status, status) {
			continue
		}
		if len(out.Deployments) == size {
			out.NextToken = aws.Token(d.number + 1)
			break
		}
		out.Deployments = append(out.Deployments, s.brief(c, d, status))
	}
	return out, nil
}

func (s *service) brief(c *aws.Call, d deployment, status string) briefOut {
	out := briefOut{
		ARN: s.deploymentARN(c, d), ServiceARN: s.arn(c), ClusterARN: clusterARN(c, s.cluster),
		Revision: s.revisionARN(c, d), Status: status, CreatedAt: aws.Time(d.started), StartedAt: aws.Time(d.started),
	}
	if d.done(c.Now) {
		out.FinishedAt = aws.Time(d.settled())
	}
	return out
}

// find finds a service with what it runs.
func (f *Fleet) find(clusterName, name string) (*service, error) {
	in, err := f.cluster(clusterName)
	if err != nil {
		return nil, err
	}
	s, ok := f.service(in, name)
	if !ok {
		return nil, aws.Errorf("ServiceNotFoundException", "Service not found.")
	}
	f.settle(s)
	return s, nil
}

type describeRevisionsIn struct {
	ARNs []string `json:"serviceRevisionArns"`
}

type describeRevisionsOut struct {
	Revisions []revisionOut `json:"serviceRevisions"`
	Failures  []failure     `json:"failures"`
}

// revisionOut is what a deployment pinned (API reference, ServiceRevision).
type revisionOut struct {
	ARN        string           `json:"serviceRevisionArn"`
	ServiceARN string           `json:"serviceArn"`
	ClusterARN string           `json:"clusterArn"`
	Definition string           `json:"taskDefinition"`
	LaunchType string           `json:"launchType"`
	CreatedAt  aws.Time         `json:"createdAt"`
	Images     []containerImage `json:"containerImages"`
}

type containerImage struct {
	Name   string `json:"containerName"`
	Image  string `json:"image"`
	Digest string `json:"imageDigest,omitempty"`
}

func (f *Fleet) describeServiceRevisions(c *aws.Call, in describeRevisionsIn) (describeRevisionsOut, error) {
	out := describeRevisionsOut{Revisions: []revisionOut{}, Failures: []failure{}}
	if err := tooMany("serviceRevisionArns", len(in.ARNs), 20); err != nil {
		return out, err
	}
	for _, arn := range in.ARNs {
		if r, ok := f.revision(c, arn); ok {
			out.Revisions = append(out.Revisions, r)
		} else {
			out.Failures = append(out.Failures, missing(arn))
		}
	}
	return out, nil
}

func (f *Fleet) revision(c *aws.Call, arn string) (revisionOut, bool) {
	parts := strings.Split(arn, "/") // …:service-revision, cluster, service, id
	if len(parts) != 4 {
		return revisionOut{}, false
	}
	s, ok := f.service(parts[1], parts[2])
	if !ok {
		return revisionOut{}, false
	}
	f.settle(s)
	f.mu.Lock()
	defer f.mu.Unlock()
	i := slices.IndexFunc(s.deployments, func(d deployment) bool { return s.revisionARN(c, d) == arn })
	if i < 0 {
		return revisionOut{}, false
	}
	d := s.deployments[i]
	return revisionOut{
		ARN: arn, ServiceARN: s.arn(c), ClusterARN: clusterARN(c, s.cluster), LaunchType: s.launchType(),
		Definition: definitionARN(c, s.family, d.revision), CreatedAt: aws.Time(d.started),
		Images: append(s.besideImages(c), containerImage{s.name, s.named(c, d), d.digest}),
	}, true
}

func (s *service) besideImages(c *aws.Call) []containerImage {
	var out []containerImage
	for _, b := range s.beside {
		out = append(out, containerImage{b.Name, b.on(c), b.Digest})
	}
	return out
}

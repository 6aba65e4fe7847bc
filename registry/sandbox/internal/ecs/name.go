package ecs

import (
	"fmt"
	"slices"
	"strings"

	"regatta/registry/sandbox/internal/aws"
	"regatta/registry/sandbox/internal/prng"
)

// last is the name that an ARN ends with; a name is one already.
func last(nameOrARN string) string { return nameOrARN[strings.LastIndexByte(nameOrARN, '/')+1:] }

// cluster finds a cluster; without a name it is called default.
func (f *Fleet) cluster(name string) (string, error) {
	if name == "" {
		name = "default"
	}
	name = last(name)
	if _, ok := slices.BinarySearch(f.clusters, name); !ok {
		return "", aws.Errorf("ClusterNotFoundException", "Cluster not found.")
	}
	return name, nil
}

// service finds a service of a cluster.
func (f *Fleet) service(cluster, name string) (*service, bool) {
	i := slices.IndexFunc(f.services, func(s *service) bool { return s.cluster == cluster && s.name == last(name) })
	if i < 0 {
		return nil, false
	}
	return f.services[i], true
}

func clusterARN(c *aws.Call, cluster string) string { return c.ARN("ecs", "cluster/"+cluster) }

func (s *service) arn(c *aws.Call) string { return c.ARN("ecs", "service/"+s.cluster+"/"+s.name) }

func definitionARN(c *aws.Call, family string, revision int) string {
	return c.ARN("ecs", fmt.Sprintf("task-definition/%s:%d", family, revision))
}

// id makes an identifier that is the same whenever it is asked for.
func (s *service) id(kind string, d deployment, n int) string {
	return prng.New(fmt.Sprint(kind, s.cluster, s.name, d.number, n)).Hex(32)
}

func (s *service) revisionARN(c *aws.Call, d deployment) string {
	return c.ARN("ecs", "service-revision/"+s.cluster+"/"+s.name+"/"+s.id("revision", d, 0))
}

func (s *service) deploymentARN(c *aws.Call, d deployment) string {
	return c.ARN("ecs", "service-deployment/"+s.cluster+"/"+s.name+"/"+s.id("deployment", d, 0))
}

// failure is a name in a batch that led nowhere (API reference, Failure).
type failure struct {
	ARN    string `json:"arn"`
	Reason string `json:"reason"`
}

func missing(arn string) failure { return failure{arn, "MISSING"} }

// tooMany refuses a batch of more than so many names.
func tooMany(what string, n, most int) error {
	switch {
	case n == 0:
		return aws.Errorf("InvalidParameterException", "%s cannot be empty.", what)
	case n > most:
		return aws.Errorf("InvalidParameterException", "%s can have at most %d items.", what, most)
	}
	return nil
}

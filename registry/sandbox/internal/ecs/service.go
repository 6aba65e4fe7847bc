package ecs

import (
	"regatta/registry/sandbox/internal/aws"
)

// Service lists the operations for the wire.
func (f *Fleet) Service() aws.Service {
	return aws.Service{Name: "ecs", Target: "AmazonEC2ContainerServiceV20141113", Operations: map[string]aws.Operation{
		"ListClusters":             aws.Op(f.listClusters),
		"DescribeClusters":         aws.Op(f.describeClusters),
		"ListServices":             aws.Op(f.listServices),
		"DescribeServices":         aws.Op(f.describeServices),
		"ListTasks":                aws.Op(f.listTasks),
		"DescribeTasks":            aws.Op(f.describeTasks),
		"ListTaskDefinitions":      aws.Op(f.listTaskDefinitions),
		"DescribeTaskDefinition":   aws.Op(f.describeTaskDefinition),
		"ListServiceDeployments":   aws.Op(f.listServiceDeployments),
		"DescribeServiceRevisions": aws.Op(f.describeServiceRevisions),
		"UpdateService":            aws.Op(f.updateService),
	}}
}

type listClustersOut struct {
	ARNs      []string `json:"clusterArns"`
	NextToken string   `json:"nextToken,omitempty"`
}

func (f *Fleet) listClusters(c *aws.Call, in aws.Paging) (listClustersOut, error) {
	arns := []string{}
	for _, name := range f.clusters {
		arns = append(arns, clusterARN(c, name))
	}
	page, next, err := in.Page(arns, 100, 100)
	return listClustersOut{page, next}, err
}

// cluster is a cluster on the wire (API reference, Cluster).
type cluster struct {
	ARN      string `json:"clusterArn"`
	Name     string `json:"clusterName"`
	Status   string `json:"status"`
	Services int    `json:"activeServicesCount"`
	Running  int    `json:"runningTasksCount"`
	Pending  int    `json:"pendingTasksCount"`
}

type describeClustersIn struct {
	Names []string `json:"clusters"`
}

type describeClustersOut struct {
	Clusters []cluster `json:"clusters"`
	Failures []failure `json:"failures"`
}

func (f *Fleet) describeClusters(c *aws.Call, in describeClustersIn) (describeClustersOut, error) {
	out := describeClustersOut{Clusters: []cluster{}, Failures: []failure{}}
	if len(in.Names) == 0 {
		in.Names = []string{"default"}
	}
	if err := tooMany("clusters", len(in.Names), 100); err != nil {
		return out, err
	}
	for _, name := range in.Names {
		found, err := f.cluster(name)
		if err != nil {
			out.Failures = append(out.Failures, missing(clusterARN(c, last(name))))
			continue
		}
		out.Clusters = append(out.Clusters, f.describeCluster(c, found))
	}
	return out, nil
}

func (f *Fleet) describeCluster(c *aws.Call, name string) cluster {
	f.mu.Lock()
	defer f.mu.Unlock()
	out := cluster{ARN: clusterARN(c, name), Name: name, Status: "ACTIVE"}
	for _, s := range f.services {
		if s.cluster != name {
			continue
		}
		out.Services++
		out.Running += s.desired
	}
	return out
}

type listServicesIn struct {
	aws.Paging

	Cluster string `json:"cluster"`
}

type listServicesOut struct {
	ARNs      []string `json:"serviceArns"`
	NextToken string   `json:"nextToken,omitempty"`
}

func (f *Fleet) listServices(c *aws.Call, in listServicesIn) (listServicesOut, error) {
	name, err := f.cluster(in.Cluster)
	if err != nil {
		return listServicesOut{}, err
	}
	arns := []string{}
	for _, s := range f.services {
		if s.cluster == name {
			arns = append(arns, s.arn(c))
		}
	}
	page, next, err := in.Page(arns, 10, 100)
	return listServicesOut{page, next}, err
}

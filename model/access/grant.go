package access

import (
	"encoding/json"
	"fmt"
	"regexp"
)

// Document is a policy to be written. Its fields are in the order of the user
// guide's examples.
type Document struct {
	Version   string  `json:"Version"`
	Statement []Grant `json:"Statement"`
}

// Grant is a statement of a Document.
type Grant struct {
	Sid       string            `json:"Sid"`
	Effect    string            `json:"Effect"`
	Principal map[string]string `json:"Principal,omitempty"`
	Action    []string          `json:"Action"`
	Resource  string            `json:"Resource,omitempty"`
}

// version is that of the policy language (IAM user guide, Version).
const version = "2012-10-17"

// PullPolicy is a repository policy that lets a role pull, and do nothing else.
func PullPolicy(role string) (Document, error) { return grant("Pull", role, PullActions()) }

// PushPolicy is a repository policy that lets a role push, and do nothing else.
func PushPolicy(role string) (Document, error) { return grant("Push", role, PushActions()) }

func grant(sid, role string, actions []string) (Document, error) {
	if !regexp.MustCompile(`^arn:aws[a-z-]*:iam::[0-9]{12}:(role|user)/[\w+=,.@/-]+$`).MatchString(role) {
		return Document{}, fmt.Errorf("%q is not the ARN of a role, such as arn:aws:iam::111122223333:role/deploy", role)
	}
	return Document{Version: version, Statement: []Grant{{
		Sid: sid, Effect: "Allow", Principal: map[string]string{"AWS": role}, Action: actions,
	}}}, nil
}

// Own is the policy that regatta itself needs, a statement for each of its
// features: leave out those that are not wanted.
func Own() Document {
	doc := Document{Version: version}
	for _, f := range features() {
		doc.Statement = append(doc.Statement, Grant{Sid: f.sid, Effect: "Allow", Action: f.actions, Resource: "*"})
	}
	return doc
}

type feature struct {
	sid     string
	actions []string
}

func features() []feature {
	return []feature{
		{"Browse", []string{
			"ecr:BatchGetImage", "ecr:DescribeImageScanFindings", "ecr:DescribeImages", "ecr:DescribeRepositories",
			"ecr:GetAuthorizationToken", "ecr:GetDownloadUrlForLayer", "ecr:ListImages",
		}},
		{"Change", []string{
			"ecr:BatchCheckLayerAvailability", "ecr:BatchDeleteImage", "ecr:CompleteLayerUpload", "ecr:InitiateLayerUpload",
			"ecr:PutImage", "ecr:UpdateImageStorageClass", "ecr:UploadLayerPart",
		}},
		{"Lifecycle", []string{
			"ecr:DeleteLifecyclePolicy", "ecr:GetLifecyclePolicy", "ecr:GetLifecyclePolicyPreview", "ecr:PutLifecyclePolicy",
			"ecr:StartLifecyclePolicyPreview",
		}},
		{"Access", []string{"ecr:GetRegistryPolicy", "ecr:GetRepositoryPolicy"}},
		{"Settings", []string{
			"ecr:DescribeImageReplicationStatus", "ecr:DescribePullThroughCacheRules", "ecr:DescribeRegistry",
			"ecr:ListPullTimeUpdateExclusions",
		}},
		{"Usage", []string{
			"ecs:DescribeServiceRevisions", "ecs:DescribeServices", "ecs:DescribeTaskDefinition", "ecs:DescribeTasks",
			"ecs:ListClusters", "ecs:ListServiceDeployments", "ecs:ListServices", "ecs:ListTaskDefinitions", "ecs:ListTasks",
			"lambda:GetFunction", "lambda:ListFunctions",
		}},
		{"Deploy", []string{"ecs:UpdateService"}},
	}
}

// String is the policy as indented JSON.
func (d Document) String() string {
	raw, err := json.MarshalIndent(d, "", "  ")
	if err != nil {
		return err.Error()
	}
	return string(raw)
}

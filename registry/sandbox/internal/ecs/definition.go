package ecs

import (
	"slices"
	"strconv"
	"strings"

	"regatta/registry/sandbox/internal/aws"
)

type listDefinitionsIn struct {
	aws.Paging

	Prefix string `json:"familyPrefix"`
	Status string `json:"status"`
	Sort   string `json:"sort"`
}

type listDefinitionsOut struct {
	ARNs      []string `json:"taskDefinitionArns"`
	NextToken string   `json:"nextToken,omitempty"`
}

// listTaskDefinitions lists active ones: there are no others.
func (f *Fleet) listTaskDefinitions(c *aws.Call, in listDefinitionsIn) (listDefinitionsOut, error) {
	arns := []string{}
	for _, fam := range f.families {
		if in.Prefix != "" && fam.name != in.Prefix || in.Status == "INACTIVE" {
			continue
		}
		for _, r := range fam.revisions {
			arns = append(arns, definitionARN(c, fam.name, r.number))
		}
	}
	slices.Sort(arns)
	page, next, err := in.Page(arns, 100, 100)
	return listDefinitionsOut{page, next}, err
}

// definition finds a task definition by ARN, by family and revision, or by
// family alone.
func (f *Fleet) definition(name string) (family, revision, error) {
	fam, number, numbered := strings.Cut(last(name), ":")
	notThere := aws.Errorf("ClientException", "Unable to describe task definition.")
	i := slices.IndexFunc(f.families, func(x family) bool { return x.name == fam })
	if i < 0 {
		return family{}, revision{}, notThere
	}
	found := f.families[i]
	if !numbered {
		return found, found.newest(), nil
	}
	for _, r := range found.revisions {
		if strconv.Itoa(r.number) == number {
			return found, r, nil
		}
	}
	return found, revision{}, notThere
}

type definitionOut struct {
	ARN           string                `json:"taskDefinitionArn"`
	Family        string                `json:"family"`
	Revision      int                   `json:"revision"`
	Status        string                `json:"status"`
	RegisteredAt  aws.Time              `json:"registeredAt"`
	Compatibility []string              `json:"requiresCompatibilities"`
	Containers    []containerDefinition `json:"containerDefinitions"`
}

type containerDefinition struct {
	Name      string `json:"name"`
	Image     string `json:"image"`
	Essential bool   `json:"essential"`
}

type describeDefinitionIn struct {
	Name string `json:"taskDefinition"`
}

type describeDefinitionOut struct {
	Definition definitionOut `json:"taskDefinition"`
}

func (f *Fleet) describeTaskDefinition(c *aws.Call, in describeDefinitionIn) (describeDefinitionOut, error) {
	fam, r, err := f.definition(in.Name)
	if err != nil {
		return describeDefinitionOut{}, err
	}
	launch := "EC2"
	if r.fargate {
		launch = "FARGATE"
	}
	return describeDefinitionOut{definitionOut{
		ARN: definitionARN(c, fam.name, r.number), Family: fam.name, Revision: r.number, Status: "ACTIVE",
		RegisteredAt: aws.Time(r.registered), Compatibility: []string{launch},
		Containers: f.containers(c, fam, r),
	}}, nil
}

// containers are those of a revision, its own the last.
func (f *Fleet) containers(c *aws.Call, fam family, r revision) []containerDefinition {
	var out []containerDefinition
	for _, b := range f.besideOf(fam.name) {
		out = append(out, containerDefinition{b.Name, b.on(c), false})
	}
	return append(out, containerDefinition{strings.ReplaceAll(r.image.repository, "/", "-"), r.image.on(c), true})
}

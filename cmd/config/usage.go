package config

import (
	"errors"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Usage says who is asked what runs the images of a registry.
type Usage struct {
	ECS        []string `yaml:"ecs,omitempty"`        // regions; nil leaves the choice to the backend
	Lambda     []string `yaml:"lambda,omitempty"`     // regions
	Kubernetes []string `yaml:"kubernetes,omitempty"` // kubectl's contexts
	References string   `yaml:"references,omitempty"` // a file, one reference a line
}

func (d *decoder) usage(n *yaml.Node, u *Usage) {
	d.fields(n, "who is asked what runs the images", map[string]func(*yaml.Node){
		"ecs":        func(n *yaml.Node) { d.words(n, &u.ECS, "a list of regions", checkRegion) },
		"lambda":     func(n *yaml.Node) { d.words(n, &u.Lambda, "a list of regions", checkRegion) },
		"kubernetes": func(n *yaml.Node) { d.words(n, &u.Kubernetes, "a list of kubectl's contexts", checkKubeContext) },
		"references": func(n *yaml.Node) { d.path(n, &u.References) },
	})
}

// words reads a list of which nothing is there twice. An empty list is not the
// same as none.
func (d *decoder) words(n *yaml.Node, into *[]string, want string, check func(string) error) {
	if n.Kind == yaml.SequenceNode {
		*into = []string{}
	}
	d.list(n, want, func(n *yaml.Node) {
		var word string
		switch {
		case !d.checked(n, &word, check):
		case slices.Contains(*into, word):
			d.fail(n, "%q is there twice", word)
		default:
			*into = append(*into, word)
		}
	})
}

func checkKubeContext(s string) error {
	if strings.HasPrefix(s, "-") {
		return errors.New("a context of kubectl does not begin with -; `kubectl config get-contexts` lists them")
	}
	return nil
}

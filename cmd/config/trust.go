package config

import (
	"fmt"
	"path"
	"strings"

	"go.yaml.in/yaml/v4"
)

// Trust is a public key that signatures are verified with.
type Trust struct {
	Name         string   `yaml:"name,omitempty"`         // what people call it; the key's file if it has none
	Key          string   `yaml:"key"`                    // a file with PEM, or the PEM itself
	Repositories []string `yaml:"repositories,omitempty"` // globs; none: all of the registry
}

// Covers reports whether the key stands for a repository.
func (t Trust) Covers(repository string) bool {
	for _, glob := range t.Repositories {
		if ok, _ := path.Match(glob, repository); ok { // globs are checked when they are read
			return true
		}
	}
	return len(t.Repositories) == 0
}

// Inline reports whether Key is the key itself and not the name of a file.
func (t Trust) Inline() bool { return strings.HasPrefix(t.Key, "-----BEGIN ") }

func (d *decoder) trust(n *yaml.Node, into *[]Trust) {
	d.list(n, "a list of public keys", func(n *yaml.Node) {
		var t Trust
		d.fields(n, "a public key", map[string]func(*yaml.Node){
			"name":         func(n *yaml.Node) { d.checked(n, &t.Name, checkName) },
			"key":          func(n *yaml.Node) { d.key(n, &t.Key) },
			"repositories": func(n *yaml.Node) { d.words(n, &t.Repositories, "a list of globs", checkGlob) },
		})
		if t.Key == "" {
			d.fail(n, "the key is missing: a file with PEM, or the PEM itself")
			return
		}
		if t.Name == "" {
			t.Name = "key"
			if !t.Inline() {
				t.Name = path.Base(t.Key)
			}
		}
		*into = append(*into, t)
	})
}

// key reads the name of a file, or a key as it is.
func (d *decoder) key(n *yaml.Node, into *string) {
	if n.Kind == yaml.ScalarNode && strings.HasPrefix(n.Value, "-----BEGIN ") {
		*into = n.Value // of several lines, as no other text is
		return
	}
	d.path(n, into)
}

func checkNothing(string) error { return nil }

func checkGlob(s string) error {
	if _, err := path.Match(s, ""); err != nil {
		return fmt.Errorf("%q is no pattern such as shop/*", shown(s))
	}
	return nil
}

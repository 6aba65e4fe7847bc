package config

import (
	"errors"
	"fmt"
	"regexp"

	"go.yaml.in/yaml/v4"

	"regatta/model/ref"
)

func (d *decoder) config(n *yaml.Node, c *Config) {
	d.fields(n, "settings, one a line", map[string]func(*yaml.Node){
		"registries": func(n *yaml.Node) { d.registries(n, c) },
		"theme": func(n *yaml.Node) {
			d.oneOf(n, &c.Theme, "auto", "dark", "light", "high-contrast", "colour-blind")
		},
		"icons":     func(n *yaml.Node) { d.oneOf(n, &c.Icons, "unicode", "ascii") },
		"mouse":     func(n *yaml.Node) { d.flag(n, &c.Mouse) },
		"read-only": func(n *yaml.Node) { d.flag(n, &c.ReadOnly) },
		"keys":      func(n *yaml.Node) { d.keys(n, c) },
		"prefetch":  func(n *yaml.Node) { d.count(n, &c.Prefetch, 0, 1_000_000) },
		"preview":   func(n *yaml.Node) { d.oneOf(n, &c.Preview, "auto", "on", "off") },
		"cache":     func(n *yaml.Node) { d.cache(n, &c.Cache) },
		"aws":       func(n *yaml.Node) { d.aws(n, &c.AWS) },
		"rollback": func(n *yaml.Node) {
			d.fields(n, "rollback settings", map[string]func(*yaml.Node){
				"keep": func(n *yaml.Node) { d.checked(n, &c.Rollback.Keep, checkKeep) },
			})
		},
	})
}

// checkKeep takes what begins a tag that ends with a time.
func checkKeep(s string) error {
	if s == "" {
		return errors.New("want what begins a tag, or none")
	}
	return ref.CheckTag(s + "20260102-150405")
}

func (d *decoder) aws(n *yaml.Node, a *AWS) {
	d.fields(n, "AWS settings", map[string]func(*yaml.Node){
		"regions": func(n *yaml.Node) {
			d.list(n, "a list of regions", func(n *yaml.Node) {
				var region string
				if d.checked(n, &region, checkRegion) {
					a.Regions = append(a.Regions, region)
				}
			})
		},
	})
}

// checkRegion knows the form of a region's name; which there are changes.
func checkRegion(s string) error {
	if !regexp.MustCompile(`^[a-z]{2,4}(-[a-z]+)+-[0-9]{1,2}$`).MatchString(s) {
		return fmt.Errorf("%q is no region of AWS such as eu-central-1", shown(s))
	}
	return nil
}

func (d *decoder) cache(n *yaml.Node, c *Cache) {
	d.fields(n, "size and path of the cache", map[string]func(*yaml.Node){
		"size": func(n *yaml.Node) { d.size(n, &c.Size) },
		"path": func(n *yaml.Node) { d.path(n, &c.Path) },
	})
}

// keys reads the bindings; which actions there are is the UI's to say, see
// Validate.
func (d *decoder) keys(n *yaml.Node, c *Config) {
	d.each(n, "actions and their keys", func(action, value *yaml.Node) {
		var name string
		if !d.text(action, &name) {
			return
		}
		if keys := d.strokes(value); len(keys) > 0 {
			if c.Keys == nil {
				c.Keys = Keys{}
			}
			c.Keys[name] = keys
			c.actions = append(c.actions, position{name: name, at: d.at(action)})
		}
	})
}

func (d *decoder) strokes(n *yaml.Node) []string {
	var keys []string
	read := func(n *yaml.Node) {
		var key string
		if d.text(n, &key) {
			keys = append(keys, key)
		}
	}
	if n.Kind == yaml.ScalarNode {
		read(n)
	} else {
		d.list(n, "a key or a list of keys", read)
	}
	return keys
}

// Validate checks the names of the actions that keys are bound to. object says
// what is wrong with the keys of a known action, if anything is.
func (c *Config) Validate(knownActions []string, object func(action string, keys []string) string) error {
	known := make(map[string]bool, len(knownActions))
	for _, a := range knownActions {
		known[a] = true
	}
	var problems Errors
	for _, a := range c.actions {
		if !known[a.name] {
			p := a.at
			p.Message = "unknown action \"" + shown(a.name) + "\"; " + suggest(a.name, knownActions)
			problems = append(problems, p)
			continue
		}
		if why := object(a.name, c.Keys[a.name]); why != "" {
			p := a.at
			p.Message = why
			problems = append(problems, p)
		}
	}
	return problems.asError()
}

package config

import (
	"fmt"
	"slices"
	"strings"

	"go.yaml.in/yaml/v4"

	"regatta/model/ref"
)

func (d *decoder) registries(n *yaml.Node, c *Config) {
	lines := map[string]int{}
	d.list(n, "a list of registries", func(n *yaml.Node) {
		r := Registry{Kind: "oci", Color: "none"}
		before := len(d.problems)
		d.registry(n, &r)
		switch line, taken := lines[r.Name]; {
		case len(d.problems) > before:
			return
		case r.Host == "":
			d.fail(n, "this registry has no host")
			return
		case taken:
			d.fail(n, "the registry name %q is used twice, first on line %d; give each a name of its own", r.Name, line)
			return
		}
		lines[r.Name] = n.Line
		c.Registries = append(c.Registries, r)
	})
}

func (d *decoder) registry(n *yaml.Node, r *Registry) {
	d.fields(n, "a registry with host", map[string]func(*yaml.Node){
		"name":      func(n *yaml.Node) { d.checked(n, &r.Name, checkName) },
		"kind":      func(n *yaml.Node) { d.oneOf(n, &r.Kind, "oci") },
		"host":      func(n *yaml.Node) { d.checked(n, &r.Host, checkHost) },
		"profile":   func(n *yaml.Node) { d.checked(n, &r.Profile, checkName) },
		"pins":      func(n *yaml.Node) { d.pins(n, r) },
		"read-only": func(n *yaml.Node) { d.flag(n, &r.ReadOnly) },
		"color": func(n *yaml.Node) {
			d.oneOf(n, &r.Color, "red", "orange", "yellow", "green", "blue", "purple", "none")
		},
		"tls":       func(n *yaml.Node) { d.tls(n, &r.TLS) },
		"rate":      func(n *yaml.Node) { d.limits(n, &r.Rate) },
		"page-size": func(n *yaml.Node) { d.count(n, &r.PageSize, 1, 1000) },
		"usage":     func(n *yaml.Node) { d.usage(n, &r.Usage) },
		"price":     func(n *yaml.Node) { d.price(n, &r.Price) },
		"bases":     func(n *yaml.Node) { d.words(n, &r.Bases, "a list of repositories", checkNothing) },
		"trust":     func(n *yaml.Node) { d.trust(n, &r.Trust) },
	})
	if r.Name == "" {
		r.Name = r.Host
	}
	r.Host = ref.CanonicalHost(r.Host)
}

func checkName(s string) error {
	const most = 64
	if len(s) > most || strings.ContainsAny(s, " \t") {
		return fmt.Errorf("the name %q is no word of up to %d characters", shown(s), most)
	}
	return nil
}

// checkHost meets the usual mistake, an address copied from a browser.
func checkHost(s string) error {
	scheme, rest, ok := strings.Cut(s, "://")
	if !ok {
		return ref.CheckHost(s)
	}
	if scheme == "http" {
		return fmt.Errorf("want %q with tls: {plain-http: true}, without http://", shown(strings.TrimSuffix(rest, "/")))
	}
	return fmt.Errorf("want %q, without %s://", shown(strings.TrimSuffix(rest, "/")), shown(scheme))
}

func (d *decoder) pins(n *yaml.Node, r *Registry) {
	d.list(n, "a list of repositories", func(n *yaml.Node) {
		var name string
		switch {
		case !d.checked(n, &name, ref.CheckRepository):
		case slices.Contains(r.Pins, name):
			d.fail(n, "the repository %q is pinned twice", name)
		default:
			r.Pins = append(r.Pins, name)
		}
	})
}

func (d *decoder) tls(n *yaml.Node, t *TLS) {
	d.fields(n, "TLS settings", map[string]func(*yaml.Node){
		"insecure":   func(n *yaml.Node) { d.flag(n, &t.Insecure) },
		"plain-http": func(n *yaml.Node) { d.flag(n, &t.PlainHTTP) },
		"ca":         func(n *yaml.Node) { d.path(n, &t.CA) },
		"cert":       func(n *yaml.Node) { d.path(n, &t.Cert) },
		"key":        func(n *yaml.Node) { d.path(n, &t.Key) },
	})
	if (t.Cert == "") != (t.Key == "") {
		d.fail(n, "cert and key go together, and one is missing")
	}
}

func (d *decoder) limits(n *yaml.Node, r *Rate) {
	d.fields(n, "limits for requests", map[string]func(*yaml.Node){
		"per-second": func(n *yaml.Node) { d.rate(n, &r.PerSecond) },
		"concurrent": func(n *yaml.Node) { d.count(n, &r.Concurrent, 1, 100) },
	})
}

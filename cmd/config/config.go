// Package config reads the user's configuration: one YAML file, checked to the
// last key, so that a typing error is found at start and not when the setting
// would have mattered. It may import the standard library, the model, and the
// libraries that parse YAML, sizes and XDG directories.
package config

import (
	"path/filepath"

	"github.com/adrg/xdg"
)

// Config is what the file says, with defaults where it says nothing.
type Config struct {
	Registries []Registry `yaml:"registries,omitempty"`
	Theme      string     `yaml:"theme"`     // auto, dark, light, high-contrast or colour-blind
	Icons      string     `yaml:"icons"`     // unicode or ascii
	Mouse      bool       `yaml:"mouse"`     //
	ReadOnly   bool       `yaml:"read-only"` // nothing is changed in any registry
	Keys       Keys       `yaml:"keys,omitempty"`
	Prefetch   int        `yaml:"prefetch"` // rows whose details load without being looked at
	Preview    string     `yaml:"preview"`  // auto, on or off
	Cache      Cache      `yaml:"cache"`
	AWS        AWS        `yaml:"aws,omitempty"`
	Rollback   Rollback   `yaml:"rollback,omitempty"`

	actions []position // of the keys, for Validate
}

// Keys are the keys of each action that the user binds anew, by action name.
type Keys map[string][]string

// Registry is one context: a registry and how to speak to it. A zero Rate or
// PageSize leaves the choice to the backend.
type Registry struct {
	Name     string   `yaml:"name"`
	Kind     string   `yaml:"kind"` // oci
	Host     string   `yaml:"host"`
	Profile  string   `yaml:"profile,omitempty"` // of the AWS configuration, for hosts of Amazon ECR
	Pins     []string `yaml:"pins,omitempty"`
	ReadOnly bool     `yaml:"read-only"`
	Color    string   `yaml:"color"` // red, orange, yellow, green, blue, purple or none
	TLS      TLS      `yaml:"tls"`
	Rate     Rate     `yaml:"rate,omitempty"`
	PageSize int      `yaml:"page-size,omitempty"`
	Usage    Usage    `yaml:"usage,omitempty"`
	Price    Price    `yaml:"price,omitempty"`
	Trust    []Trust  `yaml:"trust,omitempty"`
	Bases    []string `yaml:"bases,omitempty"` // repositories of base images, of this registry or HOST/NAME
}

// TLS says how a registry proves itself and the user to it. The files are PEM.
type TLS struct {
	Insecure  bool   `yaml:"insecure"` // certificates are not verified
	PlainHTTP bool   `yaml:"plain-http"`
	CA        string `yaml:"ca,omitempty"` // in addition to the system's roots
	Cert      string `yaml:"cert,omitempty"`
	Key       string `yaml:"key,omitempty"`
}

// Rate bounds the requests to one registry.
type Rate struct {
	PerSecond  float64 `yaml:"per-second,omitempty"`
	Concurrent int     `yaml:"concurrent,omitempty"`
}

// Rollback says how tags go back.
type Rollback struct {
	// Keep begins the tag that the image left behind gets, before the time; "none"
	// is no tag, and empty is rollback-from-.
	Keep string `yaml:"keep,omitempty"`
}

// AWS says which registries of Amazon ECR are contexts by themselves.
type AWS struct {
	Regions []string `yaml:"regions,omitempty"` // of every profile; none: the region that it names
}

// Cache says where manifests and tag history are kept, and how much of them.
type Cache struct {
	Size int64  `yaml:"size"` // bytes
	Path string `yaml:"path"`
}

// Default is the configuration of a user who has none.
func Default() *Config {
	return &Config{
		Theme: "auto", Icons: "unicode", Mouse: true, Prefetch: 2000, Preview: "auto",
		// Tag history cannot be fetched again, so the file is state, not a cache.
		Cache: Cache{Size: 512_000_000, Path: filepath.Join(xdg.StateHome, "regatta", "store.db")},
	}
}

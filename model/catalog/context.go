package catalog

import "time"

// Context is a registry that the user can switch to.
type Context struct {
	Name     string
	Kind     string // "oci"
	Host     string
	Color    string // a name that the theme knows, empty for none
	ReadOnly bool
	Source   string // where it comes from: "config", "docker login", "argument", "demo"
}

// Probe is what is known of a context's registry after asking it.
type Probe struct {
	Identity string        // who one is there: a user's name, "anonymous"
	From     string        // which source says so: "docker config"
	Took     time.Duration // of the answer
	Err      error
}

package catalog

import "time"

// Context is a registry that the user can switch to.
type Context struct {
	Name     string
	Kind     string // "oci" or "ecr"
	Host     string // empty where only asking tells: see Probe
	Profile  string // of the AWS configuration, empty for none
	Region   string // of AWS, where there is a profile
	Color    string // a name that the theme knows, empty for none
	ReadOnly bool
	Source   string // where it comes from: "config", "docker login", "aws profile", "argument", "demo"
}

// Probe is what is known of a context's registry after asking it.
type Probe struct {
	Identity string        // who one is there: a user's name, "anonymous"
	From     string        // which source says so: "docker config"
	Host     string        // of the registry, where the context did not say
	Expires  time.Time     // when the credentials run out; zero if that is not known
	Took     time.Duration // of the answer
	Err      error
}

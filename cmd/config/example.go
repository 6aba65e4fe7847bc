package config

import _ "embed" // the example is a file, so that editors and people can read it

//go:embed example.yaml
var example string

// Example is a file with every setting, commented.
func Example() string { return example }

package lifecycle

import "embed"

//go:embed templates/*.json
var templateFiles embed.FS

// template is a policy to begin with.
type template struct{ name, file string }

func templates() []template {
	return []template{
		{"untagged after 14 days", "untagged.json"},
		{"keep the newest 30", "newest.json"},
		{"keep releases, expire builds after 30 days", "releases.json"},
		{"per environment: prod 20, staging 5", "environments.json"},
		{"archive what was not pulled for 90 days", "archive.json"},
	}
}

// text is the policy. The files are there: they are in the program.
func (t template) text() string {
	raw, err := templateFiles.ReadFile("templates/" + t.file)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

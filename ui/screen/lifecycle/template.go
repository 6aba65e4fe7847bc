package lifecycle

import (
	"embed"
	"slices"
)

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

// isTemplate tells a policy that stands as it came.
func isTemplate(text string) bool {
	return slices.ContainsFunc(templates(), func(t template) bool { return t.text() == text })
}

// text is the policy. The files are there: they are in the program.
func (t template) text() string {
	raw, err := templateFiles.ReadFile("templates/" + t.file)
	if err != nil {
		panic(err)
	}
	return string(raw)
}

package company

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	"regatta/registry/sandbox/internal/layer"
	"regatta/registry/sandbox/internal/oci"
)

// step is a line of a Dockerfile as the history of an image shows it.
type step struct {
	at    time.Time
	by    string
	layer *layer.Spec // nil for a step without a layer
}

// recipe is how the image of one platform is made.
type recipe struct {
	steps  []step
	config oci.Runtime
}

func (r *recipe) run(at time.Time, by string, spec layer.Spec) {
	r.steps = append(r.steps, step{at: at, by: by, layer: &spec})
}

func (r *recipe) note(at time.Time, by string) {
	r.steps = append(r.steps, step{at: at, by: by})
}

// env sets variables; a later value replaces an earlier one.
func (r *recipe) env(at time.Time, variables ...string) {
	for _, variable := range variables {
		name, _, _ := strings.Cut(variable, "=")
		r.config.Env = slices.DeleteFunc(slices.Clone(r.config.Env), func(old string) bool {
			return strings.HasPrefix(old, name+"=")
		})
		r.config.Env = append(r.config.Env, variable)
	}
	r.note(at, "ENV "+strings.Join(variables, " "))
}

func (r *recipe) cmd(at time.Time, words ...string) {
	r.config.Cmd = words
	r.note(at, "CMD "+list(words))
}

func (r *recipe) entrypoint(at time.Time, words ...string) {
	r.config.Entrypoint, r.config.Cmd = words, nil
	r.note(at, "ENTRYPOINT "+list(words))
}

func (r *recipe) workdir(at time.Time, dir string) {
	r.config.WorkingDir = dir
	r.note(at, "WORKDIR "+dir)
}

func (r *recipe) user(at time.Time, user string) {
	r.config.User = user
	r.note(at, "USER "+user)
}

func (r *recipe) expose(at time.Time, port string) {
	r.config.ExposedPorts = map[string]struct{}{port: {}}
	r.note(at, "EXPOSE map["+port+":{}]")
}

func (r *recipe) label(at time.Time, labels map[string]string) {
	r.config.Labels = labels
	for _, name := range slices.Sorted(maps.Keys(labels)) {
		r.note(at, fmt.Sprintf("LABEL %s=%s", name, labels[name]))
	}
}

func list(words []string) string {
	raw, err := json.Marshal(words)
	if err != nil {
		return fmt.Sprint(words)
	}
	return string(raw)
}

func userFiles() layer.Spec {
	return layer.Spec{Kind: layer.Files, Family: "users", Files: []layer.File{
		{Path: "etc/passwd", Text: "root:x:0:0:root:/root:/sbin/nologin\n" +
			"nonroot:x:65532:65532::/home/nonroot:/sbin/nologin\n"},
		{Path: "etc/group", Text: "root:x:0:\nnonroot:x:65532:\n"},
		{Path: "home/nonroot/", Mode: 0o700},
	}}
}

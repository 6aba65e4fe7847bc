package image

import (
	"slices"
	"strings"

	"regatta/model/ref"
)

// Step is one entry of the build history beside the layer it made. A step
// without a layer has an empty Layer.Digest; a layer that no history entry
// explains has an empty CreatedBy.
type Step struct {
	History

	Layer Descriptor
}

// Steps lines history up with layers, in build order. Registries do not check
// that the two agree: missing and surplus entries both happen, and nothing is
// left out because of it.
func Steps(m Manifest, c Config) []Step {
	steps := make([]Step, 0, max(len(c.History), len(m.Layers)))
	next := 0
	for _, h := range c.History {
		s := Step{History: h}
		if !h.Empty && next < len(m.Layers) {
			s.Layer = m.Layers[next]
			next++
		}
		steps = append(steps, s)
	}
	for _, l := range m.Layers[next:] {
		steps = append(steps, Step{Layer: l})
	}
	return steps
}

// Instruction is the step as a Dockerfile would say it, without the shell and
// the markers that builders put around it.
func (s Step) Instruction() string {
	by := strings.TrimSpace(s.CreatedBy)
	by = strings.TrimSpace(strings.TrimSuffix(by, "# buildkit"))
	by, wasNop := strings.CutPrefix(by, "/bin/sh -c #(nop) ")
	by = strings.TrimSpace(by)
	if wasNop {
		return by
	}
	if run, ok := strings.CutPrefix(by, "/bin/sh -c "); ok {
		return "RUN " + strings.TrimSpace(run)
	}
	return strings.Replace(by, "RUN /bin/sh -c ", "RUN ", 1)
}

// LayerSteps are the steps that made a layer.
func LayerSteps(m Manifest, c Config) []Step {
	return slices.DeleteFunc(Steps(m, c), func(s Step) bool { return s.Layer.Digest == "" && s.Layer.MediaType == "" })
}

// DiffIDs are the digests of what the layers of an image expand to, by those of the
// layers: nil where its config does not speak of as many layers.
func DiffIDs(m Manifest, c Config) map[ref.Digest]ref.Digest {
	if len(c.DiffIDs) != len(m.Layers) {
		return nil
	}
	out := make(map[ref.Digest]ref.Digest, len(m.Layers))
	for i, l := range m.Layers {
		out[l.Digest] = c.DiffIDs[i]
	}
	return out
}

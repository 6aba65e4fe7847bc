package plan

import (
	"strings"

	"regatta/model/graph"
	"regatta/model/ref"
	"regatta/model/text"
)

// most names are said in a sentence; the steps name them all.
const most = 3

// list is "a, b and c", or "a, b, c and 12 more".
func list(names []string) string {
	switch {
	case len(names) == 0:
		return ""
	case len(names) == 1:
		return names[0]
	case len(names) > most:
		return strings.Join(names[:most], ", ") + " and " + text.Count(len(names)-most) + " more"
	}
	return strings.Join(names[:len(names)-1], ", ") + " and " + names[len(names)-1]
}

// tagsOf is "the tag v1", "the tags v1 and v2".
func tagsOf(tags []string) string {
	if len(tags) == 1 {
		return "the tag " + tags[0]
	}
	return "the tags " + list(tags)
}

// name is a manifest by its short digest and tags: "0123456789ab (v1 and v2)".
func name(g *graph.Graph, d ref.Digest) string {
	if tags := g.Tags(d); len(tags) > 0 {
		return d.Short() + " (" + list(tags) + ")"
	}
	return d.Short()
}

func names(g *graph.Graph, digests []ref.Digest) string {
	out := make([]string, len(digests))
	for i, d := range digests {
		out[i] = name(g, d)
	}
	return list(out)
}

package config

import (
	"maps"
	"slices"
	"strings"

	"github.com/agext/levenshtein"
	"go.yaml.in/yaml/v4"

	"regatta/model/text"
)

// shown is foreign text short and safe enough for a message.
func shown(s string) string {
	const most = 60
	if r := []rune(s); len(r) > most {
		s = string(r[:most]) + "…"
	}
	return text.Clean(s)
}

func described(n *yaml.Node) string {
	switch {
	case n.Kind == yaml.MappingNode:
		return "a mapping"
	case n.Kind == yaml.SequenceNode:
		return "a list"
	case n.Kind == yaml.AliasNode:
		return "an alias"
	case isNull(n):
		return "nothing"
	}
	return `"` + shown(n.Value) + `"`
}

func keysOf[V any](m map[string]V) []string { return slices.Sorted(maps.Keys(m)) }

// suggest names the word that was probably meant, else all that there are.
func suggest(have string, words []string) string {
	best, least := "", len(have)/3+2
	for _, w := range words {
		if d := distance(have, w); d < least {
			best, least = w, d
		}
	}
	if best != "" {
		return `did you mean "` + best + `"?`
	}
	const most = 20
	if len(words) > most {
		words = append(slices.Clone(words[:most]), "…")
	}
	return "want one of " + strings.Join(words, ", ")
}

func distance(a, b string) int {
	const longest = 64 // a longer word is nobody's typing error
	if len(a) > longest {
		return len(a)
	}
	return levenshtein.Distance(strings.ToLower(a), b, nil)
}

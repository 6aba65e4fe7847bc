package lifecycle

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// enum reads one of a few strings.
func enum[T ~string](r *report, n node, key string, values ...T) placed[T] {
	s := r.string(n, key)
	p := placed[T]{value: T(s.value), at: s.at, there: s.there, ok: s.ok}
	if !s.ok || slices.Contains(values, p.value) {
		return p
	}
	var names []string
	for _, v := range values {
		names = append(names, string(v))
	}
	p.ok = false
	r.aws(s.at, fmt.Sprintf("instance value (%q) not found in enum (possible values: %s)",
		shown(s.value), quoted(names...)), key)
	return p
}

func (r *report) string(n node, key string) placed[string] {
	v, ok := n.member(key)
	if !ok {
		return placed[string]{}
	}
	return placed[string]{value: v.text, at: v.span, there: true, ok: r.is(v, key, isString)}
}

// list reads strings, at least one.
func (r *report) list(n node, key string) placed[[]placed[string]] {
	v, ok := n.member(key)
	if !ok {
		return placed[[]placed[string]]{}
	}
	p := placed[[]placed[string]]{at: v.span, there: true, ok: r.is(v, key, isArray)}
	if p.ok && len(v.items) == 0 {
		r.aws(v.span, "array is too short", key+" has at least 1 entry")
	}
	for _, item := range v.items {
		good := r.is(item, "an entry of "+key, isString)
		p.value = append(p.value, placed[string]{value: item.text, at: item.span, there: true, ok: good})
		p.ok = p.ok && good
	}
	return p
}

// integer reads a whole number of at least 1.
func (r *report) integer(n node, key string) placed[int] {
	v, ok := n.member(key)
	if !ok {
		return placed[int]{}
	}
	p := placed[int]{at: v.span, there: true}
	if !r.is(v, key, isNumber) {
		return p
	}
	if strings.ContainsAny(v.text, ".eE") {
		r.own(v.span, key+" must be a whole number, written without point and exponent")
		return p
	}
	number, err := strconv.ParseInt(v.text, 10, 64)
	switch {
	case strings.HasPrefix(v.text, "-"), err == nil && number < 1:
		r.aws(v.span, "numeric instance is lower than the required minimum (minimum: 1, found: "+shown(v.text)+")", key)
	case err != nil || number > maxNumber:
		r.own(v.span, fmt.Sprintf("%s must be at most %d", key, maxNumber))
	default:
		p.value, p.ok = int(number), true
	}
	return p
}

// quoted is a list of names as AWS writes it: ["a","b"].
func quoted(names ...string) string {
	var out []string
	for _, n := range names {
		out = append(out, strconv.Quote(shown(n)))
	}
	return "[" + strings.Join(out, ",") + "]"
}

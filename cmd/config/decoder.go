package config

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/dustin/go-humanize"
	"go.yaml.in/yaml/v4"

	"regatta/model/text"
)

// decoder reads nodes into values and collects what is wrong with them. Every
// method leaves its target alone where the node does not fit or is null, which
// is what a key with all of its lines commented out comes to.
type decoder struct {
	file     string
	paths    expander
	problems Errors
}

func (d *decoder) at(n *yaml.Node) Problem {
	return Problem{File: d.file, Line: n.Line, Column: n.Column}
}

func (d *decoder) fail(n *yaml.Node, format string, args ...any) {
	p := d.at(n)
	p.Message = fmt.Sprintf(format, args...)
	d.problems = append(d.problems, p)
}

func isNull(n *yaml.Node) bool { return n.Kind == yaml.ScalarNode && n.ShortTag() == "!!null" }

// is reports whether n is of kind k, and says so where it is not. Aliases have
// no use in a file like this and allow files that explode.
func (d *decoder) is(n *yaml.Node, k yaml.Kind, want string) bool {
	switch {
	case n.Kind == k:
		return true
	case isNull(n):
	case n.Kind == yaml.AliasNode:
		d.fail(n, "aliases (*%s) are not allowed here", shown(n.Value))
	default:
		d.fail(n, "want %s, have %s", want, described(n))
	}
	return false
}

// each calls read with every key of a mapping and its value. Keys that are
// there twice are told.
func (d *decoder) each(n *yaml.Node, want string, read func(key, value *yaml.Node)) {
	if !d.is(n, yaml.MappingNode, want) {
		return
	}
	seen := map[string]int{}
	for i := 0; i+1 < len(n.Content); i += 2 {
		key, value := n.Content[i], n.Content[i+1]
		if key.Kind != yaml.ScalarNode {
			d.fail(key, "want a name before the colon, have %s", described(key))
			continue
		}
		if line, ok := seen[key.Value]; ok {
			d.fail(key, "key %q is there twice, first on line %d", shown(key.Value), line)
			continue
		}
		seen[key.Value] = key.Line
		read(key, value)
	}
}

// fields reads a mapping whose keys are known.
func (d *decoder) fields(n *yaml.Node, want string, known map[string]func(*yaml.Node)) {
	d.each(n, want, func(key, value *yaml.Node) {
		read, ok := known[key.Value]
		if !ok {
			d.fail(key, "unknown key %q; %s", shown(key.Value), suggest(key.Value, keysOf(known)))
			return
		}
		read(value)
	})
}

func (d *decoder) list(n *yaml.Node, want string, read func(item *yaml.Node)) {
	if !d.is(n, yaml.SequenceNode, want) {
		return
	}
	for _, item := range n.Content {
		read(item)
	}
}

// text reads a scalar of any plain kind as it is written: a name may look like
// a number.
func (d *decoder) text(n *yaml.Node, into *string) bool {
	if !d.is(n, yaml.ScalarNode, "text") || isNull(n) {
		return false
	}
	switch tag := n.ShortTag(); {
	case tag == "!!binary" || !strings.HasPrefix(tag, "!!"):
		d.fail(n, "want text, have a value tagged %s", shown(tag))
	case text.Clean(n.Value) != n.Value:
		d.fail(n, "the text %q has characters that cannot be shown", shown(n.Value))
	case n.Value == "":
		d.fail(n, "want text, have none")
	default:
		*into = n.Value
		return true
	}
	return false
}

func (d *decoder) checked(n *yaml.Node, into *string, check func(string) error) bool {
	var s string
	if !d.text(n, &s) {
		return false
	}
	if err := check(s); err != nil {
		d.fail(n, "%v", err)
		return false
	}
	*into = s
	return true
}

func (d *decoder) oneOf(n *yaml.Node, into *string, choices ...string) {
	_ = d.checked(n, into, func(s string) error {
		if slices.Contains(choices, s) {
			return nil
		}
		return fmt.Errorf("unknown value %q; %s", shown(s), suggest(s, choices))
	})
}

func (d *decoder) flag(n *yaml.Node, into *bool) {
	var s string
	if !d.text(n, &s) {
		return
	}
	if n.ShortTag() != "!!bool" {
		d.fail(n, "want true or false, have %q", shown(s))
		return
	}
	*into = strings.EqualFold(s, "true")
}

func (d *decoder) count(n *yaml.Node, into *int, least, most int) {
	var s string
	if !d.text(n, &s) {
		return
	}
	v, err := strconv.Atoi(s)
	if err != nil || v < least || v > most {
		d.fail(n, "want a whole number from %d to %s, have %q", least, text.Count(most), shown(s))
		return
	}
	*into = v
}

func (d *decoder) rate(n *yaml.Node, into *float64) { d.number(n, into, 0.01, 10_000) }

func (d *decoder) number(n *yaml.Node, into *float64, least float64, most int) {
	var s string
	if !d.text(n, &s) {
		return
	}
	v, err := strconv.ParseFloat(s, 64)
	if err != nil || !(v >= least && v <= float64(most)) {
		d.fail(n, "want a number from %v to %s, have %q", least, text.Count(most), shown(s))
		return
	}
	*into = v
}

func (d *decoder) size(n *yaml.Node, into *int64) {
	const least, most = 1_000_000, 1_000_000_000_000
	var s string
	if !d.text(n, &s) {
		return
	}
	v, err := humanize.ParseBytes(s)
	if err != nil || v < least || v > most {
		d.fail(n, "want a size from 1MB to 1TB such as 512MB, have %q", shown(s))
		return
	}
	*into = int64(v)
}

func (d *decoder) path(n *yaml.Node, into *string) {
	var s string
	if !d.text(n, &s) {
		return
	}
	expanded, err := d.paths.expand(s)
	if err != nil {
		d.fail(n, "%v", err)
		return
	}
	*into = expanded
}

package lifecycle

import (
	"fmt"
	"slices"
)

// fields of an object: the names, and whether they are required.
type fields map[string]bool

const (
	required = true
	optional = false
)

// root reads the policy's object.
func (r *report) root(n node) []*ruleDraft {
	if !r.object(n, "the policy", fields{"rules": required}) {
		return nil
	}
	list, ok := n.member("rules")
	if !ok || !r.is(list, "rules", isArray) {
		return nil
	}
	switch count := len(list.items); {
	case count == 0:
		r.aws(list.span, "array is too short", "a policy has at least 1 rule")
	case count > MaxRules:
		r.aws(list.items[MaxRules].span, "array is too long",
			fmt.Sprintf("a policy has at most %d rules, this one has %d", MaxRules, count))
	}
	drafts := make([]*ruleDraft, 0, len(list.items))
	for _, item := range list.items {
		drafts = append(drafts, r.rule(item))
	}
	return drafts
}

func (r *report) rule(n node) *ruleDraft {
	d := &ruleDraft{span: n.span}
	if !r.object(n, "a rule", fields{
		"rulePriority": required, "description": optional, "selection": required, "action": required,
	}) {
		return d
	}
	d.priority = r.integer(n, "rulePriority")
	d.description = r.string(n, "description")
	if s, ok := n.member("selection"); ok {
		r.selection(s, d)
	}
	if a, ok := n.member("action"); ok {
		r.action(a, d)
	}
	return d
}

func (r *report) selection(n node, d *ruleDraft) {
	d.selectionAt = n.open()
	if !r.object(n, "selection", fields{
		"tagStatus": required, "tagPatternList": optional, "tagPrefixList": optional, "storageClass": optional,
		"countType": required, "countUnit": optional, "countNumber": required,
	}) {
		return
	}
	d.tagStatus = enum(r, n, "tagStatus", Any, Tagged, Untagged)
	d.patterns = r.list(n, "tagPatternList")
	d.prefixes = r.list(n, "tagPrefixList")
	d.class = enum(r, n, "storageClass", Archive, Standard)
	d.countType = enum(r, n, "countType",
		ImageCountMoreThan, SinceImagePulled, SinceImagePushed, SinceImageTransitioned)
	d.countUnit = enum(r, n, "countUnit", countUnit)
	d.countNumber = r.integer(n, "countNumber")
}

func (r *report) action(n node, d *ruleDraft) {
	d.actionAt = n.open()
	if !r.object(n, "action", fields{"type": required, "targetStorageClass": optional}) {
		return
	}
	d.action = enum(r, n, "type", ExpireAction, TransitionAction)
	d.target = enum(r, n, "targetStorageClass", Archive)
}

// object checks that n is one with these fields.
func (r *report) object(n node, name string, known fields) bool {
	if !r.is(n, name, isObject) {
		return false
	}
	for _, m := range n.members {
		if _, ok := known[m.key]; !ok {
			r.aws(m.at, "object instance has properties which are not allowed by the schema: ("+quoted(m.key)+")", "")
		}
	}
	var missing []string
	for name, need := range known {
		if _, ok := n.member(name); need && !ok {
			missing = append(missing, name)
		}
	}
	if len(missing) > 0 {
		slices.Sort(missing)
		r.aws(n.open(), "object has missing required properties ("+quoted(missing...)+")", "")
	}
	return true
}

// is checks the kind of a value.
func (r *report) is(n node, name string, want kind) bool {
	switch n.kind {
	case want:
		return true
	case isNull:
		r.aws(n.span, "instance failed to match exactly one schema (matched 0 out of 2)",
			name+" is null: leave it out or give it a value")
	case isNothing: // there is a violation for it
	case isObject, isArray, isString, isNumber, isBool:
		r.own(n.span, fmt.Sprintf("%s must be %s, not %s", name, want, n.kind))
	}
	return false
}

package lifecycle

// placed is a value of the policy with its place.
type placed[T any] struct {
	value T
	at    Span // of the value
	there bool // the key is there, whatever it holds
	ok    bool // the value is one that the schema allows
}

// ruleDraft is a rule as far as the schema could make sense of it.
type ruleDraft struct {
	span        Span
	selectionAt Span // the opening bracket
	actionAt    Span
	priority    placed[int]
	description placed[string]
	tagStatus   placed[TagStatus]
	prefixes    placed[[]placed[string]]
	patterns    placed[[]placed[string]]
	class       placed[StorageClass]
	countType   placed[CountType]
	countUnit   placed[string]
	countNumber placed[int]
	action      placed[ActionType]
	target      placed[StorageClass]
}

// storageClass is the class that the rule selects, if that can be told.
func (d *ruleDraft) storageClass() (StorageClass, bool) {
	if !d.class.there {
		return Standard, true
	}
	return d.class.value, d.class.ok
}

// rule is the draft of which nothing is wrong.
func (d *ruleDraft) rule() Rule {
	class, _ := d.storageClass()
	return Rule{
		Priority: d.priority.value, Description: d.description.value, Action: d.action.value, Span: d.span,
		Selection: Selection{
			TagStatus: d.tagStatus.value, Prefixes: values(d.prefixes), Patterns: values(d.patterns), Class: class,
			CountType: d.countType.value, CountNumber: d.countNumber.value,
		},
	}
}

func values(list placed[[]placed[string]]) []string {
	var out []string
	for _, p := range list.value {
		out = append(out, p.value)
	}
	return out
}

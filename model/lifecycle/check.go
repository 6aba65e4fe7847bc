package lifecycle

import (
	"fmt"
	"strings"
)

// consistent checks that the fields of one rule fit together.
func (r *report) consistent(d *ruleDraft) {
	r.tagLists(d)
	r.wildcards(d)
	r.storageClass(d)
	r.unit(d)
	r.actions(d)
	r.archived(d)
}

func (r *report) tagLists(d *ruleDraft) {
	lists := []struct {
		name string
		list placed[[]placed[string]]
	}{{"tagPatternList", d.patterns}, {"tagPrefixList", d.prefixes}}
	switch {
	case !d.tagStatus.ok:
	case d.tagStatus.value != Tagged:
		for _, l := range lists {
			if l.list.there {
				r.aws(l.list.at, fmt.Sprintf("Cannot specify %s with tagStatus %s",
					l.name, strings.ToUpper(string(d.tagStatus.value))), "")
			}
		}
	case d.patterns.there && d.prefixes.there:
		second := d.patterns.at
		if second.From < d.prefixes.at.From {
			second = d.prefixes.at
		}
		r.aws(second, "If policy has a tagged rule, it must specify only one of tagPrefixList or tagPatternList", "")
	case !d.patterns.there && !d.prefixes.there:
		r.aws(d.tagStatus.at, "Must specify tagPrefixList or tagPatternList when tagStatus=TAGGED.", "")
	}
}

func (r *report) wildcards(d *ruleDraft) {
	for _, p := range d.patterns.value {
		if n := strings.Count(p.value, "*"); n > MaxWildcards {
			r.aws(p.at, "Invalid tag pattern provided", fmt.Sprintf("%d wildcards, at most %d", n, MaxWildcards))
		}
	}
}

func (r *report) storageClass(d *ruleDraft) {
	class, ok := d.storageClass()
	switch {
	case !d.countType.ok || !ok:
	case d.countType.value == SinceImageTransitioned && class != Archive:
		at := d.countType.at
		if d.class.there {
			at = d.class.at
		}
		r.own(at, `sinceImageTransitioned requires "storageClass": "archive"`)
	case d.countType.value != SinceImageTransitioned && class != Standard:
		r.aws(d.class.at, "SINCE_IMAGE_PUSHED, SINCE_IMAGE_PULLED and IMAGE_COUNT_MORE_THAN "+
			"support the STANDARD storage class only", "")
	}
}

func (r *report) unit(d *ruleDraft) {
	switch {
	case !d.countType.ok:
	case d.countType.value == ImageCountMoreThan && d.countUnit.there:
		r.own(d.countUnit.at, "countUnit cannot be used with imageCountMoreThan")
	case d.countType.value != ImageCountMoreThan && !d.countUnit.there:
		r.own(d.countType.at, fmt.Sprintf(`%s requires "countUnit": "days"`, d.countType.value))
	}
}

// actions checks the action alone and with the count type.
func (r *report) actions(d *ruleDraft) {
	if !d.action.ok {
		return
	}
	if d.action.value == TransitionAction && !d.target.there {
		r.aws(d.action.at, notJSON, `transition requires "targetStorageClass": "archive"`)
	}
	switch {
	case !d.countType.ok:
	case d.countType.value == SinceImagePulled && d.action.value != TransitionAction:
		r.own(d.action.at, "sinceImagePulled must be used with the transition action")
	case d.countType.value == SinceImageTransitioned && d.action.value != ExpireAction:
		r.own(d.action.at, "sinceImageTransitioned must be used with the expire action")
	}
}

func (r *report) archived(d *ruleDraft) {
	if d.countType.value == SinceImageTransitioned && d.countNumber.ok && d.countNumber.value < MinArchived {
		r.own(d.countNumber.at, fmt.Sprintf("images stay in the archive for at least %d days", MinArchived))
	}
}

package lifecycle

import (
	"fmt"
	"slices"
	"strings"
)

// together checks the rules against each other.
func (r *report) together(drafts []*ruleDraft) {
	r.priorities(drafts)
	for _, class := range []StorageClass{Standard, Archive} {
		same := slices.DeleteFunc(slices.Clone(drafts), func(d *ruleDraft) bool {
			c, ok := d.storageClass()
			return !ok || c != class || !d.tagStatus.ok
		})
		r.once(same, Untagged, "Only one rule can select Untagged images per storage class.")
		r.once(same, Any, "Only one rule can specify tagStatus=ANY")
		r.anyLast(same)
		r.uniqueLists(same, "tagPrefixList", func(d *ruleDraft) placed[[]placed[string]] { return d.prefixes })
		r.uniqueLists(same, "tagPatternList", func(d *ruleDraft) placed[[]placed[string]] { return d.patterns })
	}
}

func (r *report) priorities(drafts []*ruleDraft) {
	seen := map[int]bool{}
	for _, d := range drafts {
		if d.priority.ok && seen[d.priority.value] {
			r.aws(d.priority.at, "Duplicate priority in multiple rules", "")
		}
		if d.priority.ok {
			seen[d.priority.value] = true
		}
	}
}

// once reports all but the first rule with a tag status.
func (r *report) once(same []*ruleDraft, status TagStatus, message string) {
	first := true
	for _, d := range same {
		if d.tagStatus.value != status {
			continue
		}
		if !first {
			r.aws(d.tagStatus.at, message, "")
		}
		first = false
	}
}

func (r *report) anyLast(same []*ruleDraft) {
	last := 0
	for _, d := range same {
		if d.tagStatus.value != Any && d.priority.ok {
			last = max(last, d.priority.value)
		}
	}
	for _, d := range same {
		if d.tagStatus.value == Any && d.priority.ok && d.priority.value < last {
			r.aws(d.priority.at, "Rule for tagStatus=ANY must have the lowest priority per storage class",
				fmt.Sprintf("its rulePriority must be above %d", last))
		}
	}
}

// uniqueLists reports lists that hold the same as one before, in any order.
func (r *report) uniqueLists(same []*ruleDraft, name string, of func(*ruleDraft) placed[[]placed[string]]) {
	seen := map[string]bool{}
	for _, d := range same {
		list := of(d)
		if !list.ok || len(list.value) == 0 {
			continue
		}
		key := strings.Join(set(values(list)), "\x00")
		if seen[key] {
			r.own(list.at, name+" must be unique: a rule for this storage class has the same")
		}
		seen[key] = true
	}
}

// set is a list without order and repetition.
func set(list []string) []string {
	out := slices.Clone(list)
	slices.Sort(out)
	return slices.Compact(out)
}

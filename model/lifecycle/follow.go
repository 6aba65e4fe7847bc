package lifecycle

// follow lets referrers go with their subjects.
func (r *run) follow() {
	if r.on[ReferrersFollow] {
		return
	}
	seen := map[int32]bool{}
	for i, subject := range r.subjects {
		if subject != nothing {
			r.followOne(int32(i), seen)
		}
	}
}

// followOne settles what i refers to before i itself.
func (r *run) followOne(i int32, seen map[int32]bool) {
	subject := r.subjects[i]
	if subject == nothing || seen[i] {
		return
	}
	seen[i] = true
	r.followOne(subject, seen)
	d, s := &r.decisions[i], r.decisions[subject]
	if !r.entries[i].there(r.at) || d.why != noRule && d.why != spared || s.why != marked && s.why != follows {
		return
	}
	if r.rules[s.rule].Action == TransitionAction && r.entries[i].archived {
		return
	}
	if _, held := r.holder(i, r.holds); !held {
		*d = decision{why: follows, rule: s.rule, shield: -1, other: subject}
	}
}

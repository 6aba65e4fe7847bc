package lifecycle

// protect keeps what an index still needs.
func (r *run) protect() {
	if len(r.links) == 0 {
		return
	}
	var held []link // decided first, so that no decision is seen half way
	hold := func(i int32, holds func(int32) bool) {
		if r.decisions[i].why == marked {
			if index, ok := r.holder(i, holds); ok {
				held = append(held, link{index, i})
			}
		}
	}
	if r.on[ChildrenWait] {
		after := r.holdsAfter(make(map[int32]bool))
		for _, i := range r.order { // it matters in a circle
			hold(i, after)
		}
	} else {
		for i := range r.decisions {
			hold(int32(i), r.holds)
		}
	}
	for _, l := range held {
		r.decisions[l.child].why, r.decisions[l.child].other = referenced, l.index
	}
}

// holder is the first index that keeps an image from going.
func (r *run) holder(i int32, holds func(int32) bool) (int32, bool) {
	for _, index := range r.parents.of(i) {
		if holds(index) {
			return index, true
		}
	}
	return 0, false
}

// holds tells whether an index protects its children.
func (r *run) holds(index int32) bool {
	e := &r.entries[index]
	return e.there(r.at) && (!e.archived || r.on[ArchivedIndex])
}

// holdsAfter tells the same after this run: what it takes, holds no more. An
// index that is being looked at holds, so that a circle does.
func (r *run) holdsAfter(known map[int32]bool) func(int32) bool {
	var after func(int32) bool
	after = func(index int32) bool {
		if !r.holds(index) {
			return false
		}
		if v, ok := known[index]; ok {
			return v
		}
		known[index] = true
		if r.decisions[index].why == marked {
			_, known[index] = r.holder(index, after)
		}
		return known[index]
	}
	return after
}

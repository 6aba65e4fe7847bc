package plan

import "slices"

// arrange puts 0…n-1 in an order in which a comes before all of hard[a], and
// before all of soft[a] where that is possible: soft edges may contradict the
// hard ones, as of an index that describes its own child. What an element
// makes possible follows close behind it; otherwise the order of the numbers
// is kept. after[i] are the positions that the element at position i waits for.
func arrange(n int, hard, soft [][]int) (order []int, after [][]int) {
	a := &arranger{
		hard: hard, soft: soft, hardIn: make([]int, n), softIn: make([]int, n),
		placed: make([]bool, n), waits: make([][]int, n),
	}
	for i := range n {
		for _, b := range hard[i] {
			a.hardIn[b]++
		}
		for _, b := range soft[i] {
			a.softIn[b]++
		}
	}
	for i := n - 1; i >= 0; i-- {
		a.offer(i)
	}
	for len(a.order) < n {
		a.place(a.next())
	}
	after = make([][]int, n)
	for at, i := range a.order {
		after[at] = a.waits[i]
	}
	return a.order, after
}

type arranger struct {
	hard, soft     [][]int
	hardIn, softIn []int // what each still waits for
	placed         []bool
	ready          []int // a stack
	contested      []int // waiting for soft edges only
	cursor         int
	order          []int
	waits          [][]int
}

func (a *arranger) offer(i int) {
	switch {
	case a.placed[i] || a.hardIn[i] > 0:
	case a.softIn[i] == 0:
		a.ready = append(a.ready, i)
	default:
		a.contested = append(a.contested, i)
	}
}

// next prefers what waits for nothing, then what waits for soft edges only.
// Digests cannot form a circle of hard edges; made-up ones get some order.
func (a *arranger) next() int {
	for len(a.ready) > 0 {
		i := a.ready[len(a.ready)-1]
		a.ready = a.ready[:len(a.ready)-1]
		if !a.placed[i] {
			return i
		}
	}
	for len(a.contested) > 0 {
		i := a.contested[0]
		a.contested = a.contested[1:]
		if !a.placed[i] {
			return i
		}
	}
	for a.placed[a.cursor] {
		a.cursor++
	}
	return a.cursor
}

func (a *arranger) place(i int) {
	at := len(a.order)
	a.placed[i] = true
	a.order = append(a.order, i)
	for _, b := range slices.Backward(a.hard[i]) {
		a.release(b, at, a.hardIn)
	}
	for _, b := range slices.Backward(a.soft[i]) {
		a.release(b, at, a.softIn)
	}
}

func (a *arranger) release(i, at int, in []int) {
	in[i]--
	if a.placed[i] {
		return
	}
	if w := a.waits[i]; len(w) == 0 || w[len(w)-1] != at {
		a.waits[i] = append(w, at)
	}
	a.offer(i)
}

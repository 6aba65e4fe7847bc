// Package query is the filter language: text in, predicate out, with the place
// of every error. It imports the standard library and
// go-humanize.
//
//	word          the name contains it, whatever the case
//	v1.*          the whole name matches the pattern
//	"two words"   the name contains exactly this
//	-f apiv2      the letters appear in the name in this order
//	!word         not
//	a b | c       a and b, or c
//	field:value   a field contains, matches, or is (is:untagged)
//	size>100MB    numbers, sizes, ages: > >= < <= =
package query

import "time"

// Predicate tells whether a row stays.
type Predicate[T any] func(*T) bool

// Schema says which fields rows of type T have. A field belongs to one of the
// maps. Names are lower case.
type Schema[T any] struct {
	Name  func(*T, func(string) bool) bool // calls yield for each name until it returns true; returns whether it did
	Text  map[string]func(*T, func(string) bool) bool
	Size  map[string]func(*T) int64     // bytes; negative is unknown
	Count map[string]func(*T) int64     // a plain number; negative is unknown
	Age   map[string]func(*T) time.Time // compared as time before now; zero is unknown
	Is    map[string]func(*T) bool      // is:NAME
}

// Field is one field of rows, of one kind.
type Field[T any] struct {
	Name  string
	Text  func(*T) string
	Each  func(*T, func(string) bool) bool // as Text, of several texts: see Schema.Name
	Size  func(*T) int64
	Count func(*T) int64
	Age   func(*T) time.Time
}

// Add adds a field, unless it has no name.
func (s *Schema[T]) Add(f Field[T]) {
	switch {
	case f.Name == "":
	case f.Text != nil:
		put(&s.Text, f.Name, func(v *T, yield func(string) bool) bool { return yield(f.Text(v)) })
	case f.Each != nil:
		put(&s.Text, f.Name, f.Each)
	case f.Size != nil:
		put(&s.Size, f.Name, f.Size)
	case f.Count != nil:
		put(&s.Count, f.Name, f.Count)
	case f.Age != nil:
		put(&s.Age, f.Name, f.Age)
	}
}

func put[V any](to *map[string]V, name string, v V) {
	if *to == nil {
		*to = map[string]V{}
	}
	(*to)[name] = v
}

// Compile turns text into a predicate. now is what ages are counted from. The
// empty query keeps every row and compiles to nil.
func Compile[T any](s string, schema *Schema[T], now time.Time) (Predicate[T], *Error) {
	alternatives, err := parse(s)
	if err != nil {
		return nil, err
	}
	var some []Predicate[T]
	for _, terms := range alternatives {
		var all []Predicate[T]
		for _, t := range terms {
			p, err := compileTerm(t, schema, now)
			if err != nil {
				return nil, err
			}
			all = append(all, p)
		}
		if len(all) > 0 {
			some = append(some, conjunction(all))
		}
	}
	return disjunction(some), nil
}

func conjunction[T any](all []Predicate[T]) Predicate[T] {
	if len(all) == 1 {
		return all[0]
	}
	return func(v *T) bool {
		for _, p := range all {
			if !p(v) {
				return false
			}
		}
		return true
	}
}

func disjunction[T any](some []Predicate[T]) Predicate[T] {
	if len(some) == 0 {
		return nil
	}
	if len(some) == 1 {
		return some[0]
	}
	return func(v *T) bool {
		for _, p := range some {
			if p(v) {
				return true
			}
		}
		return false
	}
}

func negate[T any](p Predicate[T], not bool) Predicate[T] {
	if !not {
		return p
	}
	return func(v *T) bool { return !p(v) }
}

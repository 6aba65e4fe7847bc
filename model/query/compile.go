package query

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/dustin/go-humanize"
)

func compileTerm[T any](t term, s *Schema[T], now time.Time) (Predicate[T], *Error) {
	p, err := compileField(t, s, now)
	if err != nil {
		return nil, err
	}
	return negate(p, t.not), nil
}

func compileField[T any](t term, s *Schema[T], now time.Time) (Predicate[T], *Error) {
	field := strings.ToLower(t.field)
	if field == "" {
		return textPredicate[T](s.Name, t), nil
	}
	if field == "is" {
		return compileIs(t, s)
	}
	if get, ok := s.Text[field]; ok {
		if t.op != ":" && t.op != "=" {
			return nil, errorAt(t.span.From, t.span.To, "%s is text: use %s:", field, field)
		}
		return textPredicate[T](get, t), nil
	}
	if get, ok := s.Size[field]; ok {
		return compileSize(t, get)
	}
	if get, ok := s.Count[field]; ok {
		return compileCount(t, get)
	}
	if get, ok := s.Age[field]; ok {
		return compileAge(t, get, now)
	}
	return nil, errorAt(t.span.From, t.span.To, "no field %q; there are %s", t.field, strings.Join(s.Fields(), ", "))
}

// Fields are the names that a query may use, sorted.
func (s *Schema[T]) Fields() []string {
	names := slices.Collect(maps.Keys(s.Text))
	names = slices.AppendSeq(names, maps.Keys(s.Size))
	names = slices.AppendSeq(names, maps.Keys(s.Count))
	names = slices.AppendSeq(names, maps.Keys(s.Age))
	if len(s.Is) > 0 {
		names = append(names, "is")
	}
	slices.Sort(names)
	return names
}

func compileIs[T any](t term, s *Schema[T]) (Predicate[T], *Error) {
	p, ok := s.Is[strings.ToLower(t.value)]
	if !ok {
		known := slices.Sorted(maps.Keys(s.Is))
		return nil, errorAt(t.span.From, t.span.To, "no is:%s; there are %s", t.value, strings.Join(known, ", "))
	}
	return p, nil
}

func compileSize[T any](t term, get func(*T) int64) (Predicate[T], *Error) {
	n, err := humanize.ParseBytes(t.value)
	if err != nil || n > 1<<62 {
		return nil, errorAt(t.span.From, t.span.To, "%q is not a size such as 100MB", t.value)
	}
	return numberPredicate(t.op, int64(n), get), nil
}

func compileCount[T any](t term, get func(*T) int64) (Predicate[T], *Error) {
	n, err := strconv.ParseInt(t.value, 10, 64)
	if err != nil || n < 0 {
		return nil, errorAt(t.span.From, t.span.To, "%q is not a number", t.value)
	}
	return numberPredicate(t.op, n, get), nil
}

// numberPredicate never keeps a row whose number is unknown (negative).
func numberPredicate[T any](op string, n int64, get func(*T) int64) Predicate[T] {
	holds := comparison(op)
	return func(v *T) bool {
		have := get(v)
		return have >= 0 && holds(have, n)
	}
}

func compileAge[T any](t term, get func(*T) time.Time, now time.Time) (Predicate[T], *Error) {
	age, ok := ParseAge(t.value)
	if !ok {
		return nil, errorAt(t.span.From, t.span.To, "%q is not an age such as 12h, 30d, 8w, 6mo or 1y", t.value)
	}
	if t.op == ":" || t.op == "=" {
		t.op = "<="
	}
	holds := comparison(t.op)
	return func(v *T) bool {
		then := get(v)
		return !then.IsZero() && holds(int64(now.Sub(then)), int64(age))
	}, nil
}

func comparison(op string) func(a, b int64) bool {
	switch op {
	case ">":
		return func(a, b int64) bool { return a > b }
	case ">=":
		return func(a, b int64) bool { return a >= b }
	case "<":
		return func(a, b int64) bool { return a < b }
	case "<=":
		return func(a, b int64) bool { return a <= b }
	}
	return func(a, b int64) bool { return a == b }
}

// ParseAge reads a whole number of seconds (s), minutes (m), hours (h), days
// (d), weeks (w), months of 30 days (mo) or years of 365 days (y).
func ParseAge(s string) (time.Duration, bool) {
	digits := strings.TrimRight(s, "abcdefghijklmnopqrstuvwxyz")
	const day = 24 * time.Hour
	unit, ok := map[string]time.Duration{
		"s": time.Second, "m": time.Minute, "h": time.Hour, "d": day, "w": 7 * day, "mo": 30 * day, "y": 365 * day,
	}[s[len(digits):]]
	n, err := strconv.ParseInt(digits, 10, 64)
	if err != nil || !ok || n < 0 || n > int64(200*365*day/unit) {
		return 0, false
	}
	return time.Duration(n) * unit, true
}

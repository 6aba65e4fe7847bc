package column

import (
	"cmp"
	"strconv"
	"time"

	"regatta/model/text"
)

// Size completes a column of bytes: aligned, sorted and filtered by their number.
// Negative is unknown.
func Size[T any](c Column[T], of func(*T) int64) Column[T] {
	c.Right, c.Value = true, func(row *T) string { return number(of(row)) }
	if c.Cell == nil {
		tone := c.Tone
		c.Cell = func(row *T, _ int) Cell {
			n := of(row)
			return known(n, tone, text.Bytes(n))
		}
	}
	if c.Sort.Name != "" && c.Sort.Compare == nil && c.Sort.By == 0 {
		c.Sort.Compare = func(a, b *T) int { return cmp.Compare(of(a), of(b)) }
	}
	c.Field.Size = of
	return c
}

// Count completes a column of numbers as Size does one of bytes.
func Count[T any](c Column[T], of func(*T) int) Column[T] {
	c.Right, c.Value = true, func(row *T) string { return number(int64(of(row))) }
	if c.Cell == nil {
		tone := c.Tone
		c.Cell = func(row *T, _ int) Cell {
			n := of(row)
			return known(int64(n), tone, text.Count(n))
		}
	}
	if c.Sort.Name != "" && c.Sort.Compare == nil && c.Sort.By == 0 {
		c.Sort.Compare = func(a, b *T) int { return cmp.Compare(of(a), of(b)) }
	}
	c.Field.Count = func(row *T) int64 { return int64(of(row)) }
	return c
}

// Age completes a column of times, drawn as how long ago they were.
func Age[T any](c Column[T], now func() time.Time, of func(*T) time.Time) Column[T] {
	c.Right = true
	if c.Value == nil {
		c.Value = func(row *T) string { return text.RFC3339(of(row)) }
	}
	tone := c.Tone
	c.Cell = func(row *T, _ int) Cell { return Cell{Tone: tone, Text: text.Age(of(row), now())} }
	c.Field.Age = of
	return c
}

func known(n int64, tone Tone, said string) Cell {
	if n < 0 {
		return Cell{Tone: Dim, Text: Unread}
	}
	return Cell{Tone: tone, Text: said}
}

func number(n int64) string {
	if n < 0 {
		return ""
	}
	return strconv.FormatInt(n, 10)
}

// Or is a text, and where there is none the mark for that.
func Or(tone Tone, said, mark string) Cell {
	if said == "" {
		return Cell{Tone: Dim, Text: mark}
	}
	return Cell{Tone: tone, Text: said}
}

// Names is the first of several names, and in a lower voice the others.
func Names(all []string) Cell {
	c := Cell{Tone: Strong, Text: all[0], TailTone: Dim}
	for _, name := range all[1:] {
		c.Tail += " " + name
	}
	return c
}

package cleanup

import (
	"testing"
	"time"

	"pgregory.net/rapid"
)

// An age that is shown to be edited is the age.
func TestAgesAreTypedAsTheyAreShown(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := time.Duration(rapid.IntRange(0, 100*365*24*3600).Draw(t, "seconds")) * time.Second
		if got, err := age(ageText(want)); err != nil || got != want {
			t.Fatalf("%v is shown as %q, which is %v, %v", want, ageText(want), got, err)
		}
	})
}

// Bars of an age never take more than their room, and what there is is seen.
func TestAgesFitTheirLine(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		kept, removed := rapid.IntRange(0, 9999).Draw(t, "kept"), rapid.IntRange(0, 9999).Draw(t, "removed")
		most := kept + removed + rapid.IntRange(0, 99999).Draw(t, "more")
		room := rapid.IntRange(2, 30).Draw(t, "room")
		gone, stays := split(kept, removed, most, room)
		if gone+stays > room || (gone > 0) != (removed > 0) || (stays > 0) != (kept > 0) {
			t.Fatalf("%d cells go and %d stay, of %d", gone, stays, room)
		}
	})
}

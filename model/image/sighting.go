package image

import (
	"time"

	"regatta/model/ref"
)

// Sighting says that a tag pointed to a digest from First to Last, as far as
// this machine has looked. A tag that moves away and comes back has two
// sightings of the same digest.
type Sighting struct {
	Tag    string
	Digest ref.Digest
	First  time.Time
	Last   time.Time
}

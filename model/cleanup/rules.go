// Package cleanup finds stale images: rules in, and for every image whether it
// is kept or removed, with the reason in a sentence. It is pure: the registry
// was read before, and model/plan makes of the answer what is then done. It may
// import the standard library and its siblings in model.
//
// An image is removed when it is of a kind that is asked for and meets every
// condition that is given. The kinds are alternatives: images whose tags match,
// untagged ones, orphans and broken indexes; where none is named, images with
// tags. The conditions are that it is beyond the last ones to keep, old enough,
// and not pulled for long enough. Whatever speaks for keeping an image wins.
//
// The last ones are counted over the images that a pattern matches, of each
// pattern on its own; untagged images and broken indexes are counted apart, and
// orphans not at all.
package cleanup

import (
	"time"

	"regatta/model/ref"
	"regatta/model/usage"
)

// Order is what the newest images are the newest by.
type Order uint8

// The orders.
const (
	ByPushed  Order = iota // when they were pushed, or made where that is not known
	ByVersion              // the versions that tags name
)

// Last is how many images are kept, of each pattern on its own.
type Last struct {
	Count int
	By    Order
}

// Exception is what somebody wants of one image whatever the rules say.
type Exception uint8

// The exceptions.
const (
	KeepIt   Exception = iota + 1
	RemoveIt           // unless it is protected, in use, excluded or on the keep list
)

// InUse says what runs, and where, by what it was started with.
type InUse struct {
	Digests map[ref.Digest]string
	Tags    map[string]string
}

// Running are the images that somebody runs, which no rule removes.
func Running(uses []usage.Use) InUse {
	out := InUse{Digests: map[ref.Digest]string{}, Tags: map[string]string{}}
	for _, u := range uses {
		if u.Image.Digest != "" {
			out.Digests[u.Image.Digest] = u.String()
		}
		if u.Image.Tag != "" {
			out.Tags[u.Image.Tag] = u.String()
		}
	}
	return out
}

// Rules say what to remove. The zero value removes nothing.
type Rules struct {
	Match    []string // patterns with * and ?; none matches every tag
	AnyTag   bool     // one tag that matches is enough; else all have to
	Untagged bool
	Orphans  bool // what accompanies an image that is not there
	Broken   bool // indexes of which a child is not there

	Last      *Last
	OlderThan time.Duration // 0 is any age
	NotPulled time.Duration // 0 is any time

	Exclude    []string // a tag that matches keeps its image
	Protected  []string // so does one of these, upper and lower case alike
	Keep       KeepList
	InUse      InUse
	Exceptions map[ref.Digest]Exception

	// Grace is for how long images are marked before they go; 0 is not at all.
	Grace time.Duration
}

// Empty reports whether the rules ask for nothing to be removed.
func (r Rules) Empty() bool {
	return len(r.Match) == 0 && !r.Untagged && !r.Orphans && !r.Broken && r.Last == nil &&
		r.OlderThan == 0 && r.NotPulled == 0
}

// tagged tells whether images with tags are asked for.
func (r Rules) tagged() bool {
	return !r.Empty() && (len(r.Match) > 0 || !r.Untagged && !r.Orphans && !r.Broken)
}

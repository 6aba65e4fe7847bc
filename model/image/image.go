package image

import (
	"time"

	"regatta/model/finding"
	"regatta/model/ref"
)

// State says how much of an image is known.
type State uint8

// The states of an image.
const (
	Unread State = iota // only what the listing said
	Cached              // from the store, not compared with the registry yet
	Read                // as the registry has it
	Failed              // reading failed, see Err
)

// PlatformImage is one platform of an image. Size is config plus layers in
// bytes. For an image that is not an index it is the image itself.
type PlatformImage struct {
	Platform

	Digest ref.Digest
	Size   int64
}

// Image is a logical image: one digest with all its tags, its platforms and
// what accompanies it folded in. The zero times mean unknown. Images are
// values: a change makes a new one.
type Image struct {
	Digest       ref.Digest
	Tags         []string // in listing order
	Kind         Kind
	MediaType    string
	ArtifactType string
	Size         int64 // bytes of the distinct configs and layers of all platforms
	Created      time.Time
	Pushed       time.Time
	Pulled       time.Time
	Platforms    []PlatformImage
	Subject      ref.Digest // what this is a referrer of
	Storage      Storage
	Archived     time.Time // when it was last put into the archive
	Restored     time.Time // when it was last brought back from there
	Attestations int       // BuildKit attestations inside the index
	Signatures   int
	SBOMs        int
	Findings     *finding.Counts // what a scan has found, nil if the listing did not tell
	State        State
	Err          error
}

// Time is when the image was pushed, or created where the registry does not
// tell.
func (i Image) Time() time.Time {
	if !i.Pushed.IsZero() {
		return i.Pushed
	}
	return i.Created
}

// Listed is the image with what only a listing tells: times, and where it is.
func (i Image) Listed(as Image) Image {
	i.Pushed, i.Pulled = as.Pushed, as.Pulled
	i.Storage, i.Archived, i.Restored = as.Storage, as.Archived, as.Restored
	return i
}

// Name is how to speak of the image: its first tag, else its short digest.
func (i Image) Name() string {
	if len(i.Tags) > 0 {
		return i.Tags[0]
	}
	return i.Digest.Short()
}

// Page is one page of a repository's images. Next is the cursor of the page
// after it, empty on the last one. Omitted is how many names it had that are no valid
// tags, and are not among the images.
type Page struct {
	Images  []Image
	Next    string
	Omitted int
}

// String is the state in a word.
func (s State) String() string { return [...]string{"unread", "cached", "read", "failed"}[s] }

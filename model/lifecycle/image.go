package lifecycle

import (
	"math"
	"slices"
	"time"

	"regatta/model/image"
	"regatta/model/ref"
)

// Image is what rules look at in an image. Times that are not known are zero.
type Image struct {
	Digest    ref.Digest
	Tags      []string
	Size      int64 // bytes; negative where it is not known
	Class     StorageClass
	Pushed    time.Time
	Pulled    time.Time // the last time that is recorded
	Archived  time.Time // when it was last put into the archive
	Activated time.Time // when it was last restored from there
	Children  []ref.Digest
	Subject   ref.Digest // what it is a referrer of
}

// Of is an image that a registry holds as rules look at it, as far as its listing tells.
// What it lists, and what refers to what by a tag, is for whoever has read it to add.
func Of(found image.Image) Image {
	img := Image{
		Digest: found.Digest, Tags: slices.Clone(found.Tags), Size: found.Size, Class: Standard,
		Pushed: found.Time(), Pulled: found.Pulled, Archived: found.Archived, Activated: found.Restored,
		Subject: found.Subject,
	}
	if found.Storage == image.Archived { // what is on its way back is there before the next run
		img.Class = Archive
	}
	return img
}

// class is Standard where nothing is said.
func (i *Image) class() StorageClass {
	if i.Class == Archive {
		return Archive
	}
	return Standard
}

// instant is a time in nanoseconds since 1970, as near as they reach. Times
// that are not known are unknown.
type instant = int64

const (
	unknown  instant = math.MinInt64
	earliest instant = math.MinInt64 + 1
	latest   instant = math.MaxInt64 - 1
	newest   instant = math.MaxInt64
)

func instantOf(t time.Time) instant {
	const reach = math.MaxInt64/int64(time.Second) - 1
	switch s := t.Unix(); {
	case t.IsZero():
		return unknown
	case s > reach:
		return latest
	case s < -reach:
		return earliest
	}
	return t.UnixNano()
}

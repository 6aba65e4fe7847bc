package lifecycle

import (
	"math"
	"time"

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

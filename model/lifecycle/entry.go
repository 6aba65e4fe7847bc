package lifecycle

// The bases of time that rules go by, one a count type.
const (
	byCount = iota // what imageCountMoreThan sorts by
	byPush
	byPull
	byArchive
	bases
)

func (t CountType) basis() int {
	switch t {
	case ImageCountMoreThan:
		return byCount
	case SinceImagePulled:
		return byPull
	case SinceImageTransitioned:
		return byArchive
	case SinceImagePushed:
	}
	return byPush
}

// entry is an image as the engine sees it.
type entry struct {
	times    [bases]instant
	born     instant // before this it is not there: forecasts push images
	match    ruleSet // rules whose tagging requirements it meets
	archived bool
	gone     bool
	referrer bool
}

func (e *entry) there(now instant) bool { return !e.gone && e.born <= now }

func newEntry(img *Image, on Switches) entry {
	pushed, pulled, activated := instantOf(img.Pushed), instantOf(img.Pulled), instantOf(img.Activated)
	e := entry{born: earliest, archived: img.class() == Archive, referrer: img.Subject != ""}
	restored := pushed
	if activated != unknown {
		restored = activated
	}
	e.times = [bases]instant{byCount: restored, byPush: restored, byPull: pulled, byArchive: instantOf(img.Archived)}
	if on[RestoredAge] {
		e.times[byPush] = pushed
	}
	if pulled == unknown || activated > pulled {
		e.times[byPull] = restored
	}
	e.guess(on)
	return e
}

// guess puts something in the place of times that are not known.
func (e *entry) guess(on Switches) {
	for basis := range e.times {
		switch {
		case e.times[basis] != unknown:
		case on[NoTime]:
			e.times[basis] = earliest
		default:
			e.times[basis] = newest
		}
	}
}

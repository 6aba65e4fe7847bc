package rollback

import "time"

// Certainty says how sure an entry is.
func (e Entry) Certainty() string {
	switch e.Source {
	case Journal:
		switch {
		case e.Began && (e.Ended || e.Until.IsZero()):
			return "certain"
		case e.Began:
			return "certain when it began"
		}
		return "certain when it ended"
	case Deployed:
		return "what ran; the tag may have moved between deployments"
	case Seen:
		return "at least so long: it was seen then"
	case Pinned:
		return "runs now; since when is not known"
	}
	return "not known"
}

// Lasted is for how long the tag pointed to it, as far as known; zero if that is
// not.
func (e Entry) Lasted(now time.Time) time.Duration {
	until := e.Until
	if until.IsZero() {
		until = now
	}
	if e.Since.IsZero() {
		return 0
	}
	return max(0, until.Sub(e.Since))
}

// When is since when and until when, in UTC and to the minute: a dot for what is
// not known, "at least" is for Certainty to say.
func (e Entry) When() (since, until string) {
	const minute = "2006-01-02 15:04"
	since, until = "·", "·"
	if !e.Since.IsZero() {
		since = e.Since.UTC().Format(minute)
	}
	switch {
	case !e.Until.IsZero():
		until = e.Until.UTC().Format(minute)
	case !e.Since.IsZero():
		until = "now"
	}
	return since, until
}

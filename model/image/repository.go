package image

import "time"

// Repository is a row of the repository list. Counts of -1, a negative size and
// the zero time mean unknown; More says that the count is a lower bound.
type Repository struct {
	Name     string
	Tags     int
	More     bool
	Images   int
	Size     int64 // bytes of the distinct configs and layers of the images read
	Stored   Stored
	LastPush time.Time
	Pinned   bool
	State    State
	Err      error
}

// NewRepository is a repository of which only the name is known.
func NewRepository(name string) Repository {
	return Repository{Name: name, Tags: -1, Images: -1, Size: -1}
}

// RepositoryPage is one page of a registry's catalog. Next is the cursor of the
// page after it, empty on the last one. Omitted is how many names it had that are
// no valid repositories.
type RepositoryPage struct {
	Repositories []Repository
	Next         string
	Omitted      int
}

package store

import "time"

// Status says where an image is stored, and whether it can be pulled (API
// reference, ImageDetail).
type Status string

// The statuses of an image.
const (
	Active     Status = "ACTIVE"
	Archived   Status = "ARCHIVED"
	Activating Status = "ACTIVATING" // being restored
)

// Archive is when an image last went to the archive and came back. The zero
// value is an image that never went.
type Archive struct {
	ArchivedAt  time.Time
	ActivatedAt time.Time // may lie ahead: then it is on its way back
}

// Status is the status at an instant.
func (a Archive) Status(now time.Time) Status {
	switch {
	case a.ArchivedAt.IsZero():
		return Active
	case a.ActivatedAt.Before(a.ArchivedAt):
		return Archived
	case now.Before(a.ActivatedAt):
		return Activating
	}
	return Active
}

// ended is an archival that ends at an instant, if it has not.
func (a Archive) ended(at time.Time) Archive {
	if a.Status(at) != Active {
		a.ActivatedAt = at
	}
	return a
}

// SetArchived moves an image to the archive.
func (r *Repository) SetArchived(digest string, at time.Time) bool {
	return r.change(digest, func(m *Manifest) { m.Archive = Archive{ArchivedAt: at} })
}

// Restore begins to bring an image back from the archive. Ready is when it can
// be pulled.
func (r *Repository) Restore(digest string, ready time.Time) bool {
	return r.change(digest, func(m *Manifest) { m.Archive.ActivatedAt = ready })
}

func (r *Repository) change(digest string, do func(*Manifest)) bool {
	r.mu.Lock()
	defer r.mu.Unlock()
	m, ok := r.manifests[digest]
	if ok {
		do(m)
	}
	return ok
}

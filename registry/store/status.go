package store

import "context"

// Status says how a store is doing. Working means that what it learns outlives
// the program. Reason is one sentence for the user, empty when all is well.
// Items and Bytes count the content, Sightings the rows of tag history.
type Status struct {
	Path      string
	Working   bool
	Reason    string
	Items     int
	Bytes     int64
	Sightings int
}

// Health is Working and Reason of Status, without a look at the file: it may be
// asked for every frame.
func (s *Store) Health() (working bool, reason string) {
	s.mu.RLock()
	defer s.mu.RUnlock()
	reason = s.reason
	if reason == "" {
		reason = s.note
	}
	return s.db != nil && s.reason == "", reason
}

// Status reads the store's state as it is written; what is still on its way
// (see Flush) is not counted.
func (s *Store) Status() Status {
	st := Status{Path: s.path}
	st.Working, st.Reason = s.Health()
	s.mu.RLock()
	db := s.db
	s.mu.RUnlock()
	if db == nil {
		return st
	}
	ctx := context.Background()
	err := db.read.QueryRowContext(ctx, `SELECT items, bytes, sightings FROM total`).
		Scan(&st.Items, &st.Bytes, &st.Sightings)
	if err != nil && fatal(err) {
		s.degrade(ctx, db, err)
		st.Working, st.Reason = s.Health()
	}
	return st
}

func (s *Store) remark(note string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note = note
}

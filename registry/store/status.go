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

// Status reads the store's state as it is written; what is still on its way
// (see Flush) is not counted.
func (s *Store) Status() Status {
	s.mu.RLock()
	st := Status{Path: s.path, Working: s.db != nil && s.reason == "", Reason: s.reason}
	if st.Reason == "" {
		st.Reason = s.note
	}
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
		return s.withReason(st)
	}
	return st
}

func (s *Store) withReason(st Status) Status {
	s.mu.RLock()
	defer s.mu.RUnlock()
	st.Working, st.Reason = s.reason == "" && s.db != nil, s.reason
	return st
}

func (s *Store) remark(note string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.note = note
}

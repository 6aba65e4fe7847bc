package cmd

import (
	"regatta/registry/local"
	"regatta/registry/survey"
)

// place is a place on this machine, always the same one for the same name.
func (s *session) place(name string) (local.Place, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p, ok := s.places[name]; ok {
		return p, nil
	}
	p, err := local.Open(name, local.Options{Engine: s.env("DOCKER_HOST")})
	if err != nil {
		return nil, err
	}
	s.places[name] = p
	s.onClose(p.Close)
	return p, nil
}

// keeper is what undo takes saved content from.
func (s *session) keeper() survey.Keeper { return survey.Keeper{Saved: s.journal(), Place: s.place} }

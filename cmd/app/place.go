package app

import (
	"regatta/registry/local"
	"regatta/registry/survey"
)

// Place is a place on this machine, always the same one for the same name.
func (s *App) Place(name string) (local.Place, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if p, ok := s.places[name]; ok {
		return p, nil
	}
	p, err := local.Open(name, local.Options{Engine: s.Env("DOCKER_HOST")})
	if err != nil {
		return nil, err
	}
	s.places[name] = p
	s.onClose(p.Close)
	return p, nil
}

// Keeper is what undo takes saved content from.
func (s *App) Keeper() survey.Keeper { return survey.Keeper{Saved: s.Journal(), Place: s.Place} }

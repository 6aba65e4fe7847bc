package cmd

import (
	"regatta/model/image"
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

// platformFlag reads OS/ARCH[/VARIANT]; nil is all of them.
func platformFlag(given string) (*image.Platform, error) {
	if given == "" {
		return nil, nil //nolint:nilnil // no platform is what the user asked for
	}
	p, ok := image.ParsePlatform(given)
	if !ok {
		return nil, usagef("%q is no platform; want OS/ARCH or OS/ARCH/VARIANT, as in linux/arm64", given)
	}
	return &p, nil
}

// keeper is what undo takes saved content from.
func (s *session) keeper() survey.Keeper { return survey.Keeper{Saved: s.journal(), Place: s.place} }

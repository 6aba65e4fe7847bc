package app

import (
	"regatta/cmd/config"
	"regatta/model/fault"
	"regatta/model/supply"
	"regatta/registry/plain"
)

// KeysFor are the public keys of the config that stand for a repository.
func (s *App) KeysFor(host, repository string) ([]supply.Key, error) {
	var out []supply.Key
	for _, t := range s.RegistryOf(host).Trust {
		if !t.Covers(repository) {
			continue
		}
		k, err := ReadKey(t)
		if err != nil {
			return nil, err
		}
		out = append(out, k)
	}
	return out, nil
}

// mostKey is far more than a public key takes.
const mostKey = 1 << 20

// ReadKey reads a public key of the config.
func ReadKey(t config.Trust) (supply.Key, error) {
	raw, err := []byte(t.Key), error(nil)
	if !t.Inline() {
		raw, err = plain.Read(t.Key, mostKey)
	}
	var k supply.Key
	if err == nil {
		k, err = supply.ParseKey(t.Name, raw)
	}
	if err != nil {
		return k, &fault.Error{
			Op: "read the public key", Object: t.Name, Kind: fault.Invalid, Err: err,
			Advice: "a key is a file with a public key as PEM, such as cosign.pub",
		}
	}
	return k, nil
}

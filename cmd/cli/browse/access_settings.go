package browse

import (
	"regatta/cmd/cli/output/null"

	"regatta/cmd/cli/output"
	"regatta/model/setting"
)

type settingsJSON struct {
	Created       *string       `json:"created"`
	ImmutableTags bool          `json:"immutableTags"`
	ExceptTags    []string      `json:"exceptTags"`
	ScanOnPush    bool          `json:"scanOnPush"`
	Encryption    *string       `json:"encryption"`
	EncryptionKey *string       `json:"encryptionKey"`
	Replicas      []placeJSON   `json:"replicas"`
	Upstream      *upstreamJSON `json:"upstream"`

	fields []setting.Field // for people
}

type placeJSON struct {
	Region  string `json:"region"`
	Account string `json:"account"`
}

type upstreamJSON struct {
	Prefix string `json:"prefix"`
	Host   string `json:"host"`
}

func settingsDoc(s setting.Repository, home string) *settingsJSON {
	doc := &settingsJSON{
		Created: null.Time(s.Created), ImmutableTags: s.Mutability.Immutable, ExceptTags: output.List(s.Mutability.Except),
		ScanOnPush: s.ScanOnPush, Encryption: null.Of(s.Encryption.Type), EncryptionKey: null.Of(s.Encryption.Key),
		Replicas: []placeJSON{}, fields: s.Fields(home),
	}
	for _, p := range s.Replicas {
		doc.Replicas = append(doc.Replicas, placeJSON(p))
	}
	if u := s.Upstream; u != nil {
		doc.Upstream = &upstreamJSON{u.Prefix, u.Host}
	}
	return doc
}

func (doc *settingsJSON) write(s *output.Sheet) {
	s.Section("SETTINGS")
	for _, f := range doc.fields {
		s.Field(f.Name, f.Value)
	}
}

package local

import (
	"encoding/json"
	"path/filepath"
	"sync"

	"regatta/model/fault"
	"regatta/model/image"
	"regatta/model/ref"
)

// wireIndex is index.json. What this program does not know of an entry is kept.
type wireIndex struct {
	SchemaVersion int               `json:"schemaVersion"`
	MediaType     string            `json:"mediaType,omitempty"`
	Manifests     []json.RawMessage `json:"manifests"`
	Annotations   json.RawMessage   `json:"annotations,omitempty"`
}

// writing is held while what makes a directory a layout is written: an entry is
// added to what is there.
var writing sync.Mutex //nolint:gochecknoglobals // two places may be one directory

func (l *layout) indexPath() string { return filepath.Join(l.dir, "index.json") }

func (l *layout) index() (wireIndex, error) {
	w := wireIndex{SchemaVersion: 2, MediaType: image.MediaTypeOCIIndex}
	raw, err := readLimited(l.indexPath())
	if err != nil {
		return w, l.failed("read", err)
	}
	if err := json.Unmarshal(raw, &w); err != nil {
		return w, failure("read", l.indexPath(), fault.Corrupt, "it is no index")
	}
	return w, nil
}

// entries are the images that the layout names.
func (l *layout) entries() ([]image.Descriptor, error) {
	w, err := l.index()
	if err != nil {
		return nil, err
	}
	raw, err := json.Marshal(w)
	if err != nil {
		return nil, l.failed("read", err)
	}
	m, err := image.ParseManifest(image.MediaTypeOCIIndex, raw)
	return m.Children, err
}

func listed(entries []image.Descriptor, what ref.Reference) bool {
	for _, e := range entries {
		if e.Digest == what.Digest && (what.Tag == "" || e.Annotations[image.RefNameAnnotation] == what.Tag) {
			return true
		}
	}
	return false
}

func (l *layout) putManifest(m image.Manifest) error {
	path := l.path(m.Digest)
	if err := makeDir(filepath.Dir(path)); err != nil {
		return err
	}
	l.note(m.Digest)
	return writeWhole(path, m.Raw)
}

// list names the image in index.json. A name that another image had goes over.
func (l *layout) list(m image.Manifest, what ref.Reference) error {
	writing.Lock()
	defer writing.Unlock()
	w, err := l.index()
	if err != nil && !fault.Is(err, fault.NotFound) {
		return err
	}
	entry := image.Descriptor{
		MediaType: m.MediaType, ArtifactType: m.ArtifactType, Digest: m.Digest, Size: int64(len(m.Raw)),
	}
	if what.Tag != "" {
		entry.Annotations = map[string]string{image.RefNameAnnotation: what.Tag}
	}
	kept := []json.RawMessage{}
	for _, raw := range w.Manifests {
		var d image.Descriptor
		if json.Unmarshal(raw, &d) == nil {
			name := d.Annotations[image.RefNameAnnotation]
			if name == what.Tag && (name != "" || d.Digest == m.Digest) {
				continue
			}
		}
		kept = append(kept, raw)
	}
	raw, err := json.Marshal(entry)
	if err != nil {
		return err
	}
	w.Manifests = append(kept, raw)
	if raw, err = json.MarshalIndent(w, "", "  "); err != nil {
		return err
	}
	return writeWhole(l.indexPath(), raw)
}

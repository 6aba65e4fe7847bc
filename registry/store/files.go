package store

import (
	"context"
	"slices"

	"regatta/model/ref"
)

// filesKey is what the list of a layer's files is kept under. It is no digest of
// what is kept: that carries a checksum of its own.
func filesKey(layer ref.Digest) ref.Digest { return "files:" + layer }

// Files is what PutFiles was given for a layer. The caller must not change raw.
func (s *Store) Files(ctx context.Context, layer ref.Digest) (raw []byte, ok bool) {
	if s.database() == nil {
		return nil, false
	}
	key := filesKey(layer)
	_, raw, ok = s.recent(key)
	if !ok {
		_, raw, ok = s.stored(ctx, key)
	}
	if ok {
		s.queue.touch(key, s.clock.use())
	}
	return raw, ok
}

// PutFiles keeps the list of a layer's files without waiting, as PutContent does.
// The caller must not change raw afterwards.
func (s *Store) PutFiles(layer ref.Digest, raw []byte) {
	if len(raw) > maxItem || int64(len(raw)) > s.limit || s.database() == nil {
		return
	}
	s.queue.put(filesKey(layer), content{media: "files", raw: slices.Clip(raw), used: s.clock.use()})
}

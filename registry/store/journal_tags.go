package store

import (
	"bytes"
	"compress/gzip"
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"io"

	"regatta/model/ref"
)

// maxTags is what the tags of a repository may take when they are read back, in bytes.
const maxTags = 256 << 20

// KeepTags writes down what the tags of a repository pointed to before a run removed
// anything: what vanishes with it shows also once the program was ended meanwhile. What
// was written down before stays.
func (j *Journal) KeepTags(ctx context.Context, run, repo string, tags map[string]ref.Digest) error {
	var raw bytes.Buffer
	z := gzip.NewWriter(&raw)
	if err := errors.Join(json.NewEncoder(z).Encode(tags), z.Close()); err != nil {
		return j.unrecorded(err)
	}
	return j.record(ctx, func(ctx context.Context, s scribe) error {
		_, err := s.exec(ctx,
			`INSERT OR IGNORE INTO tags_before (run, repository, tags) VALUES (?, ?, ?)`, run, repo, raw.Bytes())
		return err
	})
}

// KeptTags are the tags that KeepTags wrote down, by repository.
func (j *Journal) KeptTags(ctx context.Context, run string) (map[string]map[string]ref.Digest, error) {
	out := map[string]map[string]ref.Digest{}
	err := each(ctx, j.db.read, `SELECT repository, tags FROM tags_before WHERE run = ?`, run, func(rows *sql.Rows) error {
		var repo string
		var raw []byte
		if err := rows.Scan(&repo, &raw); err != nil {
			return err
		}
		z, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			return err
		}
		tags := map[string]ref.Digest{}
		err = json.NewDecoder(io.LimitReader(z, maxTags)).Decode(&tags)
		out[repo] = tags
		return err
	})
	return out, err
}

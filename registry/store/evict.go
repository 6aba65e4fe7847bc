package store

import (
	"context"
	"database/sql"
)

// evict removes the content used longest ago until the rest fits.
func evict(ctx context.Context, tx *sql.Tx, limit int64) error {
	var bytes int64
	if err := tx.QueryRowContext(ctx, `SELECT bytes FROM total`).Scan(&bytes); err != nil {
		return err
	}
	if bytes <= limit {
		return nil
	}
	doomed, err := oldest(ctx, tx, bytes-limit)
	if err != nil {
		return err
	}
	for _, id := range doomed {
		if _, err := tx.ExecContext(ctx, `DELETE FROM content WHERE id = ?`, id); err != nil {
			return err
		}
	}
	return nil
}

func oldest(ctx context.Context, tx *sql.Tx, excess int64) ([]int64, error) {
	rows, err := tx.QueryContext(ctx, `SELECT id, size FROM content ORDER BY used, size`)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }() // it only ends the reading
	var ids []int64
	for excess > 0 && rows.Next() {
		var id, size int64
		if err := rows.Scan(&id, &size); err != nil {
			return nil, err
		}
		ids = append(ids, id)
		excess -= size
	}
	return ids, rows.Err()
}

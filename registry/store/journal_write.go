package store

import (
	"context"
	"database/sql"
	"time"
)

// record is something to write down, and who waits for it to be on the disk.
type record struct {
	do   func(ctx context.Context, s scribe) error
	done chan error
}

// together is how many records one transaction takes: steps that run side by
// side share a wait for the disk.
const together = 128

// record writes do down and returns when it is on the disk.
func (j *Journal) record(ctx context.Context, do func(context.Context, scribe) error) error {
	if j.cause != nil {
		return j.unrecorded(j.cause)
	}
	r := record{do: do, done: make(chan error, 1)}
	select {
	case j.records <- r:
		return j.unrecorded(<-r.done) // once begun, it is known how it ends
	case <-j.done:
		return j.unrecorded(sql.ErrConnDone)
	case <-ctx.Done():
		return j.unrecorded(ctx.Err())
	}
}

// write is the only writer.
func (j *Journal) write(ctx context.Context) {
	defer close(j.done)
	for {
		select {
		case r := <-j.records:
			j.commit(ctx, j.gather(r))
		case <-j.quit:
			if j.db != nil {
				_ = closeAll(j.compiled) // closing the database does it too
				j.db.close()
			}
			return
		}
	}
}

// company is how long a record waits for others, while there are some: in a run
// of many steps it pays to share a wait for the disk with more of them.
const company = 2 * time.Millisecond

// gather takes along what waits already, and in a crowd what comes soon.
func (j *Journal) gather(first record) []record {
	batch := []record{first}
	var late <-chan time.Time
	if j.crowd {
		late = time.After(company)
	}
	for len(batch) < together {
		select {
		case r := <-j.records:
			batch = append(batch, r)
			continue
		default:
		}
		if late == nil {
			j.crowd = len(batch) > 1
			return batch
		}
		select {
		case r := <-j.records:
			batch = append(batch, r)
		case <-late:
			late = nil
		}
	}
	j.crowd = true
	return batch
}

// commit writes a batch, or each record by itself where one of them fails.
func (j *Journal) commit(ctx context.Context, batch []record) {
	err := j.transact(ctx, batch)
	if err == nil || len(batch) == 1 {
		for _, r := range batch {
			r.done <- err
		}
		return
	}
	for _, r := range batch {
		r.done <- j.transact(ctx, []record{r})
	}
}

func (j *Journal) transact(ctx context.Context, batch []record) error {
	tx, err := j.db.write.BeginTx(ctx, nil)
	for n := 1; n < patience && busy(err); n++ {
		tx, err = j.db.write.BeginTx(ctx, nil)
	}
	if err != nil {
		return err
	}
	defer rollback(tx)
	for _, r := range batch {
		if err := r.do(ctx, scribe{tx, j.compiled}); err != nil {
			return err
		}
	}
	return tx.Commit()
}

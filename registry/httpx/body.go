package httpx

import (
	"context"
	"errors"
	"io"
	"net/http"
	"sync"
	"time"
)

var (
	errNoHeader = errors.New("the host did not answer in time")
	errStalled  = errors.New("the answer stopped coming")
)

// body is an answer's body that must keep moving, and come to an end: the clock
// runs only while a read waits, so a slow reader is not an error.
type body struct {
	inner  io.ReadCloser
	now    func() time.Time
	waited time.Duration
	ctx    context.Context //nolint:containedctx // the body's life is the request's
	cancel context.CancelCauseFunc
	idle   time.Duration
	timer  *time.Timer
	n      int64
	once   sync.Once
	end    func(n int64, err error)
}

// Read implements io.Reader.
func (b *body) Read(p []byte) (int, error) {
	begun := b.now()
	timer := b.limit()
	n, err := b.inner.Read(p)
	timer.Stop()
	b.waited += b.now().Sub(begun)
	b.n += int64(n)
	switch {
	case errors.Is(err, io.EOF):
		b.finish(nil)
	case err != nil:
		err = classify(causeOf(b.ctx, err))
		b.finish(err)
	}
	return n, err
}

// limit ends the answer if the next bytes take too long, or all of them have.
func (b *body) limit() *time.Timer {
	if left := allowed(b.n) - b.waited; left < b.idle {
		return time.AfterFunc(max(0, left), func() { b.cancel(ErrTooSlow) })
	}
	if b.timer == nil {
		b.timer = time.AfterFunc(b.idle, func() { b.cancel(errStalled) })
	} else {
		b.timer.Reset(b.idle)
	}
	return b.timer
}

// Close implements io.Closer.
func (b *body) Close() error {
	err := b.inner.Close()
	b.finish(nil)
	b.cancel(nil)
	return err
}

func (b *body) finish(err error) {
	b.once.Do(func() { b.end(b.n, err) })
}

// causeOf is why ctx ended, if that is what err comes from.
func causeOf(ctx context.Context, err error) error {
	if cause := context.Cause(ctx); cause != nil {
		return cause
	}
	return err
}

// upload is a request's body; each read puts the deadline for the answer off.
type upload struct {
	io.ReadCloser

	header *deadline
}

// Read implements io.Reader.
func (u *upload) Read(p []byte) (int, error) {
	n, err := u.ReadCloser.Read(p)
	u.header.extend()
	return n, err
}

func watchUpload(req *http.Request, header *deadline) {
	if req.Body != nil && req.Body != http.NoBody {
		req.Body = &upload{ReadCloser: req.Body, header: header}
	}
}

// deadline calls a function unless it is stopped in time.
type deadline struct {
	d     time.Duration
	timer *time.Timer

	mu      sync.Mutex
	stopped bool
}

func newDeadline(d time.Duration, f func()) *deadline {
	return &deadline{d: d, timer: time.AfterFunc(d, f)}
}

// extend starts the time again. An answer can come while the request is still
// being sent: once stopped it stays so.
func (d *deadline) extend() {
	d.mu.Lock()
	defer d.mu.Unlock()
	if !d.stopped {
		d.timer.Reset(d.d)
	}
}

func (d *deadline) stop() {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.stopped = true
	d.timer.Stop()
}

type patientKey struct{}

// Patient marks requests under ctx as ones that take the host long to answer,
// such as the end of a large upload, which some store a second time then.
func Patient(ctx context.Context) context.Context {
	return context.WithValue(ctx, patientKey{}, true)
}

// patience is how many times longer than usual a patient request waits.
const patience = 20

func (t *Transport) headerTimeout(ctx context.Context) time.Duration {
	if v, _ := ctx.Value(patientKey{}).(bool); v {
		return patience * t.o.HeaderTimeout
	}
	return t.o.HeaderTimeout
}

type streamKey struct{}

// Streaming marks requests under ctx as streams: their bodies stay open for
// long, perhaps while other requests to the same host are made, and so do not
// count as in flight once the answer has begun.
func Streaming(ctx context.Context) context.Context {
	return context.WithValue(ctx, streamKey{}, true)
}

func isStream(ctx context.Context) bool {
	v, _ := ctx.Value(streamKey{}).(bool)
	return v
}

package oci

import (
	"context"
	"time"
)

// pinned are the credentials that were got beforehand for what happens in one
// moment.
type pinned map[*Client]credential

type pinnedKey struct{ repo string }

// moments are given by transports that can promise requests without a wait:
// httpx.Transport.
type moments interface {
	Moment(ctx context.Context, host string, n int) (inner context.Context, end func(), err error)
}

// longMoment is how long the wait for a moment may take before the credentials
// are looked at again: less than a tenth of the shortest lives of tokens.
const longMoment = 5 * time.Second

// Ready waits for all that a change of repo would have to wait for: credentials,
// a place, the rate, the pause that the registry asks for. Under the context that
// it returns, n requests are made without a wait between them, and each once: an
// answer of 401, 429 or 503 comes back as an error, upon which the caller has to
// look again. End is to be called when they are made.
func (c *Client) Ready(ctx context.Context, repo string, n int) (inner context.Context, end func(), err error) {
	const tries = 3
	for try := 1; ; try++ {
		pins, err := c.pin(ctx, repo)
		if err != nil {
			return nil, nil, err
		}
		began := c.now()
		inner, end := ctx, func() {}
		if m, ok := c.o.Transport.(moments); ok {
			if inner, end, err = m.Moment(ctx, c.endpoint, n); err != nil {
				return nil, nil, failed(request{op: "change", object: c.name(repo)}, err)
			}
		}
		if c.now().Sub(began) < longMoment || try == tries {
			return context.WithValue(inner, pinnedKey{repo}, pins), end, nil
		}
		end()
	}
}

func (c *Client) now() time.Time {
	if c.o.Now == nil {
		return time.Time{}
	}
	return c.o.Now()
}

func (c *Client) pin(ctx context.Context, repo string) (pinned, error) {
	pins := pinned{}
	for _, one := range []*Client{c, c.writer()} {
		got, err := one.credential(ctx, repo)
		if err != nil {
			return nil, err
		}
		pins[one] = got
	}
	return pins, nil
}

// credentialAt is the credential for a request, and whether it is one that was
// got beforehand.
func (c *Client) credentialAt(ctx context.Context, repo string) (got credential, ready bool, err error) {
	if pins, ok := ctx.Value(pinnedKey{repo}).(pinned); ok {
		if got, ready = pins[c]; ready {
			return got, true, nil
		}
	}
	got, err = c.credential(ctx, repo)
	return got, false, err
}

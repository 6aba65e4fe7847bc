// Package usage asks what runs images: Amazon ECS, Kubernetes through the user's
// kubectl, AWS Lambda, and a file of references. It may import the model,
// registry/ecr and aws-sdk-go-v2; it knows no terminal.
package usage

import (
	"cmp"
	"context"
	"slices"
	"sync"
	"time"

	"regatta/model/fault"
	"regatta/model/text"
	"regatta/model/usage"
)

// Source is something that knows what runs images. What it could not find out is
// the answer's Err, beside what it did.
type Source interface {
	Ask(ctx context.Context) usage.Answer
}

// Ask asks all sources at once, each for no longer than patience. The answers
// come in the order of the sources. It returns an error only where ctx ends.
func Ask(ctx context.Context, sources []Source, patience time.Duration) (usage.Set, error) {
	limited, cancel := context.WithTimeout(ctx, patience)
	defer cancel()
	answers := make([]usage.Answer, len(sources))
	var wg sync.WaitGroup
	for i, s := range sources {
		wg.Go(func() { answers[i] = s.Ask(limited) })
	}
	wg.Wait()
	if ctx.Err() != nil {
		return usage.Set{}, &fault.Error{
			Op: "ask", Object: "what runs the images", Kind: fault.KindOf(ctx.Err()), Err: context.Cause(ctx),
		}
	}
	return usage.Set{Answers: answers}, nil
}

// finds collects uses, and what went wrong, from several goroutines.
type finds struct {
	answer usage.Answer

	mu   sync.Mutex
	uses []usage.Use
	errs []error
}

// add notes a use of an image as it is written there. Names that are not those
// of an image cannot be of any registry, and are left out.
func (f *finds) add(u usage.Use, name, digest string) {
	r, ok := parse(name, digest)
	if !ok {
		return
	}
	u.Source, u.Scope, u.Image = f.answer.Source, f.answer.Scope, r
	u.Place = text.Clean(u.Place)
	f.mu.Lock()
	defer f.mu.Unlock()
	f.uses = append(f.uses, u)
}

func (f *finds) fail(err error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.errs = append(f.errs, err)
}

// done is the answer. Of many errors one is told, and their number: the first by name, as
// what is asked at a time fails in any order.
func (f *finds) done() usage.Answer {
	f.answer.Uses = usage.Merge(f.uses)
	slices.SortFunc(f.errs, func(a, b error) int { return cmp.Compare(a.Error(), b.Error()) })
	switch n := len(f.errs) - 1; {
	case n == 0:
		f.answer.Err = f.errs[0]
	case n > 0:
		f.answer.Err = &moreError{f.errs[0], n}
	}
	return f.answer
}

// moreError is one of several errors.
type moreError struct {
	error

	more int
}

// Error implements error.
func (e *moreError) Error() string {
	return e.error.Error() + ", and " + text.Plural(e.more, "more failure", "more failures")
}

// Unwrap returns the error that is told.
func (e *moreError) Unwrap() error { return e.error }

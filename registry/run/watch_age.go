package run

import (
	"context"
	"fmt"
	"time"

	"regatta/model/fault"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/text"
	"regatta/registry/ability"
	"regatta/registry/httpx"
)

// mostTooSlow is how many lists, one after the other, may be too old when they are there
// before no other is made in a moment, and as often a step is tried.
const mostTooSlow = 3

// freshen sees to it in a moment, in which nobody else is waited for who may have to wait
// himself, that a step is not decided by a list that is too old: it is an error of kind
// Stale where there is no other, unless the step allows that or the registry tells the
// tags of the image by itself.
func (w *watch) freshen(now context.Context, s plan.Step) error {
	age, err := w.renew(now, s.Reference.Repository)
	if err != nil || age <= listAge || s.Unchecked || w.tells() != nil {
		return err
	}
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.of(s.Reference.Repository).tooOld(s)
}

// renew makes a list where the newest is too old, and returns how old it is then. One that
// was joined while somebody else made it may be, when it is there.
func (w *watch) renew(now context.Context, repo string) (time.Duration, error) {
	for range 2 {
		w.mu.Lock()
		at := w.of(repo)
		old, slow := at.old(w.now()), at.tooSlow >= mostTooSlow
		w.mu.Unlock()
		if !old || slow {
			break
		}
		if err := w.read(now, repo, atOnce); err != nil {
			return 0, err
		}
	}
	return w.age(repo), nil
}

// hopeless reports whether no list of a repository is made any more in a moment.
func (w *watch) hopeless(repo string) bool {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.of(repo).tooSlow >= mostTooSlow
}

// age is how old the newest list of a repository is.
func (w *watch) age(repo string) time.Duration {
	w.mu.Lock()
	defer w.mu.Unlock()
	return w.now().Sub(w.of(repo).at)
}

// count notes whether a list that was made in a moment was too old when it was there.
func (w *watched) count(s scope, took time.Duration) {
	switch {
	case took <= listAge:
		w.tooSlow = 0
	case s == atOnce:
		w.tooSlow, w.took = w.tooSlow+1, took
	}
}

// tooOld says that the tags take too long to list.
func (w *watched) tooOld(s plan.Step) error {
	tags := text.Plural(w.listed(), "tag", "tags")
	return tooOld(s, fmt.Sprintf("its tags take %s to list (%s)", text.Took(w.took), tags))
}

func tooOld(s plan.Step, why string) error {
	return &fault.Error{
		Op: string(s.Kind), Object: s.Reference.String(), Kind: fault.Stale,
		Detail: why + ", and what goes is decided by what is known for " + text.Took(listAge) +
			" at most: a new plan can allow more",
	}
}

// tells is the registry, where it tells the tags of an image.
func (w *watch) tells() ability.Tags { return w.reg.Abilities().Tags }

// tagsOf are the tags of an image as the registry tells them: an answer that took longer
// than a list may be old is one of before.
func (w *watch) tagsOf(ctx context.Context, s plan.Step, d ref.Digest) ([]string, error) {
	began := w.now()
	tags, err := w.tells().TagsOf(ctx, s.Reference.Repository, d)
	if took := w.now().Sub(began); err == nil && took > listAge {
		return nil, tooOld(s, "the answer that tells its tags took "+text.Took(took))
	}
	return tags, err
}

// decides has a step go by the newest list: one that is too old by now only where the step
// allows that, which is noted.
func (w *watch) decides(s plan.Step) error {
	w.mu.Lock()
	defer w.mu.Unlock()
	at := w.of(s.Reference.Repository)
	switch age := w.now().Sub(at.at); {
	case age <= listAge:
	case !s.Unchecked:
		return at.tooOld(s)
	case age > at.oldest:
		at.oldest, at.most = age, at.listed()
	}
	return nil
}

// listed counts the tags of the newest list.
func (w *watched) listed() int {
	n := 0
	for _, t := range w.tags {
		if t.listed {
			n++
		}
	}
	return n
}

// mayAsk ends a list that is made in a moment once the run is cancelled or paused: what is
// made beside waits for that by itself.
func (w *watch) mayAsk(ctx context.Context) error {
	if err := ctx.Err(); err != nil || w.goes == nil || !httpx.InMoment(ctx) {
		return err
	}
	select {
	case <-w.goes():
		return nil
	default:
		return errHeld
	}
}

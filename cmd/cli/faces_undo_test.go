package cli

import (
	"testing"
	"time"

	"regatta/cmd/cli/demo"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/registry/sandbox"
	"regatta/registry/store"
)

// TestFacesAgreeOnUndo is TestFacesAgreeOnChanges for what takes runs back, or goes on with them.
func TestFacesAgreeOnUndo(t *testing.T) {
	t.Parallel()
	agree(t, undoing())
}

// undoing are the journeys that take a run back, or go on with one.
func undoing() map[string]*journey {
	last, ofJournal, goOn := press("z"), press("J", "u"), press("J", "o")
	return map[string]*journey{
		"nothing":   {verb: "undo", keys: last},
		"an untag":  {before: did("untag AT:v3.2.0-rc.1"), verb: "undo", keys: last},
		"a delete":  {before: did("delete AT:v3.1.2 --with-tags"), verb: "undo RUN", keys: ofJournal},
		"a retag":   {before: did("retag AT:v3.1.2 prod"), verb: "undo", keys: last},
		"a new tag": {before: did("retag AT:v3.1.2 canary"), verb: "undo RUN", keys: ofJournal},
		"a copy":    {before: did("copy AT:v3.1.2 " + far + "/shop/copy:v1"), verb: "undo", keys: last},
		"an archive": {
			at: demo.Account, before: did("archive AT:v3.1.2"), verb: "undo", keys: last,
		},
		"a pull":     {before: did("pull AT:v3.1.2 --to DIR/layout"), verb: "undo", keys: last},
		"a rollback": {before: did("rollback AT:prod --to v3.1.2"), verb: "undo", keys: last},
		"a rollback with its deployments": {
			at: demo.Account, before: did("rollback AT:prod --to v3.1.2 --deploy"), verb: "undo", keys: last,
		},
		"a new tag that runs": {
			at: demo.Account, before: did("rollback AT:prod --to v3.1.2 --keep= "), verb: "undo", keys: last,
		},
		"a tag that moved since": {before: did("retag AT:v3.1.2 canary"), now: func(w *world) {
			other, _ := w.reg.Resolve("shop/api", "v3.1.1")
			w.reg.Tag("shop/api", "canary", other, sandbox.Epoch())
		}, verb: "undo", keys: last, hidden: "nothing of it can be brought back"},
		"what cannot come back": {before: func(w *world) {
			lose := losing(w, "v3.1.2")
			w.done("delete AT:v3.1.2 --with-tags")
			lose()
		}, verb: "undo", keys: last},
		"where nothing is deleted": {
			options: sandbox.Options{Quirks: sandbox.Quirks{NoDelete: true}},
			before:  did("retag AT:v3.1.2 canary"), verb: "undo", keys: last, hidden: "nothing of it can be brought back",
		},
		"what is undone already": {
			before: did("retag AT:v3.1.2 canary", "undo"),
			verb:   "undo FIRST", keys: press("J", "j", "u"), hidden: "has undone it already",
		},
		"what was interrupted before it began": {
			before: left("v3.0", journal.Interrupted), verb: "undo RUN", keys: ofJournal,
		},
		"going on":                 {before: left("v3.0", journal.Interrupted), verb: "apply --resume RUN", keys: goOn},
		"going on with what fails": {before: left("v3.0", journal.Failed), verb: "apply --resume RUN", keys: goOn},
		"going on with what runs":  {at: demo.Account, before: left("prod", journal.Interrupted), verb: "apply --resume RUN", beyond: "--in-use", keys: goOn},
		"going on where it moved": {before: left("v3.0", journal.Interrupted), now: func(w *world) {
			other, _ := w.reg.Resolve("shop/api", "v3.1.1")
			w.reg.Tag("shop/api", "v3.0", other, sandbox.Epoch())
		}, verb: "apply --resume RUN", keys: goOn},
		"going on with what is done": {before: did("retag AT:v3.1.2 canary"), verb: "apply --resume RUN", keys: goOn, hidden: "nothing of it is left to do"},
		"going on with what was undone": {
			before: func(w *world) {
				left("v3.0", journal.Failed)(w)
				w.done("undo RUN")
			}, verb: "apply --resume FIRST", keys: press("J", "j", "o"),
		},
	}
}

// press presses keys, and lets each settle.
func press(keys ...string) func(*stage) {
	return func(s *stage) {
		for _, k := range keys {
			s.Press(k).Advance(settle)
		}
	}
}

// did carries out commands.
func did(commands ...string) func(*world) {
	return func(w *world) {
		for _, c := range commands {
			w.done(c)
			time.Sleep(time.Second) // the bubble's: the journal lists runs by when they began
		}
	}
}

// left is an untag that a program before this one had asked for when it ended.
func left(tag string, how journal.State) func(*world) {
	return func(w *world) {
		digest, _ := w.reg.Resolve("shop/api", tag)
		at := ref.Reference{Host: or(w.journey.at, far), Repository: "shop/api", Tag: tag}
		p := plan.Plan{Registry: at.Host, Repository: at.Repository, CreatedAt: sandbox.Epoch(), Steps: []plan.Step{{
			Kind: plan.Untag, Digest: ref.Digest(digest), Expect: plan.Expect{Tag: tag, Digest: ref.Digest(digest)}, Reference: at,
		}}}
		other := store.OpenJournal(w.ctx, store.JournalOptions{Path: w.app.PathOfJournal(), Now: w.app.Now})
		id, err := other.Begin(w.ctx, journal.Run{Title: "untag " + tag, Plan: p})
		if err == nil && how.Ended() {
			if err = other.Settle(w.ctx, id, 0, plan.Failed, "denied"); err == nil {
				err = other.End(w.ctx, id, how)
			}
		}
		if err == nil {
			err = other.Close()
		}
		if err != nil {
			w.t.Fatal(err)
		}
	}
}

// losing is what lets the registry lose the configs of an image, whenever that is.
func losing(w *world, tag string) func() {
	b, err := w.app.Open(far)
	if err != nil {
		w.t.Fatal(err)
	}
	m, err := b.Manifest(w.ctx, "shop/api", tag)
	for err == nil && len(m.Children) > 0 {
		m, err = b.Manifest(w.ctx, "shop/api", string(m.Children[0].Digest))
	}
	if err != nil {
		w.t.Fatal(err)
	}
	return func() {
		if !w.reg.DropBlob("shop/api", string(m.Config.Digest)) {
			w.t.Fatal("nothing was lost")
		}
	}
}

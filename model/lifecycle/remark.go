package lifecycle

import (
	"fmt"

	"regatta/model/text"
)

// Remarks complete a reason where the plain sentence would leave a question.

// tie tells that the digest decided, where it did.
func (e *Evaluation) tie(i int, d decision) string {
	at := e.run.entries[i].times[byCount]
	if !e.run.tied[d.rule] || e.run.edge[d.rule] != at {
		return ""
	}
	return "; others have the same time, so the digest decides"
}

// future tells of clocks that disagree.
func (e *Evaluation) future(i, basis int) string {
	if e.run.entries[i].times[basis] <= e.run.at {
		return ""
	}
	return "; its time is in the future"
}

// timeless reports whether no time is known to go by.
func (e *Evaluation) timeless(i, basis int) bool { return e.run.entries[i].times[basis] == newest }

func (e *Evaluation) newestOf(s *Selection) string {
	if s.CountType != ImageCountMoreThan {
		return ""
	}
	return ": it passes for the newest of the " + text.Count(s.CountNumber) + " that stay"
}

// instead tells which time was used where it is not the plain one.
func (e *Evaluation) instead(i, basis int) string {
	img := &e.Images[i]
	restored := !img.Activated.IsZero()
	switch {
	case basis == byPush && restored && !e.run.on[RestoredAge]:
		return ", counted from when it was restored"
	case basis == byPull && restored && (img.Pulled.IsZero() || img.Activated.After(img.Pulled)):
		return ", counted from when it was restored, as it was not pulled since"
	case basis == byPull && img.Pulled.IsZero():
		return ", counted from its push, as it was never pulled"
	}
	return ""
}

// shielded names the rule that an earlier one keeps off.
func (e *Evaluation) shielded(d decision) string {
	if d.shield < 0 {
		return ""
	}
	return fmt.Sprintf("; rule %d would %s it and comes later", e.rule(d.shield).Priority, e.would(d.shield))
}

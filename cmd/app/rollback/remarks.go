package rollback

import (
	"regatta/cmd/app"
	"regatta/model/fault"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/model/text"
)

// Moved reports whether a run has left a tag where it was to.
func Moved(r plan.Result, tag ref.Reference) bool {
	for _, s := range r.Steps {
		if s.Kind == plan.Retag && s.Reference == tag.String() {
			return s.Outcome.Succeeded()
		}
	}
	return false
}

// Next is the candidate after the one that the tag went back to.
func Next(l *Case) (rollback.Candidate, bool) {
	after := false
	for _, one := range l.Candidates {
		switch {
		case one.Digest == l.Target.Digest:
			after = true
		case after && !one.Bad:
			return one, true
		}
	}
	return rollback.Candidate{}, false
}

// Level is how a remark of what was found is marked.
func Level(ok bool) string {
	if ok {
		return "ok"
	}
	return "failed"
}

// CheckRemarks are what was looked at before a rollback, and why it was made.
func CheckRemarks(all []*Case, note string) []journal.Remark {
	var out []journal.Remark
	if note != "" {
		out = append(out, journal.Remark{About: journal.Why, Text: text.Clean(note)})
	}
	for _, l := range all {
		for _, check := range l.Checks {
			said := l.Among(all) + check.Name + ": " + check.Text
			out = append(out, journal.Remark{About: journal.Checked, Level: string(check.Level), Text: text.Clean(said)})
		}
	}
	return out
}

// VerifiedRemarks are what was found after a rollback, for the record.
func VerifiedRemarks(l *Case, checks []rollback.Check) []journal.Remark {
	var out []journal.Remark
	for _, c := range checks {
		out = append(out, journal.Remark{
			About: journal.Verified, Level: string(c.Level),
			Text: text.Clean(l.Facts.Tag.Repository + ":" + l.Facts.Tag.Tag + " " + c.Name + ": " + c.Text),
		})
	}
	return out
}

// Barred is an error where a check forbids to go back.
func Barred(all []*Case) error {
	for _, l := range all {
		for _, b := range rollback.Blocked(l.Checks) {
			return app.Refusal(&fault.Error{
				Op: "roll back", Object: l.Facts.Tag.String(), Kind: fault.Invalid, Detail: b.Name + ": " + b.Text,
			})
		}
	}
	return nil
}

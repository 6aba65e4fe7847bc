package rollback

import (
	"context"
	"slices"

	"regatta/cmd/app"
	"regatta/model/deploy"
	"regatta/model/journal"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/model/text"
)

// Concluded is how a rollback ended, beyond its steps.
type Concluded struct {
	plan.Result

	Verified []ReadBack `json:"verified"`
	Rollouts []Rollout  `json:"rollouts"`
}

// ReadBack is a tag as it was read back: Text says why it is not OK, or what is not known.
type ReadBack struct {
	Reference string     `json:"reference"`
	Digest    ref.Digest `json:"digest"`
	OK        bool       `json:"ok"`
	Text      string     `json:"text"`

	remarks []journal.Remark
}

// Rollout is something that follows a tag, as it stood in the end.
type Rollout struct {
	deploy.State

	Name    string         `json:"name"`
	Verdict deploy.Verdict `json:"verdict"`
	Text    string         `json:"text"`
	Restart *string        `json:"restart"` // the command, where it is the user's to give
}

// ReadBack reads back what the tag points to, and whether all of it can be pulled.
func (l *Case) ReadBack(ctx context.Context) ReadBack {
	v := ReadBack{Reference: l.Facts.Tag.String(), Digest: l.Target.Digest, OK: true}
	found := l.Verify(ctx)
	v.remarks = VerifiedRemarks(l, found)
	for _, bad := range rollback.Blocked(found) {
		v.OK, v.Text = false, text.Clean(bad.Text)
		return v
	}
	said := " points to " + l.Target.Digest.Short() + ", all of which is there"
	if doubts := rollback.Doubts(found); len(doubts) > 0 {
		said = " points to " + l.Target.Digest.Short() + "; " + doubts[0].Text
	}
	v.Text = l.Facts.Tag.Tag + text.Clean(said)
	return v
}

// Rollout is what is told of it to others.
func (w Watched) Rollout() Rollout {
	out := Rollout{State: w.State, Name: w.Name, Verdict: w.Verdict, Text: text.Clean(w.Text)}
	if w.Restart != "" {
		out.Restart = &w.Restart
	}
	out.Deployments, out.Events, out.Tasks = listed(out.Deployments), listed(out.Events), listed(out.Tasks)
	return out
}

// listed is a list in JSON, also where nothing is in it.
func listed[T any](all []T) []T {
	if all == nil {
		return []T{}
	}
	return all
}

// Remember writes down what was found, also where whoever asked has gone.
func (c Concluded) Remember(ctx context.Context, s *app.App) error {
	var all []journal.Remark
	for _, v := range c.Verified {
		all = append(all, v.remarks...)
	}
	for _, r := range c.Rollouts {
		all = append(all, journal.Remark{
			About: journal.Rollout, Level: Level(r.Verdict == deploy.Settled), Text: r.Name + ": " + r.Text,
		})
	}
	if len(all) == 0 || c.Run == "" {
		return nil
	}
	return s.Journal().Remark(context.WithoutCancel(ctx), c.Run, all...)
}

// NotDeployed is what follows a tag and was to be deployed, and was not.
type NotDeployed struct {
	Name string
	Tag  ref.Reference
}

// Remainder is what follows the tags and was to be deployed, and was not: of what is
// waited for, how that ends is told anyway.
func Remainder(all []*Case, waited bool) []NotDeployed {
	var out []NotDeployed
	for _, l := range all {
		tag := l.Facts.Tag
		var told []string
		for _, w := range deploy.Workloads(l.Facts.Uses, tag.Tag) {
			if waited {
				told = append(told, w.Context+" "+w.Place())
			}
		}
		for _, name := range deploy.Rest(l.Facts.Uses, tag.Tag) {
			if !slices.Contains(told, name) {
				out = append(out, NotDeployed{name, tag})
			}
		}
	}
	return out
}

// MayDeploy reports whether a deployment would not be refused for a tag: something that
// follows it can be deployed here, and nothing that does cannot.
func MayDeploy(end []Watched, tag ref.Reference) bool {
	found := false
	for _, w := range end {
		switch {
		case w.Case.Facts.Tag != tag || w.Restart != "":
		case w.State.Obstacle(tag.Tag) != "":
			return false
		default:
			found = true
		}
	}
	return found
}

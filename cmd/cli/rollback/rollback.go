// Package rollback has the verb rollback, and how a rollback that was resumed ends. It
// imports app and model.
package rollback

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/spf13/cobra"

	"regatta/cmd/app"
	rollbacks "regatta/cmd/app/rollback"
	"regatta/cmd/cli/output"
	"regatta/cmd/cli/propose"
	"regatta/cmd/cli/verb"
	"regatta/model/plan"
	"regatta/model/ref"
	"regatta/model/rollback"
	"regatta/model/text"
)

// Options are what a rollback is asked for with.
type Options struct {
	To   string // a digest, a tag, or previous
	Keep string // begins the tags that keep what is left behind; "": none
	Note string

	Deploy  bool // what follows the tags
	Wait    bool // until that runs it
	Timeout time.Duration
}

// patience is how long what follows the tags is waited for.
func (o Options) patience() time.Duration { return cmp.Or(o.Timeout, rollbacks.WatchAtMost) }

// Rollback is the verb rollback.
func Rollback(a *verb.Program) *cobra.Command {
	var o propose.Options
	var r Options
	cmd := &cobra.Command{
		Use:   "rollback HOST/REPOSITORY:TAG...",
		Short: "Point tags back at former images, after checking that these are whole",
		Long: "Point tags back at former images. What a tag pointed to is known from the journal of this machine, from\n" +
			"what it saw at the registry, from what runs, and from version tags. Before anything is changed, the image\n" +
			"to go back to is checked: every manifest and blob, platforms, signature, storage, lifecycle policy, and\n" +
			"what runs it. The image that is left behind keeps a tag. Several tags go back together.",
		Args: verb.Arguments(cobra.MinimumNArgs(1)),
		RunE: func(cmd *cobra.Command, args []string) error {
			return a.WithSession(func(s *app.App) error {
				if !cmd.Flags().Changed("keep") {
					r.Keep = rollbacks.KeepPrefix(s)
				}
				return Run(cmd.Context(), &propose.Proposal{App: s, Streams: a.Streams, Options: o}, args, r)
			})
		},
	}
	propose.Flags(cmd, &o)
	f := cmd.Flags()
	f.StringVar(&r.To, "to", rollbacks.Previous, "go back to `DIGEST|TAG|previous`")
	f.StringVar(&r.Keep, "keep", rollbacks.DefaultKeep,
		"begin of the tag that the image left behind gets, unless the config says another; empty: none")
	f.StringVar(&r.Note, "note", "", "why, for the journal")
	f.BoolVar(&r.Deploy, "deploy", false, "start new deployments of the services of ECS that follow the tags")
	f.BoolVar(&r.Wait, "wait", false, "wait until whatever follows the tags runs what they point to")
	f.DurationVar(&r.Timeout, "timeout", rollbacks.WatchAtMost, "wait no longer than `DURATION`")
	return cmd
}

// Run takes the tags that args name back to what the options say.
func Run(ctx context.Context, c *propose.Proposal, args []string, o Options) error {
	refs, err := rollbackTags(c, args, o)
	if err != nil {
		return err
	}
	if err := c.May(ctx, refs[0].Host); err != nil {
		return err
	}
	all := make([]*rollbacks.Case, len(refs))
	err = app.Each(ctx, app.Indexes(refs), func(ctx context.Context, i int) (err error) {
		all[i], err = rollbacks.Read(ctx, c.App, refs[i], o.To, o.Keep)
		return err
	})
	if err != nil {
		return err
	}
	differ := compare(ctx, c, all)
	p, err := rollbacks.Plan(ctx, c.App, all, o.Keep)
	if err != nil {
		return err
	}
	if o.Deploy {
		if p, err = rollbacks.WithDeploys(ctx, c.App, all, p); err != nil {
			return err
		}
	}
	if c.Options.DryRun {
		return errors.Join(printRollback(c, all, differ, p), rollbacks.Barred(all))
	}
	if err := rollbacks.Barred(all); err != nil {
		return errors.Join(printRollback(c, all, differ, p), err)
	}
	c.Title, c.Want = rollbackTitle(all, o.Note), rollbacks.Typed(refs)
	c.Preview = writeLapses(all, differ, p, c.App.Now())
	c.Remarks = rollbacks.CheckRemarks(all, o.Note)
	c.After = func(ctx context.Context, r plan.Result) (output.Result, error) { return Conclude(ctx, c, all, o, r) }
	return c.Do(ctx, p)
}

// rollbackTags are tags of one registry.
func rollbackTags(c *propose.Proposal, args []string, o Options) ([]ref.Reference, error) {
	if o.Keep != "" {
		if err := ref.CheckTag(rollback.KeepTag(o.Keep, c.App.Now())); err != nil {
			return nil, app.Mistakef("--keep %q begins no tag: %v", text.Clean(o.Keep), err)
		}
	}
	var out []ref.Reference
	for _, arg := range args {
		refs, err := verb.Targets(c.App, []string{arg})
		if err != nil {
			return nil, err
		}
		r := refs[0]
		switch {
		case r.Tag == "" || r.Digest != "":
			return nil, app.Mistakef("%q: want a tag, and no digest", text.Clean(arg))
		case len(out) > 0 && r.Host != out[0].Host:
			return nil, app.Mistakef("%q is in another registry than %s", text.Clean(arg), out[0])
		}
		out = append(out, r)
	}
	return out, nil
}

func rollbackTitle(all []*rollbacks.Case, note string) string {
	names := make([]string, len(all))
	for i, l := range all {
		names[i] = fmt.Sprintf("%s from %s to %s", l.Facts.Tag, l.Facts.Current.Short(), l.Target.Digest.Short())
	}
	title := "roll back " + strings.Join(names, ", ")
	if note != "" {
		title += ": " + text.Clean(note)
	}
	return title
}
